//! What one event of a client takes, item by item.

use bytes::Bytes;
use serde_json::value::RawValue;
use sockeye::{Data, Namespace, Raw, Socket};

use crate::{
    client::{BINARY, Client, HEAD, TEXT, framed, masked},
    world::World,
};

/// Allocations for one event.
#[derive(Clone, Copy, Default)]
struct Items {
    /// The arguments, unless they lie in place (up to 15 bytes), and each attachment.
    payload: u64,
    /// The handler's future, in a box since each handler has another type.
    future: u64,
    /// What goes out: each frame is serialized into its own allocation, behind its header.
    frames: u64,
    /// What the handler of the test itself takes: its `String`.
    own: u64,
    /// What should not be there, and may go.
    beside: u64,
    /// For all that was read at once, however many events: queues that were empty.
    turn: u64,
}

/// What is expected of every event that is echoed.
const ECHO: Items = Items { payload: 0, future: 1, frames: 1, own: 0, beside: 0, turn: 0 };

#[test]
fn a_short_event_that_is_emitted_back() {
    let (sent, answer) = text("42[\"echo\",\"hello\"]");
    check(&sent, &answer, ECHO);
}

#[test]
fn a_longer_event_that_is_emitted_back() {
    let (sent, answer) = text(&format!("42[\"echo\",\"{}\"]", "x".repeat(1000)));
    check(&sent, &answer, Items { payload: 1, ..ECHO });
}

#[test]
fn a_typed_event_that_is_emitted_back() {
    let (sent, answer) = text(&format!("42[\"typed\",\"{}\"]", "x".repeat(100)));
    check(&sent, &answer, Items { payload: 1, own: 1, ..ECHO });
}

#[test]
fn an_ack_by_return() {
    let (sent, _) = text(&format!("427[\"ack\",\"{}\"]", "x".repeat(100)));
    let (_, answer) = text(&format!("437[\"{}\"]", "x".repeat(100)));
    check(&sent, &answer, Items { payload: 1, own: 1, ..ECHO });
}

#[test]
fn a_binary_event_that_is_emitted_back() {
    let (mut sent, mut answer) = text(r#"451-["binary",{"_placeholder":true,"num":0}]"#);
    sent.extend(masked(BINARY, &[7; 1024]));
    answer.extend(framed(BINARY, &[7; 1024]));
    check(&sent, &answer, Items { payload: 1, frames: 2, beside: 3, ..ECHO });
}

#[test]
fn a_binary_event_that_is_emitted_back_untouched() {
    let (mut sent, mut answer) = text(r#"451-["untouched",{"_placeholder":true,"num":0}]"#);
    sent.extend(masked(BINARY, &[7; 1024]));
    answer.extend(framed(BINARY, &[7; 1024]));
    // The packet and its attachment leave in one piece.
    check(&sent, &answer, Items { payload: 1, ..ECHO });
}

/// Whatever is read at once, an event costs what it costs.
fn check(sent: &[u8], answer: &[u8], items: Items) {
    let Items { payload, future, frames, own, beside, turn } = items;
    for window in WINDOWS {
        let needed = (payload + future + frames + own) * window;
        let allocated = per_turn(sent, answer, usize::try_from(window).unwrap());
        let expected = needed..=needed + beside * window + turn;
        assert!(expected.contains(&allocated), "{allocated} for {window} events in flight, not {expected:?}");
    }
}

/// Fewer than eight, for at the eighth packet a session looks at the clock, and on a busy machine lets others run.
const WINDOWS: [u64; 3] = [1, 2, 4];

/// What is allocated for so many events, sent in one write and answered, again and again.
fn per_turn(sent: &[u8], answer: &[u8], window: usize) -> u64 {
    let world = World::new(namespace());
    let port = world.port();
    let (sent, answer) = (sent.repeat(window), answer.repeat(window));
    let turns = move |client: &mut Client, turns: u64| {
        for _ in 0..turns {
            client.send(&sent);
            client.expect(&answer);
        }
    };
    let (mut client, _) = world.counted(None, {
        let turns = turns.clone();
        move |client| turns(client.insert(Client::connect(port, HEAD)), WARM_UP)
    });
    let (_client, allocated) = world.counted(client.take().unwrap(), move |client| turns(client, TURNS));
    assert_eq!(allocated.count_total % TURNS, 0, "each turn is like the other: {}", allocated.count_total);
    allocated.count_total / TURNS
}

/// Until tables have their size.
const WARM_UP: u64 = 20;
const TURNS: u64 = 200;

fn namespace() -> Namespace {
    Namespace::new()
        .on("echo", async |socket: Socket, Raw(arguments): Raw| {
            let (untouched,): (&RawValue,) = serde_json::from_str(arguments.as_json()).unwrap();
            socket.emit("echo", untouched).await.unwrap();
        })
        .on("typed", async |socket: Socket, Data(text): Data<String>| {
            socket.emit("typed", &text).await.unwrap();
        })
        .on("ack", async |Data(text): Data<String>| Data(text))
        .on("binary", async |socket: Socket, Data(bytes): Data<Bytes>| {
            socket.emit("binary", &bytes).await.unwrap();
        })
        .on("untouched", async |socket: Socket, arguments: Raw| {
            socket.emit("untouched", arguments).await.unwrap();
        })
}

fn text(packet: &str) -> (Vec<u8>, Vec<u8>) {
    (masked(TEXT, packet.as_bytes()), framed(TEXT, packet.as_bytes()))
}
