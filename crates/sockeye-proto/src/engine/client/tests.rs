//! The client against the protocol's clauses: one thing after the other; `tests/pair.rs` has the rest.

use std::{collections::VecDeque, time::Duration};

use proptest::prelude::*;

use crate::engine::FrameRef;

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const OPEN: &str =
    r#"0{"sid":"a","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":9}"#;

struct World {
    client: Client,
    now: Instant,
    told: Told,
}

#[derive(Default)]
struct Told {
    log: Vec<String>,
    outbox: VecDeque<String>,
}

impl World {
    fn open(transport: Transport) -> Self {
        let (now, mut told) = (Instant::now(), Told::default());
        let client = Client::open(Options::default(), transport, now, &mut told);
        Self { client, now, told }
    }

    /// It polls by GET 3, and websocket 2 is on its way.
    fn polling() -> Self {
        let mut world = Self::open(Transport::Polling);
        world.answer(1, OPEN);
        assert_eq!(world.log(), "GET 1, opened, connect 2, GET 3");
        world
    }

    fn websocket() -> Self {
        let mut world = Self::open(Transport::WebSocket);
        world.input(Input::SocketOpened(Conn(1)));
        world.text(1, OPEN);
        assert_eq!(world.log(), "connect 1, opened, writable 1");
        world
    }

    fn input(&mut self, input: Input<'_>) {
        self.client.handle(input, self.now, &mut self.told);
    }

    fn answer(&mut self, req: u64, body: &str) {
        self.input(Input::Answered(Req(req), 200, body.as_bytes()));
    }

    fn text(&mut self, conn: u64, text: &str) {
        self.input(Input::Frame(Conn(conn), FrameRef::Text(text)));
    }

    fn emit(&mut self, text: &str) {
        self.told.outbox.push_back(format!("4{text}"));
        self.input(Input::Outgoing);
    }

    fn pass(&mut self, duration: Duration) {
        self.now += duration;
        self.input(Input::Timeout);
        assert!(self.client.timeout().is_none_or(|at| at > self.now));
    }

    fn close(&mut self) {
        self.input(Input::Close(CloseReason::Forced(Transport::WebSocket)));
    }

    fn log(&mut self) -> String {
        std::mem::take(&mut self.told.log).join(", ")
    }
}

impl Sink for Told {
    fn opened(&mut self, _: &Terms) {
        self.log.push("opened".into());
    }

    fn message(&mut self, message: MessageRef<'_>) {
        self.log.push(match message {
            MessageRef::Text(text) => format!("got {text}"),
            MessageRef::Binary(bytes) => format!("got {bytes:?}"),
        });
    }

    fn get(&mut self, req: Req) {
        self.log.push(format!("GET {}", req.0));
    }

    fn post(&mut self, req: Req, body: Body<'_>) {
        let mut packets: Vec<_> = body.controls.iter().map(text).collect();
        while self
            .outbox
            .front()
            .is_some_and(|next| packets.is_empty() || packets.len() + next.len() <= body.frames)
        {
            packets.extend(self.outbox.pop_front());
        }
        if body.close && self.outbox.is_empty() {
            packets.push("1".into());
        }
        self.log.push(format!("POST {} {}", req.0, packets.join("|")));
    }

    fn abort(&mut self, req: Req) {
        self.log.push(format!("abort {}", req.0));
    }

    fn connect(&mut self, conn: Conn) {
        self.log.push(format!("connect {}", conn.0));
    }

    fn packet(&mut self, conn: Conn, packet: &Packet<'_>) {
        self.log.push(format!("ws{}: {}", conn.0, text(packet)));
    }

    fn writable(&mut self, conn: Option<Conn>) {
        self.log.extend(conn.map(|conn| format!("writable {}", conn.0)));
    }

    fn hang_up(&mut self, conn: Conn) {
        self.log.push(format!("hang up {}", conn.0));
    }

    fn outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn upgraded(&mut self) {
        self.log.push("upgraded".into());
    }

    fn closed(&mut self, reason: CloseReason) {
        self.log.push(format!("closed: {reason}"));
    }
}

