//! Listening to the events of one socket, for code that learns at run time what to listen to.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    Socket,
    listeners::{Listener, ListenerId, Listeners, ListenersOf},
};
use crate::EventFn;

/// # Listening
///
/// Events are best answered by the handlers of the namespace, which are declared once for all sockets. Where it is known
/// at run time only what a socket is to listen to, it has listeners of its own; they cost memory only where there are
/// any.
///
/// A listener is a function of extractors as a handler is, except that it has no state: let its closure own what it
/// needs. For each event those of [`on_any`](Self::on_any) run first, then the handler of the namespace, then those of
/// [`on`](Self::on) and [`once`](Self::once), in the order of their registration; each starts when the one before it has
/// entered its body, as events do. An event that somebody listens to by name is a known one: neither the fallback of the
/// namespace nor `unknown_event` answers it.
///
/// Any of them may answer, by an [`Acker`](crate::Acker) or by what it returns; the first answer wins, and `()` says
/// nothing while another may still answer. A panic costs the one that panics, and answers `internal`.
///
/// Layers of the namespace are outside of all that: an event they refuse reaches no listener. A listener may add and
/// remove listeners, itself included; the event that is under way is not affected. When the socket has left and its
/// disconnect handler has ended, its listeners are dropped.
///
/// ```
/// use sockeye_core::{Acker, Data, EventName, Raw, Socket};
///
/// async fn watch(socket: Socket, Data(stock): Data<String>) {
///     let id = socket.on(format!("price:{stock}"), async |Data(price): Data<f64>| println!("{price}"));
///     socket.once("ready", async |acker: Acker| drop(acker.send("go on")));
///     socket.on_any(async |EventName(name): EventName, Raw(arguments): Raw| {
///         println!("{name:?} with {} bytes", arguments.len());
///     });
///     assert_eq!(socket.listeners("ready").len(), 1);
///     assert!(socket.off(id));
/// }
/// ```
impl Socket {
    /// Listens to an event until it is [removed](Self::off).
    ///
    /// Names of the protocol's own, such as `disconnect`, never arrive as events; they have handlers of the namespace.
    pub fn on<H, T>(&self, name: impl Into<Arc<str>>, listener: H) -> ListenerId
    where
        H: EventFn<T, ()>,
    {
        self.listen(name.into(), false, listener)
    }

    /// Listens to one event of that name, the next.
    pub fn once<H, T>(&self, name: impl Into<Arc<str>>, listener: H) -> ListenerId
    where
        H: EventFn<T, ()>,
    {
        self.listen(name.into(), true, listener)
    }

    /// Listens to every event, whatever its name, before its handler runs.
    pub fn on_any<H, T>(&self, listener: H) -> ListenerId
    where
        H: EventFn<T, ()>,
    {
        self.store().add_any(erased(listener), false, || self.may_listen())
    }

    /// Listens to every event before all those that do so already.
    pub fn prepend_any<H, T>(&self, listener: H) -> ListenerId
    where
        H: EventFn<T, ()>,
    {
        self.store().add_any(erased(listener), true, || self.may_listen())
    }

    /// Removes one listener, whichever method has added it. `false`: there is none of that id (any more).
    pub fn off(&self, id: ListenerId) -> bool {
        self.stored().is_some_and(|store| store.remove(id))
    }

    /// Removes all listeners of one event, and says how many there were.
    pub fn off_event(&self, name: impl AsRef<str>) -> usize {
        self.stored().map_or(0, |store| store.remove_named(name.as_ref()))
    }

    /// Removes all that [`on`](Self::on) and [`once`](Self::once) have added. Those of [`on_any`](Self::on_any) stay.
    pub fn off_all(&self) {
        if let Some(store) = self.stored() {
            store.remove_all_named();
        }
    }

    /// Removes all that [`on_any`](Self::on_any) and [`prepend_any`](Self::prepend_any) have added.
    pub fn off_any(&self) {
        if let Some(store) = self.stored() {
            store.remove_any();
        }
    }

    /// The listeners of one event, in the order in which they run; those of [`on_any`](Self::on_any) are not among them.
    pub fn listeners(&self, name: impl AsRef<str>) -> Vec<ListenerId> {
        self.stored().map_or_else(Vec::new, |store| store.named(name.as_ref()))
    }

    /// The listeners of every event, in the order in which they run.
    pub fn listeners_any(&self) -> Vec<ListenerId> {
        self.stored().map_or_else(Vec::new, Listeners::any)
    }

    /// The names of the events that this socket has listeners for, in no particular order. The handlers of the namespace
    /// are not among them.
    pub fn event_names(&self) -> Vec<Arc<str>> {
        self.stored().map_or_else(Vec::new, Listeners::names)
    }

    fn listen<H, T>(&self, name: Arc<str>, once: bool, listener: H) -> ListenerId
    where
        H: EventFn<T, ()>,
    {
        if sockeye_proto::socket::is_reserved(&name) {
            tracing::warn!(target: "sockeye::socket", %name, "no event has this name, so the listener will not run");
        }
        self.store().add(name, once, erased(listener), || self.may_listen())
    }

    pub(super) fn store(&self) -> &Listeners {
        self.0.extras_or_new().listeners.get_or_init(Box::default)
    }

    pub(super) fn stored(&self) -> Option<&Listeners> {
        self.0.extras()?.listeners.get().map(|store| &**store)
    }

    /// A socket that has left keeps no listeners: one that owns its socket would never be dropped.
    pub(super) fn may_listen(&self) -> bool {
        !self.0.is_gone()
    }
}

/// For the crates that run sessions and namespaces.
impl Socket {
    /// Whom an event concerns besides the handler of its namespace; `None` when the socket has no listeners at all, which
    /// costs one load. Those that listen once are removed by this: call it once for each event.
    pub fn listeners_of(&self, name: &str) -> Option<ListenersOf> {
        let of = self.stored()?.of(name);
        (!of.any.is_empty() || !of.named.is_empty()).then_some(of)
    }

    /// Whether anybody has ever listened to it, or to what is sent to it.
    pub fn is_listened_to(&self) -> bool {
        self.stored().is_some()
    }

    /// An event is answered while others of its listeners still run: the session's task shall go on with them.
    pub fn leave_unfinished(&self, running: BoxFuture<'static, ()>) {
        self.store().leave_unfinished(running);
    }

    /// What was left to the session's task.
    pub fn take_unfinished(&self) -> Vec<BoxFuture<'static, ()>> {
        self.stored().map_or_else(Vec::new, Listeners::take_unfinished)
    }

    /// The socket is at its end; its listeners may own it, so they are dropped.
    pub(super) fn drop_listeners(&self) {
        self.off_all();
        self.off_any();
        self.off_any_outgoing();
        drop(self.take_unfinished());
    }
}

fn erased<H, T>(listener: H) -> Listener
where
    H: EventFn<T, ()>,
{
    // The clone of a function is the application's code too; it is made where the future is built.
    Listener::new(move |event| listener.clone().call(event, ()))
}
