//! What a broadcast takes, and that nobody who gets it adds to that.

use sockeye::{Data, Namespace, Socket};

use crate::{
    client::{Client, HEAD, TEXT, framed, masked},
    world::World,
};

#[test]
fn who_gets_a_broadcast_adds_nothing_to_it() {
    for window in [1, 4] {
        let one = per_turn(1, window);
        assert_eq!(per_turn(21, window), one, "with {window} broadcasts in flight");
    }
}

/// What is allocated for so many broadcasts, sent in one write, that reach so many sockets.
fn per_turn(members: usize, window: usize) -> u64 {
    let world = World::new(namespace());
    let port = world.port();
    let packet = format!("42[\"all\",\"{}\"]", "x".repeat(100));
    let sent = masked(TEXT, packet.as_bytes()).repeat(window);
    let answer = framed(TEXT, packet.as_bytes()).repeat(window);
    let turns = move |clients: &mut Vec<Client>, turns: u64| {
        for _ in 0..turns {
            clients[0].send(&sent);
            clients.iter_mut().for_each(|client| client.expect(&answer));
        }
    };
    let (clients, _) = world.counted(Vec::new(), {
        let turns = turns.clone();
        move |clients| {
            clients.extend((0..members).map(|_| Client::connect(port, HEAD)));
            turns(clients, WARM_UP);
        }
    });
    let (_clients, allocated) = world.counted(clients, move |clients| turns(clients, TURNS));
    assert_eq!(allocated.count_total % TURNS, 0, "each turn is like the other: {}", allocated.count_total);
    allocated.count_total / TURNS
}

const WARM_UP: u64 = 20;
const TURNS: u64 = 200;

fn namespace() -> Namespace {
    Namespace::new().on("all", async |socket: Socket, Data(text): Data<String>| {
        socket.namespace().emit("all", &text).await.unwrap();
    })
}
