//! What a socket asks of its session.

use std::time::Duration;

use sockeye_proto::{Id, engine::Transport};

/// What a socket asks of the session that carries it. All are requests, from any thread; none waits.
pub trait SessionControl: Send + Sync + 'static {
    /// This socket is to leave its namespace. Its DISCONNECT packet, if it had joined, is queued already.
    fn disconnect(&self, socket: Id);

    /// The session is to end, after what waits has been written.
    fn close(&self);

    /// An event has entered its handler, or something else has happened that the session's task should look at.
    fn wake(&self);

    /// The transport of this moment.
    fn transport(&self) -> Transport;

    /// How long the last heartbeat took.
    fn latency(&self) -> Option<Duration>;
}
