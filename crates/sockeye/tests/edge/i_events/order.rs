//! Lines 205 to 207 and 218: what comes before and after what.

use std::time::Duration;

use sockeye::{Data, EmitError, Namespace};
use tokio::time::sleep;

use crate::support::{BOTH, Breach, Gate, Got, Log, Peer, Server, Via, pair, server, settle, witness};

/// Says goodbye and more in one burst; whether the session lives. No handler hears of it in any case.
async fn survives_a_burst_behind_its_goodbye(via: Via) -> bool {
    let log = Log::default();
    let server = server([("/", witness(&log).on("named", async || {})), ("/other", Namespace::new())]);
    let mut peer = Peer::join(&server, via).await;
    peer.connect("40/other,").await;
    peer.send_all(&["41", r#"42["x"]"#, r#"421["named"]"#, "430[]", "41"]).await;
    log.expect(&["connect", "disconnect: client namespace disconnect"]).await;
    peer.send("40/nowhere,").await;
    match peer.next().await {
        Got::Closed => false,
        got => got == Got::Packet(r#"44/nowhere,{"message":"Invalid namespace"}"#.to_owned()),
    }
}

/// What the client said in the same breath as its goodbye is dropped, and costs it nothing. That a catch-all still
/// runs there is a deliberate difference: nothing follows the disconnect handler of a socket (ARCHITECTURE, section 6).
#[tokio::test(start_paused = true)]
async fn edge_205_an_event_right_behind_the_goodbye_is_dropped() {
    for via in BOTH {
        assert!(survives_a_burst_behind_its_goodbye(via).await, "{via:?}");
    }
}

/// A paused clock would hide that packets of one burst are read one after the other. A busy machine may well tear one
/// burst apart, but not each of many.
#[tokio::test]
async fn edge_205_a_burst_takes_its_time() {
    for via in BOTH {
        let mut attempts = 0;
        while !survives_a_burst_behind_its_goodbye(via).await {
            attempts += 1;
            assert!(attempts < 20, "{via:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_205_an_event_long_after_the_goodbye_ends_the_session() {
    for via in BOTH {
        let log = Log::default();
        let server = server([("/", Namespace::new()), ("/other", witness(&log))]);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/other,").await;
        peer.send("41").await;
        sleep(Duration::from_millis(20)).await;
        peer.send(r#"42["x"]"#).await;
        peer.assert_closed().await;
        let reason = format!("disconnect: {}", Breach::Misplaced.reason(via));
        log.expect(&["connect", &reason]).await;
    }
}

/// A deliberate difference: an event that came before the goodbye is handled, and before the disconnect handler runs
/// (ARCHITECTURE, section 6: events and a DISCONNECT keep their order).
#[tokio::test(start_paused = true)]
async fn edge_206_an_event_right_before_the_goodbye_is_handled_first() {
    for via in BOTH {
        for apart in [false, true] {
            let log = Log::default();
            let named = log.clone();
            let namespace = witness(&log)
                .on("named", async move |Data(reason): Data<String>| named.write(format!("named {reason}")));
            let server = Server::new(namespace);
            let mut peer = Peer::join(&server, via).await;
            let packets = [r#"42["named","logged out"]"#, r#"42["x",1]"#, "41"];
            if apart {
                for packet in packets {
                    peer.send(packet).await;
                    sleep(Duration::from_millis(20)).await;
                }
            } else {
                peer.send_all(&packets).await;
            }
            log.expect(&["connect", "named logged out", "x[1]", "disconnect: client namespace disconnect"])
                .await;
        }
    }
}

/// A deliberate difference: the caller is told that the socket is closed, instead of packets that no client waits for
/// (ARCHITECTURE, section 8, promise 2: what is accepted is delivered, or your code is told).
#[tokio::test(start_paused = true)]
async fn edge_207_nothing_is_written_to_a_namespace_that_the_client_has_left() {
    for via in BOTH {
        let mut pair = pair(via).await;
        let io = pair.server.io().clone();
        let socket = pair.socket.clone();
        pair.peer.send("41").await;
        settle().await;
        let refused = socket.emit("late", ()).await;
        assert!(matches!(refused, Err(EmitError::Closed)), "{refused:?}");
        assert!(matches!(socket.try_emit("late", ()), Err(EmitError::Closed)));
        io.emit("late", ()).await.unwrap();
        io.to(socket.id()).emit("late", ()).await.unwrap();
        // The next word of the session is the reply to its next CONNECT.
        pair.peer.connect("40").await;
        pair.peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_218_a_client_gets_events_in_the_order_of_their_emission() {
    for via in BOTH {
        let log = Log::default();
        let (gate, written) = (Gate::closed(), log.clone());
        let waits = gate.clone();
        let namespace = Namespace::new()
            .on_connect(async move |socket: sockeye::Socket, io: sockeye::Io| {
                for n in 0..100 {
                    // To the socket and to its namespace by turns: there is one order.
                    match n % 2 {
                        0 => socket.emit("n", n).await.unwrap(),
                        _ => io.of("/chat").emit("n", n).await.unwrap(),
                    }
                }
                waits.pass().await;
            })
            .on("n", async move |Data(n): Data<u32>| written.write(n.to_string()));
        let server = server([("/chat", namespace)]);
        let mut peer = Peer::open(&server, via).await;
        peer.connect("40/chat,").await;
        for n in 0..100 {
            peer.expect(&format!(r#"42/chat,["n",{n}]"#)).await;
        }
        let numbers: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        for n in &numbers {
            peer.send(&format!(r#"42/chat,["n",{n}]"#)).await;
        }
        gate.let_pass(1);
        log.expect(&numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
}
