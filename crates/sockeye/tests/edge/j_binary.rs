//! Section J: packets with attachments.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sockeye::{Args, Attachments, Data, Namespace, Socket};

use crate::support::{
    BOTH, Breach, Log, Peer, Server, Via, assert_breach, hands_out, pair, server, settle, witness,
};

const FIRST: &str = r#"{"_placeholder":true,"num":0}"#;
const SECOND: &str = r#"{"_placeholder":true,"num":1}"#;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Album {
    title: String,
    photos: Vec<Bytes>,
    cover: Cover,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Cover {
    front: Option<Bytes>,
    back: Option<Bytes>,
}

/// A handler that writes down which bytes it got.
fn writes_bytes(log: &Log) -> Namespace {
    let written = log.clone();
    witness(log).on("x", async move |Data(bytes): Data<Bytes>| written.write(format!("x {bytes:?}")))
}

#[tokio::test(start_paused = true)]
async fn edge_219_an_event_with_an_attachment() {
    for via in BOTH {
        let log = Log::default();
        let server = server([("/", writes_bytes(&log)), ("/custom", writes_bytes(&log))]);
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(&format!(r#"451-["x",{FIRST}]"#), &[b"\x00\xff"]).await;
        peer.send_binary(&format!(r#"451-7["x",{FIRST}]"#), &[b"\x01"]).await;
        peer.expect("437[]").await;
        peer.connect("40/custom,").await;
        peer.send_binary(&format!(r#"451-/custom,8["x",{FIRST}]"#), &[b"\x02"]).await;
        peer.expect("43/custom,8[]").await;
        log.expect(&["connect", r#"x b"\0\xff""#, r#"x b"\x01""#, "connect", r#"x b"\x02""#]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_220_attachments_stand_anywhere() {
    for via in BOTH {
        let server = Server::new(Namespace::new().on("album", async |Data(album): Data<Album>| {
            assert_eq!(album.photos, [Bytes::from_static(b"one"), Bytes::from_static(b"two")]);
            assert_eq!(album.cover, Cover { front: Some(Bytes::from_static(b"three")), back: None });
            Args((album.cover, album.photos, album.title))
        }));
        let mut peer = Peer::join(&server, via).await;
        let third = r#"{"num":2,"_placeholder":true}"#;
        let album = format!(
            r#"{{"cover":{{"back":null,"front":{third}}},"title":"sea","photos":[{FIRST}, {SECOND}]}}"#
        );
        peer.send_binary(&format!(r#"453-1["album",{album}]"#), &[b"one", b"two", b"three"]).await;
        let third = r#"{"_placeholder":true,"num":2}"#;
        peer.expect(&format!(r#"463-1[{{"front":{FIRST},"back":null}},[{SECOND},{third}],"sea"]"#)).await;
        for bytes in [&b"three"[..], b"one", b"two"] {
            peer.expect_attachment(bytes).await;
        }
    }
}

/// A deliberate difference: an attachment may be named once (row 20 of the hostile clients: a repeated index is
/// refused), for each time more would cost a handler the whole attachment again.
#[tokio::test(start_paused = true)]
async fn edge_221_an_attachment_that_is_named_twice_ends_the_session() {
    for via in BOTH {
        let packet = format!(r#"451-["x",{FIRST},{FIRST}]"#);
        assert_breach(via, &[&packet], Breach::Undecodable).await;
        let packet = format!(r#"452-["x",{FIRST},{{"a":[{SECOND},{FIRST}]}}]"#);
        assert_breach(via, &[&packet], Breach::Undecodable).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_222_an_attachment_that_is_not_named_is_waited_for() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(writes_bytes(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send(&format!(r#"452-["x",{SECOND}]"#)).await;
        peer.send_attachment(b"unnamed").await;
        log.expect(&["connect"]).await;
        peer.send_attachment(b"named").await;
        log.expect(&["connect", r#"x b"named""#]).await;
        peer.send_binary(r#"451-["none named"]"#, &[b"abc"]).await;
        log.expect(&["connect", r#"x b"named""#, "none named[] +3"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_223_a_placeholder_names_an_attachment() {
    for via in BOTH {
        for num in
            [r#","num":1"#, r#","num":-1"#, r#","num":"0""#, r#","num":null"#, r#","num":99999999999"#, ""]
        {
            let packet = format!(r#"451-["x",{{"_placeholder":true{num}}}]"#);
            assert_breach(via, &[&packet], Breach::Undecodable).await;
            let nested = format!(r#"451-["x",[{{"a":{{"_placeholder":true{num}}}}}]]"#);
            assert_breach(via, &[&nested], Breach::Undecodable).await;
            let ack = format!(r#"461-0[{{"_placeholder":true{num}}}]"#);
            assert_breach(via, &[&ack], Breach::Undecodable).await;
        }
    }
}

/// A deliberate difference: half an attachment is none, so this is refused as every index that names nothing (row 20
/// of the hostile clients), and no handler meets a hole in its arguments.
#[tokio::test(start_paused = true)]
async fn edge_224_a_fraction_names_no_attachment() {
    for via in BOTH {
        for num in ["0.5", "1e-1"] {
            let packet = format!(r#"451-["x",{{"_placeholder":true,"num":{num}}}]"#);
            assert_breach(via, &[&packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_225_a_placeholder_in_an_event_without_attachments_is_plain_data() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(
            writes_bytes(&log)
                .on("value", async |Data(value): Data<Value>| Data(value))
                .on("count", async |Attachments(parts): Attachments| Data(parts.len())),
        );
        let mut peer = Peer::join(&server, via).await;
        peer.ask(&format!(r#"421["value",{FIRST}]"#), &format!("431[{FIRST}]")).await;
        peer.ask(&format!(r#"422["count",{FIRST}]"#), "432[0]").await;
        // Nobody forges bytes with it.
        peer.send(&format!(r#"423["x",{FIRST}]"#)).await;
        let told = peer.packet().await;
        assert!(told.starts_with(r#"433[{"error":{"code":"invalid_payload","#), "{told}");
        peer.send(&format!(r#"42["any",{FIRST}]"#)).await;
        log.expect(&["connect", &format!("any[{FIRST}]")]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_226_the_count_of_attachments_is_a_whole_number() {
    for via in BOTH {
        for count in
            ["-", "-0-", "a-", "", "1", "-1-", "1.5-", "0x1-", "1 -", " 1-", "NaN-", "Infinity-", "1e-1-"]
        {
            assert_breach(via, &[&format!(r#"45{count}["x"]"#)], Breach::Undecodable).await;
            assert_breach(via, &[&format!("46{count}7[]")], Breach::Undecodable).await;
        }
        assert_breach(via, &["45"], Breach::Undecodable).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_227_the_count_is_read_as_a_number() {
    for via in BOTH {
        for (count, attachments) in [("1e1", 10), ("002", 2), ("2.0", 2)] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::join(&server, via).await;
            peer.send(&format!(r#"45{count}-7["x"]"#)).await;
            for _ in 0..attachments - 1 {
                peer.send_attachment(b"ab").await;
            }
            log.expect(&["connect"]).await;
            peer.send_attachment(b"abc").await;
            peer.expect("437[]").await;
            log.expect(&["connect", &format!("x[]{} +3", " +2".repeat(attachments - 1))]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_228_ten_attachments_and_not_one_more() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(r#"4510-7["x"]"#, &[&b"a"[..]; 10]).await;
        peer.expect("437[]").await;
        log.expect(&["connect", &format!("x[]{}", " +1".repeat(10))]).await;
        for count in ["11", "1e9", "1000000000000"] {
            assert_breach(via, &[&format!(r#"45{count}-["x"]"#)], Breach::Undecodable).await;
            assert_breach(via, &[&format!("46{count}-7[]")], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_229_a_binary_message_that_nobody_waits_for_ends_the_session() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(r#"451-["complete"]"#, &[b"a"]).await;
        peer.send_attachment(b"one too many").await;
        peer.assert_closed().await;
        log.expect(&["connect", "complete[] +1", "disconnect: forced close"]).await;

        // Before anything was joined, too.
        let mut peer = Peer::open(&server, via).await;
        peer.send_attachment(b"first of all").await;
        peer.assert_closed().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_230_no_packet_may_come_between_a_packet_and_its_attachments() {
    for via in BOTH {
        let header = format!(r#"452-["x",{FIRST}]"#);
        for packet in [r#"42["y"]"#, "430[]", "41", "40/other,", &header] {
            assert_breach(via, &[&header, packet], Breach::Undecodable).await;
            assert_breach(via, &[&header, "bAQID", packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_231_packets_of_the_engine_may_come_between() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(writes_bytes(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send(&format!(r#"452-7["x",{SECOND}]"#)).await;
        peer.send("3").await;
        peer.send_attachment(b"a").await;
        peer.send_all(&["3", "6"]).await;
        peer.send_attachment(b"b").await;
        peer.expect("437[]").await;
        log.expect(&["connect", r#"x b"b""#]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_232_by_polling_packet_and_attachments_share_a_body() {
    let log = Log::default();
    let (namespace, mut sockets) = hands_out();
    let written = log.clone();
    let server = Server::new(namespace.fallback(async move |Attachments(parts): Attachments| {
        written.write(parts.iter().map(|part| format!("{part:?}")).collect::<String>());
    }));
    let sid = server.open().await;
    server.post(&sid, "40").await;
    let socket: Socket = sockets.next().await;
    assert!(server.fetch(&sid).await.starts_with(r#"40{"sid":""#));

    let header = format!(r#"452-["x",{FIRST},{SECOND}]"#);
    server
        .post(&sid, &format!("42[\"before\"]\u{1e}{header}\u{1e}bAQID\u{1e}bBA==\u{1e}42[\"after\"]"))
        .await;
    log.expect(&["", r#"b"\x01\x02\x03"b"\x04""#, ""]).await;
    // The attachments may come in bodies of their own.
    server.post(&sid, &header).await;
    server.post(&sid, "bBA==").await;
    server.post(&sid, "bAQID\u{1e}42[\"after\"]").await;
    log.expect(&["", r#"b"\x01\x02\x03"b"\x04""#, "", r#"b"\x04"b"\x01\x02\x03""#, ""]).await;

    drop(socket.emit("before", ()));
    drop(socket.emit("x", (Bytes::from_static(b"\x01\x02\x03"), Bytes::from_static(b"\x04"))));
    drop(socket.emit("after", ()));
    let body = format!("42[\"before\"]\u{1e}{header}\u{1e}bAQID\u{1e}bBA==\u{1e}42[\"after\"]");
    assert_eq!(server.fetch(&sid).await, body);
}

#[tokio::test(start_paused = true)]
async fn edge_233_a_websocket_may_bring_attachments_in_base64() {
    let log = Log::default();
    let server = Server::new(writes_bytes(&log));
    let mut peer = Peer::join(&server, Via::WebSocket).await;
    peer.send_all(&[&format!(r#"451-7["x",{FIRST}]"#), "bAQID"]).await;
    peer.expect("437[]").await;
    log.expect(&["connect", r#"x b"\x01\x02\x03""#]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_234_what_is_emitted_stays_what_it_was() {
    for via in BOTH {
        let mut pair = pair(via).await;
        let cover = Cover { front: None, back: Some(Bytes::from_static(b"b")) };
        let album = Album { title: "sea".to_owned(), photos: vec![Bytes::from_static(b"a")], cover };
        let before = album.clone();
        let packet = format!(
            r#"452-["album",{{"title":"sea","photos":[{FIRST}],"cover":{{"front":null,"back":{SECOND}}}}}]"#
        );
        for _ in 0..2 {
            pair.socket.emit("album", &album).await.unwrap();
            assert_eq!(album, before);
            pair.peer.expect(&packet).await;
            pair.peer.expect_attachment(b"a").await;
            pair.peer.expect_attachment(b"b").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_235_attachments_may_be_empty() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log).on("echo", async |Data(bytes): Data<Bytes>| Data(bytes)));
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(&format!(r#"451-7["echo",{FIRST}]"#), &[b""]).await;
        peer.expect(&format!("461-7[{FIRST}]")).await;
        peer.expect_attachment(b"").await;
        peer.send_binary(&format!(r#"453-["x",{FIRST},{SECOND}]"#), &[b"", b"a", b""]).await;
        log.expect(&["connect", &format!("x[{FIRST},{SECOND}] +0 +1 +0")]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_237_a_packet_without_all_its_attachments_goes_with_its_session() {
    for (via, reason) in [(Via::WebSocket, "transport close"), (Via::Polling, "transport error")] {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(&format!(r#"452-7["x",{FIRST}]"#), &[b"half"]).await;
        settle().await;
        peer.vanish().await;
        log.expect(&["connect", &format!("disconnect: {reason}")]).await;
        // Another session begins with nothing half done.
        let mut peer = Peer::join(&server, via).await;
        peer.assert_alive().await;
        peer.send_attachment(b"the other half").await;
        peer.assert_closed().await;
    }
}
