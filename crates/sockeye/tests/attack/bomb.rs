//! Row 31: a little that becomes a lot.

use flate2::{Compress, Compression, FlushCompress};
use sockeye::{Builder, PermessageDeflate};

use crate::support::{Log, Request, Server, WebSocket, server_with, witness};

const MOST: usize = 10_000;

fn server(log: &Log, set: impl FnOnce(Builder) -> Builder) -> Server {
    server_with(witness(log), |builder| {
        set(builder.max_payload(MOST).permessage_deflate(PermessageDeflate::default()))
    })
}

async fn join(server: &Server) -> WebSocket {
    let request = Request::websocket("EIO=4&transport=websocket")
        .header("sec-websocket-extensions", "permessage-deflate; client_max_window_bits");
    let (mut websocket, _) = server.open_websocket_by(request).await;
    websocket.send("40").await;
    assert!(websocket.text().await.starts_with("40{"));
    websocket
}

fn deflate(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len() / 100 + 1_000);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(input, &mut out, FlushCompress::Sync).unwrap();
    out.truncate(out.len() - 4);
    out
}

/// An event of exactly so many bytes.
fn event(bytes: usize) -> Vec<u8> {
    let empty = r#"42["x",""]"#;
    format!(r#"42["x","{}"]"#, "a".repeat(bytes - empty.len())).into_bytes()
}

#[tokio::test(start_paused = true)]
async fn attack_31_a_message_becomes_as_long_as_the_limit_and_no_longer() {
    for (bytes, fits) in [(MOST - 1, true), (MOST, true), (MOST + 1, false), (1_000 * MOST, false)] {
        for fragmented in [false, true] {
            let log = Log::default();
            let server = server(&log, |it| it);
            let mut websocket = join(&server).await;
            let bomb = deflate(&event(bytes));
            assert!(bomb.len() < bytes / 100, "a bomb");
            if fragmented {
                let (one, rest) = bomb.split_at(bomb.len() / 2);
                websocket.send_fragment(0x41, one).await;
                websocket.send_fragment(0x80, rest).await;
            } else {
                websocket.send_fragment(0xc1, bomb).await;
            }
            if fits {
                websocket.send(r#"4290["alive"]"#).await;
                assert_eq!(websocket.text().await, "4390[]");
                assert_eq!(log.lines()[1].len(), bytes - 5);
            } else {
                websocket.assert_closed(Some(1009)).await;
                log.expect(&["connect", "disconnect: transport error"]).await;
            }
            assert_eq!(server.sessions(), usize::from(fits));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_31_compressed_bytes_that_become_nothing_are_bounded_too() {
    let log = Log::default();
    let server = server(&log, |it| it);
    let mut websocket = join(&server).await;
    // Empty blocks, in a message that never ends: judged by the headers of its frames.
    let empty = [0x00, 0x00, 0x00, 0xff, 0xff].repeat(1_000);
    websocket.send_fragment(0x41, &empty).await;
    for _ in 0..MOST / empty.len() + 1 {
        websocket.send_fragment(0x00, &empty).await;
    }
    websocket.assert_closed(Some(1009)).await;
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn attack_31_a_bomb_costs_its_own_connection_alone() {
    let log = Log::default();
    let server = server(&log, |it| it);
    let mut neighbour = join(&server).await;
    for _ in 0..5 {
        let mut bomber = join(&server).await;
        bomber.send_fragment(0xc1, deflate(&vec![b'4'; 500 * MOST])).await;
        bomber.assert_closed(Some(1009)).await;
        neighbour.send(r#"4290["alive"]"#).await;
        assert_eq!(neighbour.text().await, "4390[]");
    }
    assert_eq!(server.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn attack_31_by_default_there_is_no_compression_to_attack() {
    let server = Server::new(witness(&Log::default()));
    let mut websocket = join(&server).await;
    websocket.send_fragment(0xc1, deflate(&event(1_000))).await;
    websocket.assert_closed(Some(1002)).await;
}
