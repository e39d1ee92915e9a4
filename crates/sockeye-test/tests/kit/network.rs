//! A network that is cut, healed, and slow.

use sockeye::{Args, Data, DisconnectReason, Namespace, Recovery, Socket, Sockeye};
use sockeye_test::{TestClient, Transport, World};
use tokio::time::Instant;

use crate::secs;

async fn world(transport: Transport) -> (World, TestClient, TestClient) {
    let room = Namespace::new()
        .on("say", async |socket: Socket, Args((text,)): Args<(String,)>| {
            let _ = socket.broadcast().emit("said", &text).await;
        })
        .on_disconnect(async |socket: Socket, reason: DisconnectReason| {
            let _ = socket.broadcast().emit("left", reason.as_str()).await;
        });
    let world = World::new(Sockeye::builder().namespace("/", room).build());
    let ada = world.client("/").connect().await.unwrap();
    let bob = world.client("/").transport(transport).connect().await.unwrap();
    if transport == Transport::Upgrade {
        bob.upgraded().await;
    }
    (world, ada, bob)
}

#[tokio::test(start_paused = true)]
async fn a_dead_network_is_noticed_by_the_heartbeat_on_both_sides() {
    for transport in Transport::ALL {
        let (world, ada, bob) = world(transport).await;
        world.cut(&bob);
        world.advance(secs(25 + 20)).await;
        assert_eq!(ada.next::<String>("left").await, "ping timeout", "{transport}");
        assert_eq!(bob.left().await, "ping timeout");
        ada.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_under_way_arrives_when_the_network_heals_in_time() {
    for transport in Transport::ALL {
        let (world, ada, bob) = world(transport).await;
        world.cut(&bob);
        for number in 0..10 {
            ada.emit("say", format!("to bob {number}"));
            bob.emit("say", format!("to ada {number}"));
        }
        world.advance(secs(15)).await;
        ada.assert_silent().await;
        bob.assert_silent().await;
        world.heal(&bob);
        for number in 0..10 {
            assert_eq!(ada.next::<String>("said").await, format!("to ada {number}"));
            assert_eq!(bob.next::<String>("said").await, format!("to bob {number}"));
        }
        world.advance(secs(3600)).await;
        assert!(bob.connected() && ada.connected());
    }
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_does_not_cross_a_dead_network() {
    for transport in Transport::ALL {
        let (world, ada, bob) = world(transport).await;
        world.cut(&bob);
        bob.vanish().await;
        world.advance(secs(10)).await;
        ada.assert_silent().await;
        // It lives on in the kernel's buffers.
        world.heal(&bob);
        let reason = ada.next::<String>("left").await;
        let expected = if transport == Transport::Polling { "transport error" } else { "transport close" };
        assert_eq!(reason, expected, "{transport}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_network_delays_each_way_and_keeps_the_order() {
    for transport in Transport::ALL {
        let (world, ada, bob) = world(transport).await;
        world.delay(&bob, secs(2));
        let started = Instant::now();
        bob.emit("say", "slowly");
        assert_eq!(ada.next::<String>("said").await, "slowly");
        assert_eq!(started.elapsed().as_secs(), 2, "{transport}");

        world.advance(secs(10)).await;
        let started = Instant::now();
        for number in 0..100 {
            ada.emit("say", number.to_string());
        }
        for number in 0..100 {
            assert_eq!(bob.next::<String>("said").await, number.to_string());
            // As by a real line: what is under way at once arrives at once. Polling has to ask again.
            let turns = if transport == Transport::Polling { 7 } else { 3 };
            assert!(started.elapsed() < secs(turns), "{number} {transport} {:?}", started.elapsed());
        }
        world.advance(secs(300)).await;
        assert!(bob.connected(), "pings are slow too, but come in time");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_consumer_behind_a_dead_network_is_closed_and_the_others_go_on() {
    let (world, ada, bob) = world(Transport::WebSocket).await;
    world.cut(&bob);
    let text = "x".repeat(100_000);
    for _ in 0..30 {
        ada.emit("say", &text);
    }
    assert_eq!(ada.next::<String>("left").await, "slow consumer");
    assert!(ada.connected());
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_back_is_somebody_new_without_recovery() {
    for transport in Transport::ALL {
        let (world, ada, bob) = world(transport).await;
        world.cut(&bob);
        world.advance(secs(46)).await;
        ada.next::<String>("left").await;
        world.heal(&bob);
        let back = bob.reconnect().await.unwrap();
        assert!(back.id() != bob.id() && !back.recovered());
        ada.emit("say", "welcome back");
        assert_eq!(back.next::<String>("said").await, "welcome back");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_back_in_time_is_recovered_with_what_was_missed() {
    for transport in Transport::ALL {
        let room = Namespace::new()
            .on_connect(async |socket: Socket| {
                if !socket.recovered() {
                    let _ = socket.emit("state", "all of it").await;
                }
            })
            .on("say", async |socket: Socket, Data(text): Data<String>| {
                let _ = socket.broadcast().emit("said", &text).await;
            });
        let recovery = Recovery::for_at_most(secs(120));
        let world = World::new(Sockeye::builder().recovery(recovery).namespace("/", room).build());
        let ada = world.client("/").connect().await.unwrap();
        let mut bob = world.client("/").transport(transport).connect().await.unwrap();
        assert_eq!(bob.next::<String>("state").await, "all of it");
        for turn in 0..3 {
            ada.emit("say", format!("heard {turn}"));
            assert_eq!(bob.next::<String>("said").await, format!("heard {turn}"), "{transport}");
            world.cut(&bob);
            ada.emit("say", format!("missed {turn}"));
            world.advance(secs(46)).await;
            ada.emit("say", format!("missed more {turn}"));
            world.heal(&bob);
            let back = bob.reconnect().await.unwrap();
            assert!(back.recovered() && back.id() == bob.id(), "{transport}");
            assert_eq!(back.next::<String>("said").await, format!("missed {turn}"));
            assert_eq!(back.next::<String>("said").await, format!("missed more {turn}"));
            back.assert_silent().await;
            bob = back;
        }
        world.cut(&bob);
        world.advance(secs(46 + 121)).await;
        world.heal(&bob);
        let back = bob.reconnect().await.unwrap();
        assert!(!back.recovered());
        assert_eq!(back.next::<String>("state").await, "all of it");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_shuts_down_lets_everybody_go_and_nobody_in() {
    for transport in Transport::ALL {
        let server = Sockeye::builder().namespace("/", Namespace::new()).build();
        let world = World::new(&server);
        let ada = world.client("/").transport(transport).connect().await.unwrap();
        server.io().emit("last words", 1).await.unwrap();
        server.io().shutdown().await;
        assert_eq!(ada.next::<u8>("last words").await, 1);
        assert_eq!(ada.left().await, "transport close");
        assert_eq!(ada.reconnect().await.unwrap_err().status, Some(503));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_overtakes_what_is_under_way_when_a_line_becomes_faster() {
    let namespace: Namespace = Namespace::new();
    let world = World::new(Sockeye::builder().namespace("/", namespace).build());
    let bob = world.client("/").transport(Transport::Upgrade).delay(secs(1)).connect().await.unwrap();
    // The probe is under way, and meanwhile the server answers each poll at once.
    world.advance(std::time::Duration::from_millis(500)).await;
    world.delay(&bob, secs(0));
    bob.upgraded().await;
    assert!(bob.connected());
}
