//! A driver that gives any input at any time and watches the promises every session makes.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use sockeye_proto::{
    Id,
    engine::{
        Answer, Close, CloseReason, Config, Conn, Control, FrameRef, Input, MessageRef, Opening, Req,
        Session, Sink, Transport, TransportError, Violation, Why, Writable,
    },
};

/// One thing that may happen; numbers pick among what is there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// A GET though another one may wait.
    Get,
    /// A GET if none waits.
    NextGet,
    DropGet(usize),
    /// A POST though another one may be read.
    Post {
        binary: bool,
    },
    /// A POST if none is read.
    NextPost,
    Packet(usize, &'a [u8]),
    EndPost(usize),
    AbortPost(usize),
    TooLarge(usize),
    OpenSocket,
    /// The next right step towards a websocket, if there is one.
    Advance,
    Text(usize, &'a str),
    Binary(usize, &'a [u8]),
    CloseSocket(usize),
    BreakSocket(usize, u16),
    Flush(usize),
    Emit,
    Pause(bool),
    Pass(u32),
    Timeout,
    Graceful,
    Violate,
    Now,
}

pub(crate) struct Judge {
    pub(crate) session: Session,
    pub(crate) now: Instant,
    longest: Duration,
    seen: Seen,
    next: u64,
}

#[derive(Default)]
struct Seen {
    requests: BTreeMap<Req, Request>,
    sockets: BTreeMap<Conn, Socket>,
    /// Where a message may come from at the moment.
    source: Option<Transport>,
    probed: bool,
    stalled: bool,
    outbox: usize,
    closing: bool,
    closed: u32,
}

#[derive(Clone, Copy)]
struct Request {
    post: bool,
    answered: bool,
    /// The client went away.
    excused: bool,
}

#[derive(Clone, Copy, Default)]
struct Socket {
    hung_up: bool,
    gone: bool,
    probed: bool,
}

impl Judge {
    pub(crate) fn new(config: Config, polling: bool) -> Self {
        let (now, mut seen) = (Instant::now(), Seen::default());
        let opened_by = if polling {
            seen.requests.insert(Req(0), Request { post: false, answered: false, excused: false });
            Opening::Polling(Req(0))
        } else {
            seen.sockets.insert(Conn(0), Socket::default());
            Opening::WebSocket(Conn(0))
        };
        let longest = [config.ping_interval, config.ping_timeout, config.close_timeout, config.stall_timeout];
        let longest = longest.into_iter().max().unwrap();
        let session = Session::open(Id::from_random([0; 15]), Arc::new(config), opened_by, now, &mut seen);
        Self { session, now, longest, seen, next: 1 }
    }

    pub(crate) fn step(&mut self, step: Step<'_>) {
        let (req, conn) = (Req(self.next), Conn(self.next));
        match step {
            Step::Get => {
                self.request(req, false);
                self.input(Input::PollOpened(req));
            }
            Step::Post { binary } => {
                self.request(req, true);
                self.input(Input::PostOpened { req, binary });
            }
            Step::OpenSocket => {
                self.next += 1;
                self.seen.probed = false;
                self.seen.sockets.insert(conn, Socket::default());
                self.input(Input::SocketOpened(conn));
            }
            Step::NextGet if self.open(false) == 0 => self.step(Step::Get),
            Step::NextPost if self.open(true) == 0 => self.step(Step::Post { binary: false }),
            Step::NextGet | Step::NextPost => {}
            Step::Advance if self.session.may_upgrade() => self.step(Step::OpenSocket),
            Step::Advance if self.session.transport() == Transport::WebSocket => {}
            Step::Advance => {
                // The newest websocket is the one that probes, if any does.
                self.step(Step::Text(usize::MAX, if self.seen.probed { "5" } else { "2probe" }));
            }
            Step::DropGet(pick) => {
                if let Some(req) = self.excuse(pick, false) {
                    self.input(Input::PollDropped(req));
                }
            }
            Step::AbortPost(pick) => {
                if let Some(req) = self.excuse(pick, true) {
                    self.input(Input::PostAborted(req));
                }
            }
            Step::Packet(pick, bytes) => self.input(Input::PostPacket(self.pick(pick), bytes)),
            Step::EndPost(pick) => self.input(Input::PostEnd(self.pick(pick))),
            Step::TooLarge(pick) => self.input(Input::PostTooLarge(self.pick(pick))),
            Step::Text(pick, text) => self.frame(pick, FrameRef::Text(text)),
            Step::Binary(pick, bytes) => self.frame(pick, FrameRef::Binary(bytes)),
            Step::CloseSocket(pick) => self.gone(pick, Why::Closed),
            Step::BreakSocket(pick, code) => self.gone(pick, Why::Error(TransportError::Framing(code))),
            Step::Flush(pick) => {
                self.seen.outbox = 0;
                self.input(Input::Flushed(Conn(pick as u64 % self.next)));
            }
            Step::Emit => {
                if !self.seen.closing && self.seen.closed == 0 {
                    self.seen.outbox += 1;
                }
                self.input(Input::Outgoing);
            }
            Step::Pause(paused) => {
                self.seen.stalled &= paused;
                self.input(Input::Paused(paused));
            }
            Step::Pass(milliseconds) => self.now += Duration::from_millis(milliseconds.into()),
            Step::Timeout => {
                self.input(Input::Timeout);
                assert!(
                    self.session.timeout().is_none_or(|at| at > self.now),
                    "the timeout does not move on"
                );
            }
            Step::Graceful => self.input(Input::Close(Close::Graceful(CloseReason::ServerShuttingDown))),
            Step::Violate => self.input(Input::Close(Close::Violation(Violation::new("test")))),
            Step::Now => self.input(Input::Close(Close::Now(CloseReason::SlowConsumer))),
        }
    }

    /// Ends the session if need be, and looks whether anything was left behind.
    pub(crate) fn end(mut self) {
        self.step(Step::Now);
        assert_eq!(self.seen.closed, 1, "closed is told once");
        assert_eq!(self.session.timeout(), None);
        for (req, request) in &self.seen.requests {
            assert!(request.answered || request.excused, "{req:?} was never answered");
        }
        for (conn, socket) in &self.seen.sockets {
            assert!(socket.hung_up || socket.gone, "{conn:?} was left open");
        }
    }

    fn input(&mut self, input: Input<'_>) {
        self.seen.source = match input {
            Input::PostPacket(..) => Some(Transport::Polling),
            Input::Frame(..) => Some(Transport::WebSocket),
            _ => None,
        }
        .filter(|from| {
            *from == self.session.transport() && !self.session.is_closing() && !self.session.is_closed()
        });
        self.session.handle(input, self.now, &mut self.seen);
        assert_eq!(self.session.is_closed(), self.seen.closed == 1);
        assert_eq!(self.session.timeout().is_none(), self.session.is_closed(), "alive without a timer");
        assert!(
            self.session.timeout().is_none_or(|at| at <= self.now + self.longest),
            "a timer too far away"
        );
        assert!(self.open(false) <= 1 && self.open(true) <= 1, "two requests wait");
    }

    /// How many requests of a kind are open.
    fn open(&self, post: bool) -> usize {
        let open = |request: &&Request| request.post == post && !request.answered && !request.excused;
        self.seen.requests.values().filter(open).count()
    }

    fn request(&mut self, req: Req, post: bool) {
        self.next += 1;
        self.seen.requests.insert(req, Request { post, answered: false, excused: false });
    }

    /// A client gives up a request: any GET, or a POST that is not answered.
    fn excuse(&mut self, pick: usize, post: bool) -> Option<Req> {
        let fits = |request: &Request| request.post == post && !(post && request.answered);
        let mut fitting: Vec<_> =
            self.seen.requests.iter_mut().filter(|(_, request)| fits(request)).collect();
        let at = fitting.len().checked_sub(1)?.min(pick);
        let (req, request) = &mut fitting[at];
        request.excused = true;
        Some(**req)
    }

    fn pick(&self, pick: usize) -> Req {
        let posts: Vec<_> =
            self.seen.requests.iter().filter(|(_, request)| request.post && !request.excused).collect();
        posts.get(pick.min(posts.len().saturating_sub(1))).map_or(Req(u64::MAX), |(req, _)| **req)
    }

    /// Nothing comes on a websocket that is gone; a little may still come on one that was hung up.
    fn socket(&self, pick: usize) -> Option<Conn> {
        let live: Vec<_> = self.seen.sockets.iter().filter(|(_, socket)| !socket.gone).collect();
        live.get(pick.min(live.len().checked_sub(1)?)).map(|(conn, _)| **conn)
    }

    fn frame(&mut self, pick: usize, frame: FrameRef<'_>) {
        if let Some(conn) = self.socket(pick) {
            self.input(Input::Frame(conn, frame));
        }
    }

    fn gone(&mut self, pick: usize, why: Why) {
        if let Some(conn) = self.socket(pick) {
            self.seen.sockets.get_mut(&conn).unwrap().gone = true;
            self.input(Input::SocketClosed(conn, why));
        }
    }
}

impl Sink for Seen {
    fn message(&mut self, _: MessageRef<'_>) {
        assert!(self.source.is_some(), "a message from nowhere");
        assert!(!self.closing && self.closed == 0, "a message behind the end");
    }

    fn answer(&mut self, req: Req, answer: Answer<'_>) {
        let request = self.requests.get_mut(&req).expect("an answer to nobody");
        assert!(!request.answered, "{req:?} is answered twice");
        assert!(!(request.excused && request.post), "{req:?} is gone");
        request.answered = true;
        if let Answer::Packets { controls, frames, .. } = answer {
            assert!(!request.post);
            assert!(!controls.is_empty() || self.outbox > 0 || self.closing, "an empty answer");
            // Two fit, so that some answers leave something behind.
            self.outbox -= if frames == 0 { 0 } else { self.outbox.min(2) };
        }
    }

    fn control(&mut self, conn: Conn, control: Control<'_>) {
        self.probed |= matches!(control, Control::Pong(_));
        assert_eq!(self.closed, 0, "a packet behind the end");
        let socket = self.sockets.get_mut(&conn).expect("no such websocket");
        assert!(!socket.hung_up && !socket.gone, "a packet for a closed websocket");
        socket.probed |= matches!(control, Control::Pong(_));
    }

    fn writable(&mut self, to: Writable) {
        assert_eq!(self.closed, 0);
        match to {
            Writable::Poll(req) => assert!(!self.requests[&req].answered),
            // The first one may have opened the session.
            Writable::Socket(conn) => assert!(conn == Conn(0) || self.sockets[&conn].probed, "not probed"),
            _ => {}
        }
    }

    fn hang_up(&mut self, conn: Conn, code: Option<u16>) {
        let socket = self.sockets.get_mut(&conn).expect("no such websocket");
        assert!(!socket.hung_up, "{conn:?} is hung up twice");
        assert!(!socket.gone || code.is_some(), "{conn:?} is gone");
        socket.hung_up = true;
    }

    fn outgoing(&self) -> bool {
        self.outbox > 0
    }

    fn closing(&mut self) {
        assert!(!self.closing && self.closed == 0);
        self.closing = true;
    }

    fn upgraded(&mut self) {
        assert_eq!(self.closed, 0);
    }

    fn stalled(&mut self) {
        assert_eq!(self.closed, 0);
        assert!(!std::mem::replace(&mut self.stalled, true), "one stall, two warnings");
    }

    fn closed(&mut self, _: CloseReason) {
        self.closed += 1;
    }
}
