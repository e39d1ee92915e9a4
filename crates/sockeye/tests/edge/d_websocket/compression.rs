//! Lines 119 to 122: permessage-deflate (RFC 7692), bit by bit.

use bytes::Bytes;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use sockeye::{Builder, PermessageDeflate, Socket};

use crate::support::{
    Frame, Log, Request, Server, Sockets, WebSocket, hands_out, server_with, settle, witness,
};

const HEADER: &str = "sec-websocket-extensions";
const NO_CONTEXT: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// With RSV1: a compressed text message, and a compressed binary one.
const TEXT: u8 = 0xc1;
const BINARY: u8 = 0xc2;

fn on(builder: Builder) -> Builder {
    builder.permessage_deflate(PermessageDeflate::default())
}

/// A websocket that has offered this and joined; what it was answered.
async fn join(server: &Server, offer: &str) -> (WebSocket, Option<String>) {
    let request = Request::websocket("EIO=4&transport=websocket").header(HEADER, offer);
    let (answer, connection) = server.ask_websocket(request).await;
    assert_eq!(answer.status, 101, "{answer:?}");
    let mut websocket = WebSocket::new(connection);
    assert!(websocket.text().await.starts_with("0{"), "the open packet is not compressed");
    websocket.send("40").await;
    assert!(websocket.text().await.starts_with("40{"), "neither is a short one");
    (websocket, answer.header(HEADER).map(str::to_owned))
}

async fn joined(offer: &str, set: impl FnOnce(Builder) -> Builder) -> (Server, WebSocket, Socket) {
    let (namespace, mut sockets) = hands_out();
    let server = server_with(namespace, set);
    let (websocket, answer) = join(&server, offer).await;
    assert!(answer.is_some_and(|answer| answer.starts_with("permessage-deflate")));
    (server, websocket, sockets.next().await)
}

fn inflate(payload: &[u8]) -> Vec<u8> {
    Inflate::default().inflate(payload)
}

/// The client's window, from message to message.
struct Inflate(Decompress);

impl Default for Inflate {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Inflate {
    fn inflate(&mut self, payload: &[u8]) -> Vec<u8> {
        let input = [payload, &[0, 0, 0xff, 0xff]].concat();
        let mut out = Vec::with_capacity(2_000_000);
        self.0.decompress_vec(&input, &mut out, FlushDecompress::Sync).unwrap();
        out
    }
}

fn deflate(input: impl AsRef<[u8]>) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.as_ref().len() + 100);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(input.as_ref(), &mut out, FlushCompress::Sync).unwrap();
    out.truncate(out.len() - 4);
    out
}

