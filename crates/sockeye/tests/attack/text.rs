//! Rows 29 and 30: bytes that are no text, and characters of several bytes where one was expected.

use sockeye::{Namespace, Sockeye};

use crate::{
    kit::{Dice, panics},
    support::{BOTH, Log, Peer, Request, Server, Via, frame, witness},
};

/// No UTF-8, each for another reason.
const BROKEN: [&[u8]; 9] = [
    b"\x80",
    b"\xff",
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xf8\x88\x80\x80\x80",
];

fn event(bytes: &[u8]) -> Vec<u8> {
    [br#"42["x",""#, bytes, br#""]"#].concat()
}

#[tokio::test(start_paused = true)]
async fn attack_29_text_that_is_no_utf_8_ends_the_session() {
    for bytes in BROKEN {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let (mut websocket, _) = server.open_websocket().await;
        websocket.send("40").await;
        websocket.text().await;
        websocket.connection.write(frame(1, event(bytes))).await;
        websocket.assert_closed(Some(1007)).await;
        log.expect(&["connect", "disconnect: transport error"]).await;

        log.clear();
        let peer = Peer::join(&server, Via::Polling).await;
        server.send(Request::post(&peer.sid, event(bytes))).await.assert_empty(400);
        log.expect(&["connect", "disconnect: parse error"]).await;
        // The close packet, for whoever still asks.
        assert_eq!(server.send(Request::poll(&peer.sid)).await.status, 400);
        assert_eq!(server.sessions(), 0);
    }
}

/// A character may be cut by the end of a fragment, but not by the end of the message.
#[tokio::test(start_paused = true)]
async fn attack_29_a_character_may_be_cut_by_fragments() {
    let text = event("é€😀".as_bytes());
    for cut in 1..text.len() {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let (mut websocket, _) = server.open_websocket().await;
        websocket.send("40").await;
        websocket.text().await;
        websocket.send_fragment(1, &text[..cut]).await;
        websocket.send_fragment(0x80, &text[cut..]).await;
        log.expect(&["connect", r#"x["é€😀"]"#]).await;
        let whole = str::from_utf8(&text[..cut]).is_ok();
        websocket.connection.write(frame(1, &text[..cut])).await;
        // Cut there, it is no JSON either way, but it may be text.
        websocket.assert_closed(if whole { None } else { Some(1007) }).await;
    }
}

/// Packets as clients send them.
const PACKETS: [&str; 14] = [
    "40",
    "40/b,",
    r#"40/b?token=1,{"token":"a"}"#,
    r#"42["x"]"#,
    r#"42/b,12["x",1,{"a":[true,null]}]"#,
    r#"451-["x",{"_placeholder":true,"num":0}]"#,
    r#"452-/b,7["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
    "430[]",
    r#"43/b,1["a"]"#,
    "461-3[{\"_placeholder\":true,\"num\":0}]",
    "41/b,",
    "3probe",
    "2probe",
    "bAAAA",
];

/// A character of two, three and four bytes at every place of every packet, instead of what stands there and before it.
#[tokio::test(start_paused = true)]
async fn attack_30_no_character_anywhere_makes_it_panic() {
    let log = Log::default();
    let server =
        Server::built(Sockeye::builder().namespace("/", witness(&log)).namespace("/b", Namespace::new()));
    let before = panics();
    for via in BOTH {
        for packet in PACKETS {
            for at in 0..=packet.len() {
                for character in ["é", "€", "😀"] {
                    let (front, back) = packet.split_at(at);
                    let inserted = format!("{front}{character}{back}");
                    let replaced = format!("{front}{character}{}", back.get(1..).unwrap_or_default());
                    for text in [inserted, replaced] {
                        say(&server, via, text.as_bytes()).await;
                    }
                }
            }
        }
    }
    assert_eq!(panics(), before);
    Peer::join(&server, Via::Polling).await.assert_alive().await;
}

/// The same with any bytes: whole packets with some of them changed.
#[tokio::test(start_paused = true)]
async fn attack_30_no_bytes_make_it_panic() {
    let server = Server::built(
        Sockeye::builder().namespace("/", witness(&Log::default())).namespace("/b", Namespace::new()),
    );
    let before = panics();
    let mut dice = Dice::new(30);
    for _ in 0..2_000 {
        let mut bytes = dice.choose(&PACKETS).as_bytes().to_vec();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(bytes.len());
            bytes[at] = u8::try_from(dice.roll(256)).unwrap();
        }
        say(&server, *dice.choose(&BOTH), &bytes).await;
    }
    assert_eq!(panics(), before);
    Peer::join(&server, Via::WebSocket).await.assert_alive().await;
}

/// Says this in a session of its own, and an attachment and an event behind it.
async fn say(server: &Server, via: Via, bytes: &[u8]) {
    match via {
        Via::Polling => {
            let sid = server.open().await;
            let body = [b"40\x1e", bytes, b"\x1ebAAAA\x1e42[\"x\"]"].concat();
            server.send(Request::post(&sid, body)).await;
            server.send(Request::post(&sid, "1")).await;
        }
        Via::WebSocket => {
            let (mut websocket, _) = server.open_websocket().await;
            let frames = [&b"40"[..], bytes].map(|text| frame(1, text)).concat();
            websocket.connection.write(frames).await;
            websocket
                .connection
                .write([frame(2, "abc"), frame(1, r#"42["x"]"#), frame(8, "")].concat())
                .await;
            websocket.connection.rest().await;
        }
    }
}
