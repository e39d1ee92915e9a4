//! One client in one namespace.

mod acks;
mod answer;
mod ask;
mod control;
mod data;
mod emit;
mod emitter;
mod extensions;
mod lifecycle;
mod listen;
mod listeners;
mod outgoing;
mod recovered;
mod rooms;
mod state;
#[cfg(test)]
mod tests;
mod typed;

pub use self::{
    ask::AckFuture,
    control::SessionControl,
    data::{DataType, SocketData},
    emit::Emit,
    emitter::Emitter,
    extensions::SocketExtensions,
    listeners::{Listener, ListenerId, ListenersOf},
    outgoing::Tap,
    rooms::RoomChange,
    state::SocketInit,
};

pub(crate) use self::{
    acks::{Answer, Waiter},
    ask::read as read_ack,
    data::read as read_data,
};

use std::{fmt, sync::Arc, time::Duration};

use http::request::Parts;
use sockeye_proto::{Id, Outbox, Payload, engine::Transport};

use self::state::SocketState;
use crate::{
    Broadcast, DisconnectReason, Encoded, FromAck, IntoArgs, IntoRooms, NamespaceContext,
    handshake::Handshake,
};

/// One client in one namespace. Cheap to clone, and valid for ever: after the socket has left it says so.
///
/// # Emitting
///
/// Three verbs, with one meaning everywhere: [`emit`](Self::emit) queues and can be awaited until there is room again,
/// [`try_emit`](Self::try_emit) refuses when too much waits already, and [`volatile`](Self::volatile) drops what the
/// transport cannot take at once.
///
/// ```
/// use sockeye_core::{Socket, EmitError};
///
/// async fn greet(socket: Socket) -> Result<(), EmitError> {
///     socket.emit("greetings", ("Hey!", 1, &["a", "b"])).await?;
///     socket.volatile().emit("cursor", &(10, 20)).await?;
///     socket.to("lobby").emit("joined", &socket.id()).await.ok();
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Socket(Arc<SocketState>);

impl Socket {
    /// Makes the handle of a socket that is about to join. Sessions do this, not applications.
    pub fn new(init: SocketInit) -> Self {
        Self(Arc::new(SocketState::new(init)))
    }

    /// The socket's public name, the same on both sides; another one after a reconnect, and in each namespace.
    pub fn id(&self) -> Id {
        self.0.id
    }

    /// Whether the socket has joined its namespace and has not left it.
    pub fn connected(&self) -> bool {
        self.0.is_joined()
    }

    /// Whether the socket is not in its namespace: it has left, or has not joined yet.
    pub fn disconnected(&self) -> bool {
        !self.connected()
    }

    /// The name of its namespace, such as `/admin`.
    pub fn namespace_name(&self) -> &str {
        self.0.namespace.name()
    }

    /// All sockets of its namespace, itself included.
    pub fn namespace(&self) -> Broadcast {
        Broadcast::beside(self.clone())
    }

    /// The HTTP request that opened the session.
    pub fn handshake(&self) -> &Handshake {
        &self.0.handshake
    }

    /// What the client sent along when it asked to join: the text of a JSON object.
    pub fn auth(&self) -> &Payload {
        self.0.auth()
    }

    /// The transport of this moment.
    pub fn transport(&self) -> Transport {
        self.0.session.transport()
    }

    /// How long the last heartbeat took; `None` before the first.
    pub fn latency(&self) -> Option<Duration> {
        self.0.session.latency()
    }

    /// Values of your own that live as long as the socket.
    pub fn extensions(&self) -> &SocketExtensions {
        &self.0.extensions
    }