/// A packet of exactly so many bytes, and its one argument.
fn packet(length: usize) -> (String, String) {
    let argument = "a".repeat(length - r#"42["e",""]"#.len());
    (format!(r#"42["e","{argument}"]"#), argument)
}

#[tokio::test(start_paused = true)]
async fn edge_119_nothing_is_compressed_unless_it_is_switched_on() {
    let (namespace, mut sockets) = hands_out();
    let server = Server::new(namespace);
    let (mut websocket, answer) = join(&server, "permessage-deflate; client_max_window_bits").await;
    assert_eq!(answer, None);
    let (packet, argument) = packet(5_000);
    sockets.next().await.emit("e", &argument).await.unwrap();
    assert_eq!(websocket.raw().await, (0x81, packet.into_bytes()));
    websocket.send_fragment(TEXT, deflate(r#"42["e"]"#)).await;
    websocket.assert_closed(Some(1002)).await;
}

#[tokio::test(start_paused = true)]
async fn edge_119_what_is_offered_is_answered() {
    let answers = [
        ("permessage-deflate; client_max_window_bits", Some(NO_CONTEXT)),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", Some(NO_CONTEXT)),
        ("permessage-deflate; mystery", None),
        ("x-webkit-deflate-frame", None),
    ];
    for (offer, expected) in answers {
        let server = server_with(witness(&Log::default()), on);
        assert_eq!(join(&server, offer).await.1.as_deref(), expected);
        // The same for a session that moves here.
        let sid = server.open().await;
        let request =
            Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}")).header(HEADER, offer);
        let (answer, _connection) = server.ask_websocket(request).await;
        assert_eq!((answer.status, answer.header(HEADER)), (101, expected));
        let refused = Request::websocket("EIO=4&transport=websocket").header(HEADER, "=");
        server.send(refused).await.assert_refused(3, "Invalid Sec-WebSocket-Extensions header");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_120_121_long_packets_are_compressed_short_ones_and_those_that_may_not_be_are_not() {
    let (_server, mut websocket, socket) = joined("permessage-deflate", on).await;
    for (length, first) in [(1023, 0x81), (1024, TEXT), (70_000, TEXT), (900_000, TEXT)] {
        let (packet, argument) = packet(length);
        drop(socket.emit("e", &argument));
        let (found, payload) = websocket.raw().await;
        assert_eq!(found, first, "{length}");
        if first == TEXT {
            assert!(payload.len() < length / 20);
            assert_eq!(inflate(&payload), packet.as_bytes());
        }
        drop(socket.compress(false).emit("e", &argument));
        assert_eq!(websocket.raw().await, (0x81, packet.clone().into_bytes()));
        drop(socket.compress(true).emit("e", &argument));
        assert_eq!(websocket.raw().await.0, first);
        drop(socket.namespace().compress(false).emit("e", &argument));
        assert_eq!(websocket.raw().await, (0x81, packet.into_bytes()));
    }
    let bytes = Bytes::from(vec![7; 5_000]);
    drop(socket.emit("e", (&bytes,)));
    assert_eq!(websocket.raw().await.0, 0x81, "the packet is short");
    let (first, payload) = websocket.raw().await;
    assert_eq!((first, inflate(&payload)), (BINARY, bytes.to_vec()));
    drop(socket.compress(false).emit("e", (&bytes,)));
    assert_eq!(websocket.raw().await.0, 0x81);
    assert_eq!(websocket.raw().await, (0x82, bytes.to_vec()));
    // Heartbeats, and the answer to a ping of the websocket.
    websocket.connection.write(crate::support::frame(9, "ping")).await;
    assert_eq!(websocket.raw().await, (0x8a, b"ping".to_vec()));
    assert_eq!(websocket.raw().await, (0x81, b"2".to_vec()));
}

#[tokio::test(start_paused = true)]
async fn edge_120_what_does_not_become_shorter_leaves_as_it_is() {
    let (_server, mut websocket, socket) = joined("permessage-deflate", on).await;
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(200_000)
    .collect();
    drop(socket.emit("e", (&Bytes::from(noise.clone()),)));
    assert_eq!(websocket.raw().await.0, 0x81);
    assert_eq!(websocket.raw().await, (0x82, noise));
}

#[tokio::test(start_paused = true)]
async fn edge_121_with_context_takeover_packets_that_resemble_each_other_become_tiny() {
    let keep = |builder: Builder| {
        builder.permessage_deflate(PermessageDeflate {
            threshold: 0,
            context_takeover: true,
            client_context_takeover: true,
            ..PermessageDeflate::default()
        })
    };
    let (namespace, mut sockets) = hands_out();
    let server = server_with(namespace, |builder| keep(builder).max_deflate_contexts(1));
    let request = || Request::websocket("EIO=4&transport=websocket").header(HEADER, "permessage-deflate");
    let (answer, connection) = server.ask_websocket(request()).await;
    assert_eq!(answer.header(HEADER), Some("permessage-deflate"));
    let (second, _other) = server.ask_websocket(request()).await;
    assert_eq!(second.header(HEADER), Some(NO_CONTEXT), "one more than may keep a context");
    let mut websocket = WebSocket::new(connection);
    assert!(websocket.text().await.starts_with("0{"));
    websocket.send("40").await;
    let mut window = Inflate::default();
    let (first, payload) = websocket.raw().await;
    assert_eq!(first, TEXT);
    assert!(window.inflate(&payload).starts_with(b"40{"));
    let socket = sockets.next().await;
    let mut lengths = Vec::new();
    for number in 0..3 {
        socket.emit("position", serde_json::json!({"x": 1, "y": 2, "number": number})).await.unwrap();
        // What is not compressed is no part of the memory.
        socket.compress(false).emit("position", 1).await.unwrap();
        let (first, payload) = websocket.raw().await;
        let text = format!(r#"42["position",{{"number":{number},"x":1,"y":2}}]"#);
        assert_eq!((first, window.inflate(&payload)), (TEXT, text.into_bytes()));
        lengths.push(payload.len());
        assert_eq!(websocket.raw().await, (0x81, br#"42["position",1]"#.to_vec()));
    }
    assert!(lengths[1] < lengths[0] / 2 && lengths[2] < lengths[0] / 2, "{lengths:?}");
    // The place of one that leaves is free again.
    drop(websocket);
    settle().await;
    let (third, _connection) = server.ask_websocket(request()).await;
    assert_eq!(third.header(HEADER), Some("permessage-deflate"));
}

async fn three(server: &Server, sockets: &mut Sockets) -> Vec<WebSocket> {
    let mut all = Vec::new();
    for offer in ["permessage-deflate", "permessage-deflate; server_max_window_bits=9", "x"] {
        all.push(join(server, offer).await.0);
        sockets.next().await;
    }
    all
}

#[tokio::test(start_paused = true)]
async fn edge_122_each_of_a_broadcast_gets_the_form_it_agreed_on() {
    let (namespace, mut sockets) = hands_out();
    let server = server_with(namespace, on);
    let mut clients = three(&server, &mut sockets).await;
    clients.extend(three(&server, &mut sockets).await);
    for length in [2_000, 300_000] {
        let (packet, argument) = packet(length);
        let bytes = Bytes::from(vec![1; length]);
        drop(server.io().emit("e", &argument));
        drop(server.io().emit("e", (&bytes,)));
        for (number, client) in clients.iter_mut().enumerate() {
            let ((first, text), _header, (second, binary)) =
                (client.raw().await, client.raw().await, client.raw().await);
            if number % 3 == 2 {
                assert_eq!((first, &*text, second, &*binary), (0x81, packet.as_bytes(), 0x82, &bytes[..]));
            } else {
                assert_eq!((first, inflate(&text)), (TEXT, packet.clone().into_bytes()));
                assert_eq!((second, inflate(&binary)), (BINARY, bytes.to_vec()));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_116_119_compressed_messages_are_read_whole_and_in_fragments() {
    let log = Log::default();
    let server = server_with(witness(&log), on);
    let (mut websocket, _) = join(&server, "permessage-deflate").await;
    let event = |text: &str| format!(r#"42["x","{text}"]"#);
    websocket.send_fragment(TEXT, deflate(event("whole"))).await;
    websocket.send(&event("plain")).await;
    let pieces = deflate(event("in pieces"));
    let (one, rest) = pieces.split_at(4);
    websocket.send_fragment(0x41, one).await;
    websocket.connection.write(crate::support::frame(9, "between")).await;
    websocket.send_fragment(0x00, []).await;
    websocket.send_fragment(0x80, rest).await;
    assert_eq!(websocket.next().await, Frame::Pong(b"between".to_vec()));
    websocket.send_fragment(TEXT, deflate(r#"451-["x",{"_placeholder":true,"num":0}]"#)).await;
    websocket.send_fragment(BINARY, deflate([9; 5])).await;
    websocket.send_fragment(TEXT, deflate(r#"4290["alive"]"#)).await;
    assert_eq!(websocket.text().await, "4390[]");
    assert_eq!(log.lines().len(), 6, "{:?}", log.lines());
}

#[tokio::test(start_paused = true)]
async fn edge_119_a_bit_out_of_place_is_refused() {
    let message = |first: u8| if first & 0x40 == 0 { b"42".to_vec() } else { deflate(r#"42["x"]"#) };
    let cases: [(&[u8], Vec<u8>, u16); 9] = [
        (&[], [&[0xc9, 0x80][..], &[0; 4]].concat(), 1002),
        (&[], [&[0xc8, 0x80][..], &[0; 4]].concat(), 1002),
        (&[0x41], [&[0xc0, 0x80][..], &[0; 4]].concat(), 1002),
        (&[0x01], [&[0xc0, 0x80][..], &[0; 4]].concat(), 1002),
        (&[], [&[0xa1, 0x80][..], &[0; 4]].concat(), 1002),
        (&[], [&[0xd1, 0x80][..], &[0; 4]].concat(), 1002),
        (&[], [&[0xc3, 0x80][..], &[0; 4]].concat(), 1002),
        (&[], [&[TEXT, 0x82][..], &[0; 4], &[0xff, 0xff]].concat(), 1007),
        (&[], [&[TEXT, 0x83][..], &[0; 4], &[0xfa, 0x07, 0x00]].concat(), 1007),
    ];
    for (fragments, bytes, code) in cases {
        let server = server_with(witness(&Log::default()), on);
        let (mut websocket, _) = join(&server, "permessage-deflate").await;
        for first in fragments {
            websocket.send_fragment(*first, message(*first)).await;
        }
        websocket.connection.write(&bytes).await;
        websocket.assert_closed(Some(code)).await;
        assert_eq!(server.sessions(), 0, "{bytes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_120_who_does_not_read_keeps_no_compressor_from_others() {
    let (namespace, mut sockets) = hands_out();
    let server = server_with(namespace, |builder| on(builder).max_compressors(1));
    let (_deaf, _) = join(&server, "permessage-deflate").await;
    let socket = sockets.next().await;
    // The pipe is all but full, then full, and behind that there is something to be compressed.
    drop(socket.compress(false).emit("e", "a".repeat(1_000_000)));
    settle().await;
    drop(socket.compress(false).emit("e", "a".repeat(60_000)));
    drop(socket.emit("e", "a".repeat(900_000)));
    settle().await;
    let (mut other, _) = join(&server, "permessage-deflate").await;
    drop(sockets.next().await.emit("e", "a".repeat(5_000)));
    assert_eq!(other.raw().await.0, TEXT);
}
