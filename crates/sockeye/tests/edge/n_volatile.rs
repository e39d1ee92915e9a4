//! Section N: volatile events, which are dropped when the transport cannot take them at once.

use bytes::Bytes;
use sockeye::{Broadcast, Socket};

use crate::support::{BOTH, Got, Pair, Peer, Via, pair, settle};

/// A client that is ready to take something, and the server's side of it.
async fn ready(via: Via) -> Pair {
    let mut pair = pair(via).await;
    listen(&mut pair.peer).await;
    pair
}

/// Waits for something until the transport is idle; by polling that leaves a GET waiting.
async fn listen(peer: &mut Peer) {
    peer.assert_silent().await;
    settle().await;
}

/// Each way to emit a volatile event to this one socket.
fn volatile(socket: &Socket, name: &str, args: (&str, Option<&Bytes>)) {
    let all: Broadcast = socket.namespace().volatile();
    match args {
        ("all", None) => drop(all.emit(name, ())),
        ("all", Some(bytes)) => drop(all.emit(name, (bytes, bytes))),
        (_, None) => drop(socket.volatile().emit(name, ())),
        (_, Some(bytes)) => drop(socket.volatile().emit(name, (bytes, bytes))),
    }
}

const WAYS: [&str; 2] = ["one", "all"];

#[tokio::test(start_paused = true)]
async fn edge_287_a_volatile_event_behind_another_is_dropped() {
    for (via, way) in BOTH.into_iter().flat_map(|via| WAYS.map(|way| (via, way))) {
        let Pair { mut peer, socket, .. } = ready(via).await;
        drop(socket.emit("a", ()));
        volatile(&socket, "v", (way, None));
        peer.expect(r#"42["a"]"#).await;
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_288_a_volatile_event_alone_is_sent() {
    for (via, way) in BOTH.into_iter().flat_map(|via| WAYS.map(|way| (via, way))) {
        let Pair { mut peer, socket, .. } = ready(via).await;
        for _ in 0..3 {
            volatile(&socket, "v", (way, None));
            peer.expect(r#"42["v"]"#).await;
            listen(&mut peer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_289_of_two_in_a_row_the_first_is_sent() {
    for (via, way) in BOTH.into_iter().flat_map(|via| WAYS.map(|way| (via, way))) {
        let Pair { mut peer, socket, .. } = ready(via).await;
        volatile(&socket, "first", (way, None));
        volatile(&socket, "second", (way, None));
        peer.expect(r#"42["first"]"#).await;
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_290_a_packet_and_its_attachments_are_one() {
    let (one, two) = (Bytes::from_static(b"\x01"), Bytes::from_static(b"\x02\x02"));
    for (via, way) in BOTH.into_iter().flat_map(|via| WAYS.map(|way| (via, way))) {
        let Pair { mut peer, socket, .. } = ready(via).await;
        volatile(&socket, "first", (way, Some(&one)));
        volatile(&socket, "second", (way, Some(&two)));
        let header = r#"452-["first",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
        peer.expect(header).await;
        peer.expect_attachment(&one).await;
        peer.expect_attachment(&one).await;
        peer.assert_silent().await;
        // Neither does one behind a plain event leave a header or an attachment of its own.
        drop(socket.emit("a", ()));
        volatile(&socket, "third", (way, Some(&two)));
        peer.expect(r#"42["a"]"#).await;
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_291_what_is_not_volatile_arrives_behind_one_that_was_dropped() {
    for (via, way) in BOTH.into_iter().flat_map(|via| WAYS.map(|way| (via, way))) {
        let Pair { mut peer, socket, .. } = ready(via).await;
        for event in ["a", "b", "c"] {
            drop(socket.emit(event, ()));
            volatile(&socket, "v", (way, None));
        }
        for event in ["a", "b", "c"] {
            peer.expect(&format!(r#"42["{event}"]"#)).await;
        }
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_292_polling_needs_a_get_that_waits() {
    for way in WAYS {
        let Pair { mut peer, socket, .. } = pair(Via::Polling).await;
        volatile(&socket, "nobody asks", (way, None));
        listen(&mut peer).await;
        volatile(&socket, "asked", (way, None));
        // That GET is answered by now, and no other waits.
        settle().await;
        volatile(&socket, "nobody asks", (way, None));
        peer.expect(r#"42["asked"]"#).await;
        peer.assert_silent().await;
    }
}

/// The reference sends the packet in one body and its attachment in the next.
#[tokio::test(start_paused = true)]
async fn edge_293_a_packet_and_its_attachments_go_in_one_body() {
    let bytes = Bytes::from_static(b"\x01\x02\x03");
    for way in WAYS {
        let Pair { server, peer, socket } = pair(Via::Polling).await;
        let get = server.poll(&peer.sid).await;
        volatile(&socket, "v", (way, Some(&bytes)));
        let body = get.answer().await;
        let header = r#"452-["v",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
        assert_eq!(body.packets(), format!("{header}\u{1e}bAQID\u{1e}bAQID"));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_287_a_client_that_does_not_read_gets_no_volatile_events_and_all_others() {
    let Pair { mut peer, socket, .. } = ready(Via::WebSocket).await;
    // More than the pipe takes: from then on nothing can leave at once.
    drop(socket.emit("long", "a".repeat(3 << 20)));
    settle().await;
    let before = socket.outbox().bytes();
    assert!(before > 0);
    for number in 0..10_000 {
        volatile(&socket, "cursor", (WAYS[number % 2], None));
        if number % 1_000 == 0 {
            drop(socket.emit("plain", number));
        }
    }
    settle().await;
    assert!(socket.outbox().bytes() < before + 1_000, "memory stays as it was");
    assert!(matches!(peer.next().await, Got::Packet(packet) if packet.len() > 3 << 20));
    for number in (0..10_000).step_by(1_000) {
        peer.expect(&format!(r#"42["plain",{number}]"#)).await;
    }
    listen(&mut peer).await;
    volatile(&socket, "cursor", ("one", None));
    peer.expect(r#"42["cursor"]"#).await;
}