fn text(packet: &Packet<'_>) -> String {
    let mut out = Vec::new();
    packet.write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn polls_posts_and_answers_pings() {
    let mut world = World::polling();
    world.answer(3, "4a\x1ebAQID\x1e2");
    assert_eq!(world.log(), "got a, got [1, 2, 3], GET 4, POST 5 3");
    world.emit("b");
    world.emit("c");
    assert_eq!(world.log(), "", "one POST at a time");
    world.answer(5, "ok");
    assert_eq!(world.log(), "POST 6 4b|4c");
}

#[test]
fn moves_to_the_websocket_when_polling_is_quiet() {
    let mut world = World::polling();
    world.emit("a");
    world.input(Input::SocketOpened(Conn(2)));
    world.text(2, "3probe");
    world.emit("b");
    assert_eq!(world.log(), "POST 4 4a, ws2: 2probe");
    world.answer(3, "4x\x1e2");
    assert_eq!(world.log(), "got x", "the POST is still under way");
    world.answer(4, "ok");
    assert_eq!(world.log(), "ws2: 5, ws2: 3, upgraded, writable 2");
    assert_eq!(world.client.transport(), Transport::WebSocket);
}

#[test]
fn polls_on_when_the_probe_fails() {
    type Failure = fn(&mut World);
    let failures: [(Failure, &str); 4] = [
        (|world| world.input(Input::SocketClosed(Conn(2), crate::engine::Why::Closed)), ""),
        (|world| world.text(2, "6"), "hang up 2"),
        (|world| world.input(Input::Frame(Conn(2), FrameRef::Binary(b"3probe"))), "hang up 2"),
        (|world| world.pass(10 * SECOND), "hang up 2"),
    ];
    for (failure, told) in failures {
        let mut world = World::polling();
        world.input(Input::SocketOpened(Conn(2)));
        world.log();
        failure(&mut world);
        assert_eq!(world.log(), told);
        world.answer(3, "4a");
        assert_eq!(world.log(), "got a, GET 4");
    }
    let mut world = World::polling();
    world.input(Input::SocketOpened(Conn(2)));
    world.text(2, "3probe");
    world.answer(3, "6");
    assert_eq!(world.log(), "ws2: 2probe, ws2: 5, upgraded, writable 2");
}

#[test]
fn answers_pings_on_websocket() {
    let mut world = World::websocket();
    world.text(1, "2");
    world.text(1, "4a");
    world.input(Input::Frame(Conn(1), FrameRef::Binary(&[1])));
    assert_eq!(world.log(), "ws1: 3, got a, got [1]");
}

#[test]
fn edge_135_silence_ends_it() {
    let mut world = World::websocket();
    world.pass(44 * SECOND);
    world.text(1, "2");
    world.log();
    world.pass(44 * SECOND);
    assert_eq!(world.log(), "");
    world.pass(SECOND);
    assert_eq!(world.log(), "hang up 1, closed: ping timeout");
    assert_eq!(world.client.timeout(), None);
}

#[test]
fn a_server_that_does_not_open_ends_it() {
    let mut world = World::open(Transport::Polling);
    world.pass(20 * SECOND);
    assert_eq!(world.log(), "GET 1, abort 1, closed: transport error");
    for body in ["4a", "6", "", "0{}", "abc"] {
        let mut world = World::open(Transport::Polling);
        world.answer(1, body);
        assert_eq!(world.log(), "GET 1, closed: parse error", "{body}");
    }
}

#[test]
fn what_goes_wrong_ends_it() {
    let mut world = World::polling();
    world.input(Input::Answered(Req(3), 400, b"{}"));
    assert_eq!(world.log(), "hang up 2, closed: transport error");
    let mut world = World::polling();
    world.input(Input::Failed(Req(3)));
    assert_eq!(world.log(), "hang up 2, closed: transport error");
    let mut world = World::polling();
    world.emit("a");
    world.answer(3, "1");
    assert_eq!(world.log(), "POST 4 4a, abort 4, hang up 2, closed: transport close");
    let mut world = World::websocket();
    world.text(1, "abc");
    assert_eq!(world.log(), "hang up 1, closed: parse error");
}

#[test]
fn edge_152_what_waits_is_sent_before_the_end() {
    let mut world = World::polling();
    world.emit("a");
    world.emit("longer than max");
    world.close();
    world.answer(4, "ok");
    world.answer(5, "ok");
    let told = "POST 4 4a, hang up 2, POST 5 4longer than max|1, abort 3, closed: forced close";
    assert_eq!(world.log(), told);
    let mut world = World::polling();
    world.input(Input::SocketOpened(Conn(2)));
    world.text(2, "3probe");
    world.close();
    world.answer(3, "6");
    world.input(Input::Flushed(Conn(2)));
    assert_eq!(world.log(), "ws2: 2probe, ws2: 5, upgraded, writable 2, hang up 2, closed: forced close");
}

proptest! {
    #[test]
    fn any_answer_is_judged(bodies in proptest::collection::vec((any::<bool>(), "[0-7b]?.{0,9}"), 0..9)) {
        let mut world = World::polling();
        for (number, (get, body)) in bodies.into_iter().enumerate() {
            if get {
                world.answer(number as u64 + 3, &body);
            } else {
                world.input(Input::SocketOpened(Conn(2)));
                world.text(2, &body);
            }
        }
    }
}
