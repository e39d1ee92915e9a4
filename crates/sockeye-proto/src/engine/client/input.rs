//! What happens to a client.

use crate::engine::{CloseReason, Conn, FrameRef, Req, Why};

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Input<'a> {
    /// A request was answered with this status and this whole body.
    Answered(Req, u16, &'a [u8]),
    /// A request was not answered, and will not be.
    Failed(Req),
    /// A websocket that was asked for is open.
    SocketOpened(Conn),
    /// A complete message came on that websocket.
    Frame(Conn, FrameRef<'a>),
    /// That websocket did not open, or nothing more comes on it.
    SocketClosed(Conn, Why),
    /// Everything for this websocket has been written. Also due after [`Input::Close`] when nothing was left to
    /// write in the first place.
    Flushed(Conn),
    /// Something waits in the outbox.
    Outgoing,
    /// The instant that [`timeout`](super::Client::timeout) names has come.
    Timeout,
    /// The user asks to end: what waits is sent first.
    Close(CloseReason),
}
