//! What a session tells its driver.

use std::time::Duration;

use crate::engine::{CloseReason, Conn, MessageRef, Req, RequestError};

/// Carries out what a [`Session`](crate::engine::Session) decides, in the order it is told.
pub trait Sink {
    /// A message came from the peer.
    fn message(&mut self, message: MessageRef<'_>);

    /// Answers a request. Each is answered at most once.
    fn answer(&mut self, req: Req, answer: Answer<'_>);

    /// Writes a packet on that websocket, ahead of the outbox.
    fn control(&mut self, conn: Conn, control: Control<'_>);

    /// Says who may take from the outbox from now on.
    fn writable(&mut self, to: Writable);

    /// Closes that websocket: writes what was told to [`control`](Self::control), then a close frame with that
    /// code, or with none. Not told for a websocket that [`SocketClosed`](crate::engine::Input::SocketClosed) was told
    /// for, unless there is a code to send.
    fn hang_up(&mut self, conn: Conn, code: Option<u16>);

    /// Whether something waits in the outbox at this moment.
    fn outgoing(&self) -> bool;

    /// The session is ending: nothing more may enter the outbox, what is in it will be written.
    fn closing(&mut self);

    /// The session travels by websocket from now on.
    fn upgraded(&mut self) {}

    /// This side has not been reading for half of `stall_timeout`: a last chance for those who wait for the peer.
    fn stalled(&mut self) {}

    /// A pong has come so long after its ping had left.
    fn measured(&mut self, latency: Duration) {
        let _ = latency;
    }

    /// The session is over. Told exactly once; only answers and hang-ups come after it.
    fn closed(&mut self, reason: CloseReason);
}

/// Who may take from the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Writable {
    /// Nobody: no GET is waiting.
    Nothing,
    /// This GET waits: as soon as something is in the outbox, tell [`Outgoing`](crate::engine::Input::Outgoing).
    Poll(Req),
    /// This websocket, as fast as it takes it.
    Socket(Conn),
}

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// 200 with the text `ok`, to a POST.
    Ok,
    /// 200 with packets, to a GET.
    Packets {
        /// These first.
        controls: &'a [Control<'a>],
        /// Then packets from the outbox while the whole body stays within this many bytes; the first of them goes
        /// along however long it is. 0 takes none.
        frames: usize,
        /// Then the close packet, `1`, provided that nothing is left in the outbox now.
        close: bool,
    },
    /// The status and JSON body of this error.
    Error(RequestError),
    /// This status without a body: 400 or 413.
    Empty(u16),
}

/// A packet that does not go through the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Control<'a> {
    /// The open packet with this JSON text.
    Open(&'a str),
    /// Close.
    Close,
    /// Ping.
    Ping,
    /// Pong with this text behind the type.
    Pong(&'a str),
    /// Noop.
    Noop,
}

impl<'a> Control<'a> {
    /// The two pieces of the packet's text: type and data.
    pub fn parts(&self) -> (&'static str, &'a str) {
        match self {
            Self::Open(json) => ("0", json),
            Self::Close => ("1", ""),
            Self::Ping => ("2", ""),
            Self::Pong(data) => ("3", data),
            Self::Noop => ("6", ""),
        }
    }

    /// Appends the packet's text, which is the same on every transport.
    pub fn write(&self, out: &mut Vec<u8>) {
        let (kind, data) = self.parts();
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(data.as_bytes());
    }
}
