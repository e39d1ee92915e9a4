//! What is on the heap for a websocket that is open and idle.

use sockeye::Namespace;

use crate::{
    client::{Client, HEAD},
    world::World,
};

/// Of it, some 200 bytes are the head of the handshake. The rest is the session's task with its future, what others
/// reach it by (its state with inbox and outbox, its places in the tables), its lane and its socket in `/`.
#[test]
fn an_idle_websocket_holds_few_blocks_and_bytes() {
    let world = World::new(Namespace::new());
    let port = world.port();
    let open = move |clients: &mut Vec<Client>| {
        clients.extend((0..SOCKETS).map(|_| Client::connect(port, HEAD)));
    };
    let (clients, _) = world.counted(Vec::new(), open);
    let (_clients, allocated) = world.counted(clients, open);
    let [blocks, bytes] = [allocated.count_current, allocated.bytes_current].map(|all| all / SOCKETS);
    assert!(blocks <= BLOCKS, "{blocks} blocks each");
    assert!(bytes <= BYTES, "{bytes} bytes each");
}

/// As many again double the tables, which so count at their worst.
const SOCKETS: i64 = 256;
/// Fewer blocks are also fewer headers of the allocator, 8 bytes each, and less rounding up.
const BLOCKS: i64 = 15;
const BYTES: i64 = 2_700;
