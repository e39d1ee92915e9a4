//! A driver of one session for tests: short words in, a readable log out.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Id,
    engine::{
        Answer, Close, CloseReason, Config, Conn, Control, FrameRef, Input, MessageRef, Opening, Req,
        Session, Sink, Transport, Why, Writable, payload,
    },
};

pub(super) const SECOND: Duration = Duration::from_secs(1);

/// A session, its clock and what it told.
pub(super) struct World {
    pub(super) session: Session,
    pub(super) now: Instant,
    pub(super) told: Told,
    pub(super) log_of_open: Vec<String>,
}

/// Remembers in words.
pub(super) struct Told {
    pub(super) log: Vec<String>,
    pub(super) outbox: VecDeque<String>,
    pub(super) writable: Writable,
}

impl World {
    /// A session opened by GET 0.
    pub(super) fn polling() -> Self {
        Self::open(Config::default(), Opening::Polling(Req(0)))
    }

    /// A session opened by websocket 0.
    pub(super) fn websocket() -> Self {
        Self::open(Config::default(), Opening::WebSocket(Conn(0)))
    }

    /// A session opened by GET 0 whose websocket 1 has been told `3probe`.
    pub(super) fn probed() -> Self {
        let mut world = Self::polling();
        world.input(Input::SocketOpened(Conn(1)));
        world.text(1, "2probe");
        assert_eq!(world.log(), "ws1: 3probe");
        world
    }

    pub(super) fn open(config: Config, opened_by: Opening) -> Self {
        let now = Instant::now();
        let mut told = Told { log: Vec::new(), outbox: VecDeque::new(), writable: Writable::Nothing };
        let id = Id::from_random([0; 15]);
        let session = Session::open(id, Arc::new(config), opened_by, now, &mut told);
        let log_of_open = std::mem::take(&mut told.log);
        Self { session, now, told, log_of_open }
    }

    pub(super) fn input(&mut self, input: Input<'_>) {
        self.session.handle(input, self.now, &mut self.told);
    }

    pub(super) fn get(&mut self, req: u64) {
        self.input(Input::PollOpened(Req(req)));
    }

    /// A POST with this whole body.
    pub(super) fn post(&mut self, req: u64, body: &[u8]) {
        self.input(Input::PostOpened { req: Req(req), binary: false });
        for packet in payload::packets(body) {
            self.input(Input::PostPacket(Req(req), packet));
        }
        self.input(Input::PostEnd(Req(req)));
    }

    pub(super) fn text(&mut self, conn: u64, text: &str) {
        self.input(Input::Frame(Conn(conn), FrameRef::Text(text)));
    }

    pub(super) fn gone(&mut self, conn: u64) {
        self.input(Input::SocketClosed(Conn(conn), Why::Closed));
    }

    /// Queues a message, as an emitter does.
    pub(super) fn emit(&mut self, text: &str) {
        self.told.outbox.push_back(format!("4{text}"));
        if matches!(self.told.writable, Writable::Poll(_)) {
            self.input(Input::Outgoing);
        }
    }

    /// Writes all that waits for the websocket, as its driver does.
    pub(super) fn flush(&mut self) {
        let Writable::Socket(conn) = self.told.writable else { return };
        for packet in std::mem::take(&mut self.told.outbox) {
            self.told.log.push(format!("ws{}: {packet}", conn.0));
        }
        self.input(Input::Flushed(conn));
    }

    pub(super) fn shut_down(&mut self) {
        self.input(Input::Close(Close::Graceful(CloseReason::ServerShuttingDown)));
    }

    /// Lets the time pass, stopping at every timeout.
    pub(super) fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(at) = self.session.timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.input(Input::Timeout);
            assert!(
                self.session.timeout().is_none_or(|next| next > self.now),
                "a timeout that does not move on"
            );
        }
        self.now = end;
    }

    /// What was told since the last look.
    pub(super) fn log(&mut self) -> String {
        std::mem::take(&mut self.told.log).join(", ")
    }

    /// Whether the session lives and is where it should be.
    pub(super) fn lives(&self, transport: Transport) -> bool {
        !self.session.is_closed() && !self.session.is_closing() && self.session.transport() == transport
    }
}

impl Sink for Told {
    fn message(&mut self, message: MessageRef<'_>) {
        self.log.push(match message {
            MessageRef::Text(text) => format!("got {text}"),
            MessageRef::Binary(bytes) => format!("got {bytes:?}"),
        });
    }

    fn answer(&mut self, req: Req, answer: Answer<'_>) {
        let text = match answer {
            Answer::Ok => "ok".into(),
            Answer::Error(error) => format!("{}/{}", error.status(), error.code()),
            Answer::Empty(status) => status.to_string(),
            Answer::Packets { controls, frames, close } => {
                let mut packets: Vec<String> =
                    controls.iter().map(|control| control.parts().into_text()).collect();
                let mut size = packets.iter().map(|packet| packet.len() + 1).sum::<usize>();
                while let Some(next) = self.outbox.front() {
                    size += next.len();
                    if frames == 0 || (size > frames && !packets.is_empty()) {
                        break;
                    }
                    size += 1;
                    packets.extend(self.outbox.pop_front());
                }
                if close && self.outbox.is_empty() {
                    packets.push("1".into());
                }
                packets.join("|")
            }
        };
        self.log.push(format!("{}: {text}", req.0));
    }

    fn control(&mut self, conn: Conn, control: Control<'_>) {
        self.log.push(format!("ws{}: {}", conn.0, control.parts().into_text()));
    }

    fn writable(&mut self, to: Writable) {
        self.writable = to;
    }

    fn hang_up(&mut self, conn: Conn, code: Option<u16>) {
        self.log.push(match code {
            Some(code) => format!("ws{} hung up {code}", conn.0),
            None => format!("ws{} hung up", conn.0),
        });
    }

    fn outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn closing(&mut self) {
        self.log.push("closing".into());
    }

    fn upgraded(&mut self) {
        self.log.push("upgraded".into());
    }

    fn stalled(&mut self) {
        self.log.push("stalled".into());
    }

    fn closed(&mut self, reason: CloseReason) {
        self.log.push(format!("closed: {reason}"));
    }
}

/// Type and data in one.
trait IntoText {
    fn into_text(self) -> String;
}

impl IntoText for (&str, &str) {
    fn into_text(self) -> String {
        format!("{}{}", self.0, self.1)
    }
}
