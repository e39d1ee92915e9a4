//! Row 14: messages that are too long, judged before they are kept.

use sockeye::Namespace;

use crate::support::{BOTH, Breach, Frame, Log, Peer, Request, Server, Via, frame, server_with, witness};

const MOST: usize = 10_000;

fn limited(log: &Log) -> Server {
    server_with(witness(log), |builder| builder.max_payload(MOST))
}

/// An event of exactly so many bytes, the engine's `4` included.
fn event(bytes: usize) -> String {
    let empty = r#"42["x",""]"#;
    format!(r#"42["x","{}"]"#, "a".repeat(bytes - empty.len()))
}

#[tokio::test(start_paused = true)]
async fn attack_14_the_limit_is_the_one_that_clients_are_told() {
    for most in [MOST, 123_456] {
        let server = server_with(Namespace::new(), |builder| builder.max_payload(most));
        let told = server.send(Request::open()).await.packets().to_owned();
        assert!(told.contains(&format!(r#""maxPayload":{most}"#)), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn attack_14_a_websocket_message_is_as_long_as_the_limit_and_no_longer() {
    for bytes in [MOST - 1, MOST, MOST + 1, 10 * MOST] {
        let log = Log::default();
        let server = limited(&log);
        let mut peer = Peer::join(&server, Via::WebSocket).await;
        peer.send(&event(bytes)).await;
        if bytes <= MOST {
            peer.assert_alive().await;
            assert_eq!(log.lines()[1].len(), bytes - 5);
        } else {
            peer.assert_closed().await;
            log.expect(&["connect", "disconnect: transport error"]).await;
        }
        assert_eq!(server.sessions(), usize::from(bytes <= MOST));
    }
}

/// Text, bytes and fragments: the header says enough, nothing behind it is waited for.
#[tokio::test(start_paused = true)]
async fn attack_14_a_websocket_message_is_refused_by_its_header() {
    for opcode in [1, 2] {
        for before in [None, Some(1), Some(MOST / 2)] {
            for declared in [MOST + 1, 10 * MOST, usize::MAX / 2] {
                let log = Log::default();
                let server = limited(&log);
                let (mut websocket, _) = server.open_websocket().await;
                // What has come of the message already counts.
                if let Some(before) = before {
                    websocket.send_fragment(opcode, vec![b'4'; before]).await;
                }
                let first = if before.is_none() { 0x80 | opcode } else { 0x80 };
                let left = declared - before.unwrap_or_default();
                let mut header = vec![first, 0x80 | 127];
                header.extend(u64::try_from(left).unwrap().to_be_bytes());
                header.extend([0; 4]);
                websocket.connection.write(header).await;
                websocket.assert_closed(Some(1009)).await;
                assert_eq!(server.sessions(), 0);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_14_bytes_are_bounded_like_text() {
    for bytes in [MOST - 1, MOST, MOST + 1, 10 * MOST] {
        let log = Log::default();
        let server = limited(&log);
        let (mut websocket, _) = server.open_websocket().await;
        websocket.send("40").await;
        assert!(websocket.text().await.starts_with("40{"));
        websocket.send(r#"451-["x",{"_placeholder":true,"num":0}]"#).await;
        websocket.connection.write(frame(2, vec![0; bytes])).await;
        // Beside the packet's own text there is no room for so long an attachment, but the frame is not at fault.
        let code = if bytes <= MOST { None } else { Some(1009) };
        assert_eq!(websocket.next().await, Frame::Close(code), "{bytes}");
        let reason =
            if bytes <= MOST { Breach::Undecodable.reason(Via::WebSocket) } else { "transport error" };
        log.expect(&["connect", &format!("disconnect: {reason}")]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn attack_14_a_post_is_as_long_as_the_limit_and_no_longer() {
    for bytes in [MOST - 1, MOST, MOST + 1, 10 * MOST] {
        let log = Log::default();
        let server = limited(&log);
        let mut peer = Peer::join(&server, Via::Polling).await;
        let answer = server.send(Request::post(&peer.sid, event(bytes))).await;
        if bytes <= MOST {
            answer.assert_ok();
            assert_eq!(log.lines()[1].len(), bytes - 5);
        } else {
            // Refused alone: none of it was heard, and the session lives.
            answer.assert_empty(413);
            assert_eq!(log.lines(), ["connect"]);
        }
        peer.assert_alive().await;
    }
}

/// Many packets, text and bytes, are bounded as the one body they are.
#[tokio::test(start_paused = true)]
async fn attack_14_packets_of_a_post_share_the_limit() {
    for beyond in [0, 1] {
        let log = Log::default();
        let server = limited(&log);
        let mut peer = Peer::join(&server, Via::Polling).await;
        let header = r#"451-["x",{"_placeholder":true,"num":0}]"#;
        // Base64 of three bytes is four characters; the last event fills up what is left.
        let bytes = format!("b{}", "AAAA".repeat(1_000));
        let text = event(MOST - header.len() - bytes.len() - 2 + beyond);
        let body = [header, &bytes, &text].join("\x1e");
        assert_eq!(body.len(), MOST + beyond);
        let answer = server.send(Request::post(&peer.sid, body)).await;
        if beyond == 0 {
            answer.assert_ok();
            assert_eq!(log.lines().len(), 3);
        } else {
            answer.assert_empty(413);
            assert_eq!(log.lines().len(), 1);
        }
        peer.assert_alive().await;
    }
}

/// A declared length is believed before the body comes, a running count as soon as it is too high.
#[tokio::test(start_paused = true)]
async fn attack_14_a_post_is_refused_before_it_has_come() {
    let server = limited(&Log::default());
    let sid = server.open().await;
    let head = format!("POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: a\r\n");
    for declared in ["10001", "100000", "9223372036854775807"] {
        let mut connection = server.connect();
        connection.write(format!("{head}content-length: {declared}\r\n\r\n")).await;
        connection.answer().await.assert_empty(413);
    }
    for last in [0, 1] {
        let mut connection = server.connect();
        connection.write(format!("{head}transfer-encoding: chunked\r\n\r\n")).await;
        let packet = "6".repeat(100);
        for _ in 0..MOST / 100 {
            connection.write(format!("64\r\n{packet}\r\n")).await;
        }
        connection.write(if last == 0 { "0\r\n\r\n" } else { "1\r\n6\r\n" }).await;
        let answer = connection.answer().await;
        if last == 0 { answer.assert_ok() } else { answer.assert_empty(413) }
    }
    assert_eq!(server.sessions(), 1);
}

/// The default limit holds as well.
#[tokio::test(start_paused = true)]
async fn attack_14_a_megabyte_is_the_default() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send(&event(1_000_000)).await;
        peer.assert_alive().await;
        assert_eq!(log.lines()[1].len(), 999_995);
        peer.send(&event(1_000_001)).await;
        match via {
            Via::Polling => peer.assert_alive().await,
            Via::WebSocket => peer.assert_closed().await,
        }
        assert_eq!(log.lines().len(), 4);
    }
}
