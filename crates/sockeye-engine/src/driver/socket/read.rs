//! What comes on a websocket.

use std::task::Poll;

use bytes::{Buf, BytesMut};
use sockeye_proto::{
    engine::{FrameRef, Input, TransportError, Why},
    websocket::{Incoming, Violation, pong_frame},
};

use crate::{
    SessionHandler,
    driver::{
        budget::Budget,
        core::{Core, Turn},
        scratch::Scratch,
        socket::{Socket, State},
    },
};

/// What became of the reading side.
enum Decoded {
    Open,
    Closed(Option<u16>),
    Violated(Violation),
}

impl Socket {
    /// Reads and decodes as long as there is something, and the handler, the budget and the peer's own queue allow it.
    pub(in crate::driver) fn read<S: SessionHandler>(
        &mut self,
        core: &mut Core<S>,
        budget: &mut Budget,
        turn: &mut Turn<'_, '_>,
    ) {
        let mut scratch = None;
        self.read_out = false;
        while self.state == State::Open
            && core.may_decode()
            && !budget.is_spent()
            && !self.is_flooded()
            && !core.is_hung_up(self.conn)
        {
            let decoded = if self.rest.is_empty() {
                let buffer: &mut Scratch = scratch.get_or_insert_with(Scratch::take);
                match self.stream.poll_read(turn.cx, buffer) {
                    Poll::Pending => return self.read_out = true,
                    // A connection that was reset ends as one that was closed.
                    Poll::Ready(Ok(0) | Err(_)) => return self.lost(core, turn),
                    Poll::Ready(Ok(read)) => {
                        let bytes = buffer.get_mut(..read).unwrap_or_default();
                        let (used, decoded) = self.decode(bytes, core, budget, turn);
                        self.rest = BytesMut::from(bytes.get(used..).unwrap_or_default());
                        decoded
                    }
                }
            } else {
                let mut rest = std::mem::take(&mut self.rest);
                let (used, decoded) = self.decode(&mut rest, core, budget, turn);
                rest.advance(used);
                if !rest.is_empty() {
                    self.rest = rest;
                }
                decoded
            };
            match decoded {
                Decoded::Open => {}
                Decoded::Closed(code) => {
                    self.leave(code, true, turn.now);
                    core.handle(Input::SocketClosed(self.conn, Why::Closed), None, turn);
                }
                Decoded::Violated(violation) => {
                    let why = Why::Error(TransportError::Framing(violation.code()));
                    core.handle(Input::SocketClosed(self.conn, why), None, turn);
                    // The machine hangs up behind what it has told before; if it does not know this one, or is over,
                    // nothing stands before it.
                    if !core.is_hung_up(self.conn) {
                        self.leave(Some(violation.code()), false, turn.now);
                    }
                }
            }
        }
    }

    /// Decodes from the front of `bytes`; answers how many were used.
    fn decode<S: SessionHandler>(
        &mut self,
        bytes: &mut [u8],
        core: &mut Core<S>,
        budget: &mut Budget,
        turn: &mut Turn<'_, '_>,
    ) -> (usize, Decoded) {
        let mut used = 0;
        loop {
            let (read, incoming) = self.reader.read(bytes.get_mut(used..).unwrap_or_default());
            used += read;
            let frame = match incoming {
                Ok(None) => return (used, Decoded::Open),
                Ok(Some(Incoming::Text(text))) => Some(FrameRef::Text(text)),
                Ok(Some(Incoming::Binary(data))) => Some(FrameRef::Binary(data)),
                Ok(Some(Incoming::Ping(payload))) => {
                    self.outgoing.pong(pong_frame(payload));
                    None
                }
                Ok(Some(Incoming::Close(code))) => return (used, Decoded::Closed(code)),
                Ok(Some(_)) => None,
                Err(violation) => return (used, Decoded::Violated(violation)),
            };
            if let Some(frame) = frame {
                budget.weigh(match frame {
                    FrameRef::Text(text) => text.len(),
                    FrameRef::Binary(data) => data.len(),
                });
                core.handle(Input::Frame(self.conn, frame), None, turn);
            }
            budget.spend();
            if !core.may_decode() || budget.is_spent() || core.is_hung_up(self.conn) {
                // Frees what the reader handed out last: it may be long until the next call, and the message with it.
                let _ = self.reader.read(&mut []);
                return (used, Decoded::Open);
            }
        }
    }
}
