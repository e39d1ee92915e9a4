//! Who is told of everything that is emitted in a namespace.

use sockeye_core::{Socket, observer::Sent, socket::Tap};

use super::Namespace;

impl<S> Namespace<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Is told of every event that is emitted to a socket of this namespace: direct ones and broadcasts, those once for
    /// each member, and volatile ones also where they are dropped for a busy transport.
    ///
    /// Called by whoever emits, when the event has been queued: return at once. What it emits itself is told to nobody.
    /// One socket has [`Socket::on_any_outgoing`]. Several are called in the order in which they were added.
    ///
    /// ```
    /// use sockeye::Namespace;
    ///
    /// let chat: Namespace = Namespace::new().outgoing(|socket, event| {
    ///     println!("to {}: {:?}, {} bytes", socket.id(), event.name(), event.json().len());
    /// });
    /// ```
    pub fn outgoing(mut self, tap: impl Fn(&Socket, Sent<'_>) + Send + Sync + 'static) -> Self {
        self.taps.push(Tap::new(tap));
        self
    }
}
