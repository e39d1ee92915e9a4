//! The handle of a server: emit from anywhere.

mod extract;
mod namespaces;
mod shutdown;

pub use self::{
    namespaces::{AddNamespaceError, NamespaceInfo},
    shutdown::Shutdown,
};

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use sockeye_core::{
    Acks, Broadcast, FromAck, IntoArgs, IntoRooms, Observer, Observers, Observing, broadcast::BroadcastFuture,
};
use sockeye_engine::{Engine, WeakEngine};

use crate::{Stats, connection::Connections};

/// The handle of a server. Valid at once, cheap to clone, without type parameters: it can live in the application's
/// state, be a handler's argument, and be given to any task.
///
/// It does not keep the server alive. Before the server is built whatever it emits fails with
/// [`EmitError::NotMounted`](crate::EmitError::NotMounted); after the server is gone with
/// [`EmitError::Closed`](crate::EmitError::Closed).
///
/// ```
/// use sockeye::{BroadcastError, Io};
///
/// async fn announce(io: Io) -> Result<(), BroadcastError> {
///     io.emit("news", "to everybody in the namespace `/`").await?;
///     io.of("/chat").to("lobby").except("muted").emit("news", "to some").await
/// }
/// # use sockeye::{Namespace, Socket, Sockeye};
/// # sockeye_test::run(async {
/// # let io = Io::new();
/// # assert!(announce(io.clone()).await.is_err());
/// # let chat = Namespace::new().on_connect(async |socket: Socket| drop(socket.join("lobby").await));
/// # let sockeye = Sockeye::builder().handle(&io).namespace("/", Namespace::new()).namespace("/chat", chat).build();
/// # let world = sockeye_test::World::new(sockeye);
/// # let main = world.client("/").connect().await.unwrap();
/// # let chat = main.socket("/chat").connect().await.unwrap();
/// # world.settle().await;
/// # announce(io).await.unwrap();
/// # assert_eq!(main.next::<String>("news").await, "to everybody in the namespace `/`");
/// # assert_eq!(chat.next::<String>("news").await, "to some");
/// # });
/// ```
#[derive(Clone, Default)]
pub struct Io(Arc<State>);

/// What all clones of a handle share.
#[derive(Default)]
struct State {
    /// Nothing before the server is built.
    engine: OnceLock<WeakEngine<Connections>>,
    observers: Arc<Observers>,
    queue: namespaces::Queue,
}

impl Io {
    /// A handle for a server that is still to be built, see [`Builder::handle`](crate::Builder::handle).
    pub fn new() -> Self {
        Self::default()
    }

    /// All sockets of a namespace; with a pattern, `io.of("/tenant/{id}")`, those of all namespaces that were made for it.
    ///
    /// A name that fits a pattern need not exist at the moment: what is emitted reaches whoever is there then, perhaps
    /// nobody, and nothing is made by it. A name that can never exist is
    /// [`EmitError::UnknownNamespace`](crate::EmitError::UnknownNamespace).
    pub fn of(&self, namespace: impl AsRef<str>) -> Broadcast {
        let name = namespace.as_ref();
        let Some(engine) = self.0.engine.get() else { return Broadcast::not_mounted(name) };
        let Some(engine) = engine.upgrade() else { return Broadcast::closed(name) };
        engine.handler().mounted().sites.broadcast(name)
    }

    /// Emits to all sockets of the namespace `/`; see [`Broadcast::emit`].
    pub fn emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> BroadcastFuture {
        self.main().emit(name, args)
    }

    /// Emits the event `message` to all sockets of the namespace `/`.
    pub fn send(&self, args: impl IntoArgs) -> BroadcastFuture {
        self.main().send(args)
    }

    /// Emits to all sockets of the namespace `/` and collects their answers; see [`Broadcast::emit_with_ack`].
    pub fn emit_with_ack<T: FromAck>(
        &self,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> BroadcastFuture<Acks<T>> {
        self.main().emit_with_ack(name, args)
    }

    /// The members of these rooms of the namespace `/`.
    pub fn to<M>(&self, rooms: impl IntoRooms<M>) -> Broadcast {
        self.main().to(rooms)
    }

    /// All sockets of the namespace `/` but the members of these rooms.
    pub fn except<M>(&self, rooms: impl IntoRooms<M>) -> Broadcast {
        self.main().except(rooms)
    }

    /// The sockets of the namespace `/` in this process.
    pub fn local(&self) -> Broadcast {
        self.main().local()
    }

    /// All sockets of the namespace `/` whose transport can take a packet at once.
    pub fn volatile(&self) -> Broadcast {
        self.main().volatile()
    }

    /// All sockets of the namespace `/`; says whether packets may be compressed.
    pub fn compress(&self, compress: bool) -> Broadcast {
        self.main().compress(compress)
    }

    /// All sockets of the namespace `/`; says how long their answers are awaited.
    pub fn timeout(&self, timeout: Duration) -> Broadcast {
        self.main().timeout(timeout)
    }

    /// How many sessions are open.
    pub fn sessions(&self) -> usize {
        self.engine().map_or(0, |engine| engine.sessions())
    }

    /// What the server has done so far, and what it holds at this moment. Nothing at all before it is built and after it
    /// is gone.
    ///
    /// Sessions and sockets are exact. Packets and bytes are added up by each session when its task has finished a turn,
    /// not while it runs.
    pub fn stats(&self) -> Stats {
        let Some(engine) = self.engine() else { return Stats::default() };
        Stats::new(engine.stats(), engine.handler().mounted().sites.sockets())
    }

    /// Adds somebody who is told what happens in all namespaces, until the answer is dropped or the server is gone. At any
    /// time, also before the server is built.
    pub fn observe(&self, observer: Arc<dyn Observer>) -> Observing {
        self.observers().add(observer)
    }

    pub(crate) fn observers(&self) -> &Arc<Observers> {
        &self.0.observers
    }

    fn main(&self) -> Broadcast {
        self.of("/")
    }

    fn engine(&self) -> Option<Engine<Connections>> {
        self.0.engine.get()?.upgrade()
    }

    /// # Panics
    /// When the handle belongs to another server already.
    #[track_caller]
    pub(crate) fn mount(&self, engine: &Engine<Connections>) {
        let mounted = engine.handler().mounted();
        let first = self.0.queue.drain(&mounted.sites, || self.0.engine.set(engine.downgrade()).is_ok());
        assert!(first, "this `Io` is the handle of another server already");
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io").field("mounted", &self.0.engine.get().is_some()).finish()
    }
}
