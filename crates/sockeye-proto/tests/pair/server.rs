//! The server's side: a session, its real outbox, and what it told.

use std::{collections::VecDeque, time::Instant};

use sockeye_proto::{
    Frame, Group, Outbox,
    engine::{Answer, CloseReason, Conn, Control, MessageRef, Req, Session, Sink, Writable},
};

use super::plan::{Message, number};

#[derive(Default)]
pub(super) struct Server {
    pub(super) session: Option<Session>,
    pub(super) told: Told,
}

/// What the session told and the network has yet to carry.
pub(super) struct Told {
    pub(super) outbox: Outbox,
    pub(super) acts: VecDeque<Act>,
    pub(super) writable: Writable,
    pub(super) received: Vec<u32>,
    pub(super) sent: u32,
    pub(super) closed: Option<CloseReason>,
    pub(super) closed_at: Option<Instant>,
}

pub(super) enum Act {
    Answer(Req, u16, Vec<u8>),
    Packet(Conn, String),
    HangUp(Conn),
}

impl Told {
    /// Queues the next message; `false` when the session takes none any more.
    pub(super) fn emit(&mut self) -> bool {
        let message = Message::new(self.sent);
        let frame = if message.binary { Frame::binary(&message.bytes) } else { Frame::text(message.text()) };
        let queued = self.outbox.push(Group::one(frame)).is_ok();
        self.sent += u32::from(queued);
        queued
    }

    /// All that waits, as it goes by websocket.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Message> + use<> {
        let mut frames = VecDeque::new();
        while !self.outbox.is_empty() {
            self.outbox.take(100, &mut frames);
        }
        self.outbox.all_written();
        frames.into_iter().map(|frame| Message { binary: frame.is_binary(), bytes: frame.message().to_vec() })
    }
}

impl Default for Told {
    fn default() -> Self {
        Self {
            outbox: Outbox::new(Default::default()),
            acts: VecDeque::new(),
            writable: Writable::Nothing,
            received: Vec::new(),
            sent: 0,
            closed: None,
            closed_at: None,
        }
    }
}

impl Sink for Told {
    fn message(&mut self, message: MessageRef<'_>) {
        self.received.push(number(message));
    }

    fn answer(&mut self, req: Req, answer: Answer<'_>) {
        let mut body = Vec::new();
        let status = match answer {
            Answer::Ok => 200,
            Answer::Error(error) => error.status(),
            Answer::Empty(status) => status,
            Answer::Packets { controls, frames, close } => {
                for control in controls {
                    separate(&mut body);
                    control.write(&mut body);
                }
                if frames > 0 {
                    self.outbox.take_polling(frames, &mut body);
                    self.outbox.all_written();
                }
                if close && self.outbox.is_empty() {
                    separate(&mut body);
                    Control::Close.write(&mut body);
                }
                assert!(!body.is_empty(), "an answer without a packet");
                200
            }
            _ => unreachable!("no such answer"),
        };
        self.acts.push_back(Act::Answer(req, status, body));
    }

    fn control(&mut self, conn: Conn, control: Control<'_>) {
        let (kind, data) = control.parts();
        self.acts.push_back(Act::Packet(conn, format!("{kind}{data}")));
    }

    fn writable(&mut self, to: Writable) {
        self.writable = to;
    }

    fn hang_up(&mut self, conn: Conn, _: Option<u16>) {
        self.acts.push_back(Act::HangUp(conn));
    }

    fn outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn closing(&mut self) {
        self.outbox.closing();
    }

    fn closed(&mut self, reason: CloseReason) {
        assert_eq!(self.closed, None);
        self.closed = Some(reason);
        self.outbox.close();
    }
}

fn separate(body: &mut Vec<u8>) {
    if !body.is_empty() {
        body.push(0x1e);
    }
}
