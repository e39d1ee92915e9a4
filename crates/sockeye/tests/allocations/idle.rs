//! What is on the heap for a session that is open and idle.

use std::io::Read;

use allocation_counter::AllocationInfo;
use sockeye::{Data, Namespace, Socket};

use crate::{
    client::{Client, HEAD, TEXT, framed, masked},
    world::World,
};

/// Of it, some 200 bytes are the head of the handshake. The rest is the session's task with its future, what others
/// reach it by (its state with inbox and outbox, its places in the tables), its lane and its socket in `/`.
#[test]
fn an_idle_websocket_holds_few_blocks_and_bytes() {
    let world = World::new(Namespace::new());
    let port = world.port();
    let open = move |clients: &mut Vec<Client>| {
        clients.extend((0..SESSIONS).map(|_| Client::connect(port, HEAD)));
    };
    let (clients, _) = world.counted(Vec::new(), open);
    let (_clients, allocated) = world.counted(clients, open);
    assert_at_most(&allocated, WEBSOCKET);
}

/// A burst must not leave its high-water mark behind: neither reader nor writer nor queue keeps what held the message.
#[test]
fn a_long_message_leaves_nothing_behind() {
    async fn echo(socket: Socket, Data(text): Data<String>) {
        let _ = socket.emit("echo", &text).await;
    }
    let world = World::new(Namespace::new().on("echo", echo));
    let port = world.port();
    let open = move |clients: &mut Vec<Client>| clients.extend((0..32).map(|_| Client::connect(port, HEAD)));
    let (clients, _) = world.counted(Vec::new(), open);
    let text = format!(r#"42["echo","{}"]"#, "x".repeat(16 << 10));
    let echo_all = move |clients: &mut Vec<Client>| {
        for client in clients {
            client.send(&masked(TEXT, text.as_bytes()));
            client.expect(&framed(TEXT, text.as_bytes()));
        }
    };
    // What the thread keeps to read and to write in is made by the first.
    let (clients, _) = world.counted(clients, echo_all.clone());
    let (_clients, allocated) = world.counted(clients, echo_all);
    assert_eq!((allocated.count_current, allocated.bytes_current), (0, 0));
}

/// Nobody goes on with them, so they cost a client little and are there in the largest numbers.
#[test]
fn an_unclaimed_handshake_by_polling_holds_few_blocks_and_bytes() {
    let world = World::new(Namespace::new());
    let port = world.port();
    let open = move |(): &mut ()| {
        for _ in 0..SESSIONS {
            let mut client = Client::open(port);
            client.send(POLLING.as_bytes());
            client.until(b"\"maxPayload\":");
            client.stream.read_to_end(&mut client.seen).expect("the server closes");
        }
    };
    world.counted((), open);
    let ((), allocated) = world.counted((), open);
    assert_at_most(&allocated, UNCLAIMED);
}

fn assert_at_most(allocated: &AllocationInfo, (most_blocks, most_bytes): (i64, i64)) {
    let [blocks, bytes] = [allocated.count_current, allocated.bytes_current].map(|all| all / SESSIONS);
    assert!(blocks <= most_blocks, "{blocks} blocks each");
    assert!(bytes <= most_bytes, "{bytes} bytes each");
}

/// As many again double the tables, which so count at their worst.
const SESSIONS: i64 = 256;
/// Blocks and bytes. Fewer blocks are also fewer headers of the allocator, 8 bytes each, and less rounding up.
const WEBSOCKET: (i64, i64) = (15, 2_600);
const UNCLAIMED: (i64, i64) = (11, 1_560);

const POLLING: &str =
    "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
