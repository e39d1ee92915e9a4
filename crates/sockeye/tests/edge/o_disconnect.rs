//! Section O: how sockets and sessions end, and what each side is told.

use std::time::Duration;

use sockeye::{DisconnectReason, Io, Namespace, Socket};
use tokio::time::sleep;

use crate::support::{
    BOTH, Breach, Got, Log, Peer, Request, Server, Sockets, Via, assert_breach, frame, hands_out, server,
    settle, witness,
};

/// Two namespaces, `/` and `/c`, whose disconnect handlers write down their name and the reason, and the server's side
/// of who joins them.
fn two(log: &Log) -> (Server, Sockets, Sockets) {
    let tells = || {
        let log = log.clone();
        let (namespace, sockets) = hands_out();
        let tells = async move |socket: Socket, reason: DisconnectReason| {
            log.write(format!("{} {reason}", socket.namespace_name()));
        };
        (namespace.on_disconnect(tells).on("alive", async || {}), sockets)
    };
    let ((main, of_main), (other, of_other)) = (tells(), tells());
    (server([("/", main), ("/c", other)]), of_main, of_other)
}

/// The lines, in any order between the two namespaces.
async fn expect_both(log: &Log, reason: &str) {
    settle().await;
    let mut lines = log.lines();
    lines.sort();
    assert_eq!(lines, [format!("/ {reason}"), format!("/c {reason}")]);
}

