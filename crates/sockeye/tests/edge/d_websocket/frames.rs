//! Frames that are packets, and frames that are none (lines 107 to 117).

use std::time::Duration;

use crate::support::{Frame, Log, frame};

use super::{joined, joined_for_details, joined_with};

const BINARY: &str = r#"451-["b",{"_placeholder":true,"num":0}]"#;
const PLACEHOLDER: &str = r#"{"_placeholder":true,"num":0}"#;

#[tokio::test(start_paused = true)]
async fn edge_107_text_and_binary_messages() {
    let log = Log::default();
    let (_server, mut websocket, _) = joined(&log).await;
    websocket.send(r#"42["a"]"#).await;
    websocket.send(BINARY).await;
    websocket.send_binary(&[1, 2, 3]).await;
    // A binary frame is the message itself: its first byte is no type.
    websocket.send(BINARY).await;
    websocket.send_binary(b"4").await;
    log.expect(&["connect", "a[]", &format!("b[{PLACEHOLDER}] +3"), &format!("b[{PLACEHOLDER}] +1")]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_108_base64_in_a_text_frame_is_binary() {
    let log = Log::default();
    let (_server, mut websocket, _) = joined(&log).await;
    websocket.send_all(&[BINARY, "bAQID"]).await;
    log.expect(&["connect", &format!("b[{PLACEHOLDER}] +3")]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_109_what_is_no_packet() {
    for text in ["abc", "", "7", "b!", "é"] {
        let log = Log::default();
        let (server, mut websocket, _) = joined(&log).await;
        websocket.send_all(&[r#"42["before"]"#, text, r#"42["behind"]"#]).await;
        websocket.assert_closed(None).await;
        log.expect(&["connect", "before[]", "disconnect: parse error"]).await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_110_a_ping_from_the_client() {
    for ping in ["2", "2probe"] {
        let log = Log::default();
        let (_server, mut websocket, _) = joined_for_details(&log).await;
        websocket.send(ping).await;
        websocket.assert_closed(None).await;
        log.expect(&["transport error: ping from a client"]).await;
    }
}

/// The reference ignores it until the ping timeout. The protocol says that the close packet closes the session
/// (Engine.IO 4, packet type 1), so it does, at once.
#[tokio::test(start_paused = true)]
async fn edge_111_the_close_packet_closes() {
    let log = Log::default();
    let (server, mut websocket, _) = joined(&log).await;
    websocket.send_all(&[r#"42["before"]"#, "1", r#"42["behind"]"#]).await;
    websocket.assert_closed(None).await;
    log.expect(&["connect", "before[]", "disconnect: transport close"]).await;
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_112_packets_without_a_meaning_here() {
    let log = Log::default();
    let (_server, mut websocket, _) = joined(&log).await;
    websocket.send_all(&["0", "0{}", "5", "6", "3", "3probe", r#"421["on"]"#]).await;
    assert_eq!(websocket.text().await, "431[]");
    log.expect(&["connect", "on[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_113_a_message_that_is_too_long() {
    let long = format!(r#"42["e","{}"]"#, "x".repeat(91));
    assert_eq!(long.len(), 101);
    // In one frame, by its header alone, as binary, and in fragments none of which is too long.
    let header = frame(1, &long)[..6].to_vec();
    let fragments =
        [&[0x01, 0x80 | 51, 0, 0, 0, 0], &long.as_bytes()[..51], &[0x80, 0x80 | 50, 0, 0, 0, 0]].concat();
    for bytes in [frame(1, &long), header, frame(2, &long), fragments] {
        let log = Log::default();
        let (server, mut websocket, _) = joined_with(&log, |it| it.max_payload(100)).await;
        websocket.send(&format!(r#"42["e","{}"]"#, "x".repeat(90))).await;
        websocket.connection.write(bytes).await;
        websocket.assert_closed(Some(1009)).await;
        log.expect(&["connect", &format!("e[\"{}\"]", "x".repeat(90)), "disconnect: transport error"]).await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_114_text_that_is_not_utf_8() {
    for text in [&b"42[\"\xff\"]"[..], b"42[\"\xed\xa0\x80\"]", b"42[\"\xc0\xaf\"]", b"42[\"\xe2\x82"] {
        let log = Log::default();
        let (_server, mut websocket, _) = joined_for_details(&log).await;
        websocket.connection.write(frame(1, text)).await;
        websocket.assert_closed(Some(1007)).await;
        log.expect(&["transport error: websocket text is not UTF-8"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_115_a_frame_without_a_mask() {
    let log = Log::default();
    let (_server, mut websocket, _) = joined_for_details(&log).await;
    websocket.connection.write(b"\x81\x0342[").await;
    websocket.assert_closed(Some(1002)).await;
    log.expect(&["transport error: websocket protocol violated"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_116_fragments_are_one_message() {
    let log = Log::default();
    let (_server, mut websocket, _) = joined(&log).await;
    // Torn inside a character, with an empty fragment and a ping between.
    let text = "42[\"a\",\"€\"]".as_bytes();
    let (left, right) = text.split_at(9);
    websocket.send_fragment(0x01, left).await;
    websocket.send_fragment(0x00, "").await;
    websocket.connection.write(frame(9, "still there?")).await;
    assert_eq!(websocket.next().await, Frame::Pong(b"still there?".to_vec()));
    websocket.send_fragment(0x80, right).await;
    websocket.send(BINARY).await;
    websocket.send_fragment(0x02, [1]).await;
    websocket.send_fragment(0x80, [2]).await;
    log.expect(&["connect", "a[\"€\"]", &format!("b[{PLACEHOLDER}] +2")]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_117_pings_of_the_websocket_are_answered_there() {
    let log = Log::default();
    let (_server, mut websocket, _) = joined(&log).await;
    for payload in ["", "hi", &"x".repeat(125)] {
        websocket.connection.write(frame(9, payload)).await;
        assert_eq!(websocket.next().await, Frame::Pong(payload.as_bytes().to_vec()));
    }
    // A pong that nobody asked for is nothing.
    websocket.connection.write(frame(10, "unasked")).await;
    assert!(tokio::time::timeout(Duration::from_secs(1), websocket.next()).await.is_err());
    log.expect(&["connect"]).await;
}
