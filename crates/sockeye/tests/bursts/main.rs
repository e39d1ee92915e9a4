//! What is left of a burst: nothing, on the heap and in resident memory. A program of its own, for it looks at the
//! memory of its whole process.

#![cfg(test)]
#![forbid(unsafe_code)]

use std::fs;

use bytes::Bytes;
use sockeye::{Data, Namespace, Socket};

use self::{
    client::{BINARY, Client, HEAD, TEXT, framed, masked},
    world::World,
};

#[path = "../allocations/client.rs"]
mod client;
#[path = "../allocations/world.rs"]
mod world;

#[test]
fn two_equal_bursts_leave_nothing_behind() {
    let world = World::new(namespace());
    let port = world.port();
    let (clients, _) = world.counted(Vec::new(), move |clients| {
        clients.extend((0..CLIENTS).map(|_| Client::connect(port, HEAD)));
        // What a thread keeps for all its sessions is made by the first messages.
        burst(clients, 1);
    });
    let (clients, first) = world.counted(clients, |clients| burst(clients, ROUNDS));
    let once = resident();
    let (_clients, second) = world.counted(clients, |clients| burst(clients, ROUNDS));
    let twice = resident();
    for (which, left) in [("first", &first), ("second", &second)] {
        let (blocks, bytes) = (left.count_current, left.bytes_current);
        assert!(
            blocks <= CLIENTS as i64 && bytes <= SPARES,
            "{blocks} blocks of {bytes} bytes are left by the {which}"
        );
    }
    assert!(
        twice * 10 <= once * 11,
        "{once} bytes were resident after the first burst, {twice} after the second"
    );
    // What waits is bounded by what one client may leave unread, and not by the length of the burst.
    assert!(second.bytes_max < MOST, "{} bytes on the heap at once", second.bytes_max);
}

/// Everybody sends before anybody reads.
fn burst(clients: &mut [Client], rounds: usize) {
    let packet = r#"451-["echo",{"_placeholder":true,"num":0}]"#.as_bytes();
    let sent = [masked(TEXT, packet), masked(BINARY, &[7; LENGTH])].concat().repeat(WINDOW);
    let answer = [framed(TEXT, packet), framed(BINARY, &[7; LENGTH])].concat().repeat(WINDOW);
    for _ in 0..rounds {
        clients.iter_mut().for_each(|client| client.send(&sent));
        clients.iter_mut().for_each(|client| client.expect(&answer));
    }
}

fn namespace() -> Namespace {
    Namespace::new().on("echo", async |socket: Socket, Data(bytes): Data<Bytes>| {
        socket.emit("echo", &bytes).await.unwrap();
    })
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// A thread keeps the queues of its sessions for others to use. How long they have become depends on who was quicker, so
/// after a burst they may be longer than before: one for each client at most, of 64 frames.
const SPARES: i64 = CLIENTS as i64 * 64 * 64;

/// 10,000 messages of 64 KiB.
const LENGTH: usize = 64 * 1024;
const CLIENTS: usize = 10;
const WINDOW: usize = 8;
const ROUNDS: usize = 10_000 / CLIENTS / WINDOW;
/// All that is under way at once, in and out.
const MOST: u64 = 2 * (CLIENTS * WINDOW * LENGTH) as u64;