    /// A value that the admission has left; also [`Admitted`](crate::Admitted).
    pub fn admitted<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.locals.get()?.get()
    }

    /// Why the socket has left; `None` while it has not.
    pub fn disconnect_reason(&self) -> Option<DisconnectReason> {
        self.0.left.get().map(|left| left.reason)
    }

    /// Emits an event. It is queued by this call; the future waits while more than the soft bound is queued.
    ///
    /// How many arguments there are is decided by the type of `args`, see [`IntoArgs`].
    ///
    /// # Errors
    /// When awaited: [`EmitError`](crate::EmitError) says for each case whether the event was queued.
    pub fn emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> Emit {
        let name = name.as_ref();
        if let Some(arguments) = args.forwarded()
            && let Some(emitted) = self.forward(name, arguments)
        {
            return emitted;
        }
        self.write(name, args)
    }

    /// Emits an event unless more than the soft bound is queued. Never waits.
    ///
    /// # Errors
    /// [`EmitError::Full`](crate::EmitError::Full) when it was not queued, and the others of an emit.
    pub fn try_emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> Result<(), crate::EmitError> {
        self.emitter().try_emit(name, args)
    }

    /// Emits the event `message`, as [`emit`](Self::emit) does.
    pub fn send(&self, args: impl IntoArgs) -> Emit {
        self.emitter().send(args)
    }

    /// Emits an event that was encoded before.
    pub fn emit_encoded(&self, event: &Encoded) -> Emit {
        self.emitter().emit_encoded(event)
    }

    /// Emits an event that was encoded before, and reads the client's answer as [`emit_with_ack`](Self::emit_with_ack)
    /// does.
    pub fn emit_encoded_with_ack<T: FromAck>(&self, event: &Encoded) -> AckFuture<T> {
        self.emitter().emit_encoded_with_ack(event)
    }

    /// Emits an event and reads the client's answer: its first argument as `T`, or several as
    /// [`Args<(A, B)>`](crate::Args).
    ///
    /// Queued by this call. The answer is awaited for [`SocketConfig::ack_timeout`](crate::SocketConfig::ack_timeout)
    /// (30 s by default), or as long as [`timeout`](Self::timeout) says. Dropping the future gives up.
    ///
    /// ```
    /// use std::time::Duration;
    /// use sockeye_core::{AckError, Args, Socket};
    ///
    /// async fn ask(socket: Socket) -> Result<u32, AckError> {
    ///     let name: String = socket.emit_with_ack("who are you?", ()).await?;
    ///     let question = ("how old is", &name);
    ///     let Args((age, _unit)) = socket
    ///         .timeout(Duration::from_secs(5))
    ///         .emit_with_ack::<Args<(u32, Option<String>)>>("question", question)
    ///         .await?;
    ///     Ok(age)
    /// }
    /// ```
    pub fn emit_with_ack<T: FromAck>(&self, name: impl AsRef<str>, args: impl IntoArgs) -> AckFuture<T> {
        self.emitter().emit_with_ack(name, args)
    }

    /// The next emit is dropped when the transport cannot take it at once.
    pub fn volatile(&self) -> Emitter {
        self.emitter().volatile()
    }

    /// Whether the next emit may be compressed, by a transport that compresses. It may, unless this says otherwise.
    pub fn compress(&self, compress: bool) -> Emitter {
        self.emitter().compress(compress)
    }

    /// How long the next [`emit_with_ack`](Self::emit_with_ack) waits for the answer.
    pub fn timeout(&self, timeout: Duration) -> Emitter {
        self.emitter().timeout(timeout)
    }

    /// Everybody in these rooms except this socket.
    pub fn to<M>(&self, rooms: impl IntoRooms<M>) -> Broadcast {
        self.broadcast().to(rooms)
    }

    /// Everybody in the namespace except this socket and the members of these rooms.
    pub fn except<M>(&self, rooms: impl IntoRooms<M>) -> Broadcast {
        self.broadcast().except(rooms)
    }

    /// Everybody in the namespace except this socket.
    pub fn broadcast(&self) -> Broadcast {
        self.namespace().except(self.id())
    }

    /// Everybody in this namespace and this process except this socket.
    pub fn local(&self) -> Broadcast {
        self.broadcast().local()
    }

    /// Leaves the namespace: the client hears of it after all that was emitted before, and stays away.
    ///
    /// A request, made by this call: it takes effect also when the future is not awaited, and the disconnect handler
    /// runs when the handlers in flight have been entered, not before this returns.
    pub fn disconnect(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        self.0.leave();
        std::future::ready(())
    }

    /// Ends the session, and with it all its namespaces. What was emitted before is written first.
    ///
    /// A request, as [`disconnect`](Self::disconnect) is.
    pub fn close(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        // First of all its own namespace, so that not one more event of this socket is started.
        self.0.leave();
        self.0.session.close();
        std::future::ready(())
    }

    fn emitter(&self) -> Emitter {
        Emitter::new(self.clone())
    }
}

/// For the crates that run sessions and namespaces.
impl Socket {
    /// What it shares with the other sockets of its namespace.
    pub fn context(&self) -> &Arc<NamespaceContext> {
        &self.0.namespace
    }

    /// What waits to be written to its session.
    pub fn outbox(&self) -> &Arc<Outbox> {
        &self.0.outbox
    }

    /// The HTTP request that opened the session, as extractors want it: with the values of the server and the parameters
    /// of this namespace, if its name has any, among the extensions. Made for each call.
    pub fn request(&self) -> Parts {
        let mut parts = self.handshake().parts();
        self.context().complete(&mut parts);
        parts
    }

    /// The handshake, to be kept.
    pub fn shared_handshake(&self) -> &Arc<Handshake> {
        &self.0.handshake
    }
}

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Socket {}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.id())
            .field("namespace", &self.namespace_name())
            .field("connected", &self.connected())
            .finish_non_exhaustive()
    }
}