#[tokio::test(start_paused = true)]
async fn edge_295_a_client_leaves_one_namespace() {
    for via in BOTH {
        let log = Log::default();
        let (server, ..) = two(&log);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/c,").await;
        peer.send("41/c,").await;
        log.expect(&["/c client namespace disconnect"]).await;
        peer.assert_alive().await;
        peer.connect("40/c,").await;
        peer.send("41").await;
        log.expect(&["/c client namespace disconnect", "/ client namespace disconnect"]).await;
        peer.ask(r#"42/c,7["alive"]"#, "43/c,7[]").await;
        assert_eq!(server.sessions(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_296_the_server_disconnects_one_namespace() {
    for via in BOTH {
        let log = Log::default();
        let (server, mut of_main, _) = two(&log);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/c,").await;
        of_main.next().await.disconnect().await;
        peer.expect("41").await;
        log.expect(&["/ server namespace disconnect"]).await;
        // What the client had sent before it heard of that is nobody's fault.
        peer.send_all(&[r#"42["late"]"#, "430[]", "41"]).await;
        peer.ask(r#"42/c,7["alive"]"#, "43/c,7[]").await;
        peer.connect("40").await;
        peer.assert_alive().await;
        assert_eq!(server.sessions(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_297_close_disconnects_all_namespaces_and_ends_the_websocket() {
    let log = Log::default();
    let (server, mut of_main, _) = two(&log);
    let (mut websocket, _) = server.open_websocket().await;
    websocket.send_all(&["40", "40/c,"]).await;
    for before in [r#"40{"sid""#, r#"40/c,{"sid""#] {
        assert!(websocket.text().await.starts_with(before));
    }
    of_main.next().await.close().await;
    assert_eq!(websocket.text().await, "41");
    assert_eq!(websocket.text().await, "41/c,");
    websocket.assert_closed(None).await;
    expect_both(&log, "server namespace disconnect").await;
}

#[tokio::test(start_paused = true)]
async fn edge_297_close_disconnects_all_namespaces_and_ends_the_polling() {
    for waits in [true, false] {
        let log = Log::default();
        let (server, mut of_main, _) = two(&log);
        let sid = server.open().await;
        server.post(&sid, "40\u{1e}40/c,").await;
        let socket = of_main.next().await;
        server.fetch(&sid).await;
        let poll = if waits { Some(server.poll(&sid).await) } else { None };
        socket.close().await;
        settle().await;
        let body = match poll {
            Some(poll) => poll.answer().await.packets().to_owned(),
            None => server.fetch(&sid).await,
        };
        assert_eq!(body, "41\u{1e}41/c,", "with a GET waiting: {waits}");
        assert_eq!(server.fetch(&sid).await, "6\u{1e}1");
        server.send(Request::poll(&sid)).await.assert_unknown();
        expect_both(&log, "server namespace disconnect").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_298_a_packet_at_the_wrong_moment_has_a_name_for_each_transport() {
    assert_eq!(Breach::Misplaced.reason(Via::WebSocket), "forced close");
    assert_eq!(Breach::Misplaced.reason(Via::Polling), "forced server close");
    for via in BOTH {
        for packet in ["40", r#"42/c,["x"]"#, "41/c,", r#"44{"message":"x"}"#] {
            assert_breach(via, &[packet], Breach::Misplaced).await;
        }
        // All namespaces of the session are told the same.
        let log = Log::default();
        let (server, ..) = two(&log);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/c,").await;
        peer.send("40").await;
        peer.assert_closed().await;
        expect_both(&log, Breach::Misplaced.reason(via)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_299_an_undecodable_packet_has_one_name() {
    for via in BOTH {
        assert_eq!(Breach::Undecodable.reason(via), "forced close");
        for packet in ["42{}", "47", "4", "bAQID", r#"451-["x",{"_placeholder":true,"num":7}]"#] {
            assert_breach(via, &[packet], Breach::Undecodable).await;
        }
        let log = Log::default();
        let (server, ..) = two(&log);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/c,").await;
        peer.send("47").await;
        peer.assert_closed().await;
        expect_both(&log, "forced close").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_300_what_the_engine_cannot_parse_is_a_parse_error() {
    for via in BOTH {
        for packet in ["abc", "7", "", "x42[\"x\"]"] {
            let log = Log::default();
            let (server, ..) = two(&log);
            let mut peer = Peer::join(&server, via).await;
            peer.connect("40/c,").await;
            peer.send(packet).await;
            peer.assert_closed().await;
            expect_both(&log, "parse error").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_301_a_websocket_that_is_closed_is_a_transport_close() {
    // With a code, without one, and without a word.
    for last in [frame(8, 1000_u16.to_be_bytes()), frame(8, ""), frame(8, 1001_u16.to_be_bytes()), Vec::new()]
    {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let (mut websocket, _) = server.open_websocket().await;
        websocket.send("40").await;
        websocket.text().await;
        websocket.connection.write(last).await;
        drop(websocket);
        log.expect(&["connect", "disconnect: transport close"]).await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_302_a_get_that_is_given_up_is_a_transport_error() {
    let log = Log::default();
    let goes = log.clone();
    let tells = async move |reason: DisconnectReason| {
        let DisconnectReason::Session(close) = reason else { panic!("{reason}") };
        goes.write(format!("{close}: {}", close.detail().unwrap_or_default()));
    };
    let server = Server::new(Namespace::new().on_disconnect(tells));
    Peer::join(&server, Via::Polling).await.vanish().await;
    log.expect(&["transport error: poll connection closed prematurely"]).await;
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_303_a_server_that_shuts_down_sends_no_disconnect() {
    // A handle of no server has nothing to end.
    let report = Io::new().shutdown().await;
    assert_eq!((report.closed, report.flushed, report.aborted), (0, 0, 0));

    let log = Log::default();
    let server = Server::new(witness(&log));
    let (mut websocket, _) = server.open_websocket().await;
    websocket.send("40").await;
    websocket.text().await;
    let shutdown = tokio::spawn(server.io().shutdown().into_future());
    websocket.assert_closed(None).await;
    drop(websocket);
    assert_eq!(shutdown.await.unwrap().closed, 1);
    log.expect(&["connect", "disconnect: server shutting down"]).await;
    // Once more is no error.
    assert_eq!(server.io().shutdown().await.aborted, 0);

    let log = Log::default();
    let server = Server::new(witness(&log));
    let sid = server.open().await;
    server.post(&sid, "40").await;
    server.fetch(&sid).await;
    let poll = server.poll(&sid).await;
    let shutdown = tokio::spawn(server.io().shutdown().into_future());
    assert_eq!(poll.answer().await.packets(), "1");
    assert_eq!(shutdown.await.unwrap().closed, 1);
    log.expect(&["connect", "disconnect: server shutting down"]).await;
    server.send(Request::poll(&sid)).await.assert_unknown();
    assert_eq!(server.send(Request::open()).await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn edge_304_nothing_is_left_after_the_end() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for via in BOTH {
        for end in ["41", "abc", "40", "vanish", "close", "shutdown"] {
            let log = Log::default();
            let (server, mut of_main, _) = two(&log);
            settle().await;
            let before = tasks();
            let mut peer = Peer::join(&server, via).await;
            peer.connect("40/c,").await;
            // Whatever is kept of a socket is kept by this.
            let value = std::sync::Arc::new(());
            let socket = of_main.next().await;
            socket.extensions().insert(value.clone());
            match end {
                "close" => socket.close().await,
                "shutdown" => drop(tokio::spawn(server.io().shutdown().into_future())),
                "vanish" => {}
                packet => peer.send(packet).await,
            }
            drop(socket);
            settle().await;
            match end {
                "vanish" | "41" => peer.vanish().await,
                _ => while peer.next().await != Got::Closed {},
            }
            // A closed websocket has two seconds to take leave.
            sleep(Duration::from_secs(3)).await;
            let left = (server.sessions(), tasks(), std::sync::Arc::strong_count(&value));
            assert_eq!(left, (0, before, 1), "{via:?} {end}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_305_disconnecting_twice_is_one_disconnect() {
    for via in BOTH {
        for close in [false, true] {
            let log = Log::default();
            let (server, mut of_main, _) = two(&log);
            let mut peer = Peer::join(&server, via).await;
            let socket = of_main.next().await;
            socket.disconnect().await;
            socket.disconnect().await;
            if close {
                socket.close().await;
                socket.close().await;
            }
            peer.expect("41").await;
            match close {
                true => peer.assert_closed().await,
                false => peer.assert_silent().await,
            }
            socket.disconnect().await;
            log.expect(&["/ server namespace disconnect"]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_306_all_namespaces_are_told_of_the_end() {
    for via in BOTH {
        let log = Log::default();
        let (server, ..) = two(&log);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/c,").await;
        peer.vanish().await;
        let reason = if via == Via::Polling { "transport error" } else { "transport close" };
        expect_both(&log, reason).await;

        let log = Log::default();
        let (server, _, mut of_other) = two(&log);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/c,").await;
        of_other.next().await.close().await;
        expect_both(&log, "server namespace disconnect").await;
    }
}

/// Whether a stock client comes back by itself is decided by one packet: DISCONNECT makes it stay away. So it is sent
/// when the application has said so, and never else.
#[tokio::test(start_paused = true)]
async fn edge_307_only_the_application_makes_a_client_stay_away() {
    /// Everything up to the end; pings stay unanswered.
    async fn heard(peer: &mut Peer) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            match peer.raw().await {
                Got::Packet(packet) if packet == "1" => return heard,
                Got::Packet(packet) if packet == "6" => {}
                Got::Packet(packet) => heard.push(packet),
                Got::Attachment(bytes) => panic!("{bytes:?}"),
                Got::Closed => return heard,
            }
        }
    }
    for via in BOTH {
        let cases = [
            ("silence", "ping timeout", vec!["2"]),
            ("abc", "parse error", vec![]),
            ("47", "forced close", vec![]),
            ("40", Breach::Misplaced.reason(via), vec![]),
            ("shutdown", "server shutting down", vec![]),
            ("close", "server namespace disconnect", vec!["41"]),
        ];
        for (end, reason, expected) in cases {
            let log = Log::default();
            let (server, mut of_main, _) = two(&log);
            let mut peer = Peer::join(&server, via).await;
            let socket = of_main.next().await;
            match end {
                "silence" => {}
                "shutdown" => drop(tokio::spawn(server.io().shutdown().into_future())),
                "close" => socket.close().await,
                packet => peer.send(packet).await,
            }
            assert_eq!(heard(&mut peer).await, expected, "{via:?} {end}");
            log.expect(&[&format!("/ {reason}")]).await;
        }
    }
}
