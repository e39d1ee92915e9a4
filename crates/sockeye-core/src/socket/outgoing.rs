//! What is emitted to a socket, and who is told of it.

use std::{
    cell::Cell,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use sockeye_proto::{
    Group,
    outbox::{PushError, Pushed},
};

use super::{
    Socket,
    listeners::{ListenerId, Listeners},
};
use crate::{observer, observer::Sent, wire};

/// Is told of every event that is emitted. Cloning is a reference count.
#[derive(Clone)]
pub struct Tap(Arc<Call>);

type Call = dyn Fn(&Socket, Sent<'_>) + Send + Sync;

impl Tap {
    /// A tap that calls this function.
    pub fn new(tap: impl Fn(&Socket, Sent<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tap))
    }

    /// Calls it. A panic costs this call.
    fn tell(&self, socket: &Socket, event: Sent<'_>) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (self.0)(socket, event))) {
            observer::discard(panic);
            tracing::error!(target: "sockeye::panic", "a listener of outgoing events panicked");
        }
    }
}

/// # Listening to what is emitted
impl Socket {
    /// Is told of every event that is emitted to this socket: direct ones and broadcasts, with and without an ack, and
    /// volatile ones also where they are dropped for a busy transport.
    ///
    /// Called by whoever emits, when the event has been queued and outside of all locks: return at once. What a tap
    /// itself emits is told to nobody, or a tap that emits would have no end. With connection state recovery the last
    /// argument is the offset, as it is for the client.
    ///
    /// ```
    /// use sockeye_core::Socket;
    ///
    /// fn watch(socket: &Socket) {
    ///     socket.on_any_outgoing(|socket, event| {
    ///         println!("to {}: {} {}", socket.id(), event.name(), event.json());
    ///     });
    /// }
    /// ```
    pub fn on_any_outgoing(&self, tap: impl Fn(&Self, Sent<'_>) + Send + Sync + 'static) -> ListenerId {
        self.store().add_outgoing(Tap::new(tap), false, || self.may_listen())
    }

    /// As [`on_any_outgoing`](Self::on_any_outgoing), and before all those that listen already.
    pub fn prepend_any_outgoing(&self, tap: impl Fn(&Self, Sent<'_>) + Send + Sync + 'static) -> ListenerId {
        self.store().add_outgoing(Tap::new(tap), true, || self.may_listen())
    }

    /// Removes all that [`on_any_outgoing`](Self::on_any_outgoing) and
    /// [`prepend_any_outgoing`](Self::prepend_any_outgoing) have added; [`off`](Self::off) removes one.
    pub fn off_any_outgoing(&self) {
        if let Some(store) = self.stored() {
            store.remove_outgoing();
        }
    }

    /// Those who are told of what is emitted, in their order.
    pub fn listeners_any_outgoing(&self) -> Vec<ListenerId> {
        self.stored().map_or_else(Vec::new, Listeners::outgoing)
    }
}

// Every event on its way to a client passes one of these.
impl Socket {
    #[inline]
    pub(crate) fn push(&self, event: Group) -> Result<Pushed, PushError> {
        // Mostly nobody is told, and then the event is not touched on its way.
        if !self.is_watched() {
            return self.0.outbox.push(event);
        }
        let seen = self.seen(&event);
        let pushed = self.0.outbox.push(event)?;
        self.tell(seen);
        Ok(pushed)
    }

    pub(crate) fn try_push(&self, event: Group) -> Result<(), PushError> {
        let seen = self.seen(&event);
        self.0.outbox.try_push(event)?;
        self.tell(seen);
        Ok(())
    }

    /// `false`: dropped.
    pub(crate) fn push_volatile(&self, event: Group) -> Result<bool, PushError> {
        let seen = self.seen(&event);
        let pushed = self.0.outbox.push_volatile(event)?;
        self.tell(seen);
        Ok(pushed)
    }

    /// For those who push to the outbox themselves: an event was queued, or is volatile and was dropped. Hold no lock.
    pub fn sent(&self, event: &Group) {
        self.tell(self.seen(event));
    }

    /// Whether somebody may want to know what is emitted.
    fn is_watched(&self) -> bool {
        let context = &self.0.namespace;
        !context.taps().is_empty() || self.stored().is_some() || !context.observers().is_empty()
    }

    /// The event, to be told when it is queued, if anybody wants to know.
    fn seen(&self, event: &Group) -> Option<(Vec<Tap>, Group)> {
        if !self.is_watched() {
            return None;
        }
        let context = &self.0.namespace;
        let own = self.stored().map_or_else(Vec::new, Listeners::taps);
        let nobody = context.taps().is_empty() && own.is_empty() && context.observers().is_empty();
        (!nobody && !TELLING.get()).then(|| (own, event.clone()))
    }

    fn tell(&self, seen: Option<(Vec<Tap>, Group)>) {
        let Some((own, group)) = seen else { return };
        let context = &self.0.namespace;
        let Some((name, json)) = wire::read(&group, context.name()) else { return };
        let event = Sent::new(&name, json, &group);
        TELLING.set(true);
        // Nothing of ours is left in between that could panic.
        for tap in context.taps().iter().chain(&own) {
            tap.tell(self, event);
        }
        context.observers().tell(|observer| observer.event_sent(self, event));
        // With a tap that was removed meanwhile, what it owns is dropped here: code of the application.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(own))) {
            observer::discard(panic);
        }
        TELLING.set(false);
    }
}

thread_local! {
    /// This thread is telling of an event that was emitted; what is emitted meanwhile is told to nobody.
    static TELLING: Cell<bool> = const { Cell::new(false) };
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
}
