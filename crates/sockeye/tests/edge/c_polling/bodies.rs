//! What a POST may look like (lines 72 to 81, 93).

use axum::{
    body::Body,
    extract::Request as HttpRequest,
    middleware::{Next, from_fn},
};
use http_body_util::Limited;
use sockeye::Sockeye;
use sockeye_proto::engine::{CloseReason, Transport, TransportError};

use crate::support::{Answer, Connection, Log, Machine, Request, Server, settle, witness};

use super::{details, join, watched, watched_with};

/// A POST in chunks, with a moment after each.
async fn chunked(server: &Server, sid: &str, chunks: &[&[u8]]) -> Answer {
    let mut connection = server.connect();
    let head = Request::query("POST", &format!("EIO=4&transport=polling&sid={sid}"));
    connection.write(head.header("transfer-encoding", "chunked").bytes()).await;
    for chunk in chunks {
        write_chunk(&mut connection, chunk).await;
    }
    write_chunk(&mut connection, b"").await;
    connection.answer().await
}

async fn write_chunk(connection: &mut Connection, chunk: &[u8]) {
    connection.write([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat()).await;
    settle().await;
}

/// An event whose packet has this many bytes.
fn event_of(bytes: usize) -> String {
    let around = r#"42["e",""]"#.len();
    format!(r#"42["e","{}"]"#, "x".repeat(bytes - around))
}

#[tokio::test(start_paused = true)]
async fn edge_072_packets_of_a_post_in_order() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let packets: Vec<_> = (0..100).map(|number| format!(r#"42["e",{number}]"#)).collect();
    server.post(&sid, &packets.join("\x1e")).await;
    let lines = (0..100).map(|number| format!("e[{number}]"));
    let lines: Vec<_> = ["connect".to_owned()].into_iter().chain(lines).collect();
    log.expect(&lines.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

#[tokio::test(start_paused = true)]
async fn edge_073_text_and_binary_in_one_post() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let binary = r#"452-["b",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
    server.post(&sid, &[r#"42["a"]"#, binary, "bAQID", "bBAU=", r#"42["c"]"#].join("\x1e")).await;
    let placeholders = r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#;
    log.expect(&["connect", "a[]", &format!("b[{placeholders}] +3 +2"), "c[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_074_a_binary_post_belongs_to_an_older_protocol() {
    for kind in ["application/octet-stream", "Application/Octet-Stream; charset=x"] {
        let log = Log::default();
        let server = Server::new(details(&log));
        let sid = join(&server).await;
        let request = Request::post(&sid, r#"42["a"]"#).header("content-type", kind);
        server.send(request).await.assert_empty(400);
        log.expect(&["transport error: content type not supported"]).await;
        server.send(Request::poll(&sid)).await.assert_unknown();
    }
}

#[tokio::test(start_paused = true)]
async fn edge_075_any_other_content_type() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let post = || Request::post(&sid, r#"42["a"]"#);
    for kind in ["application/json", "text/html", "nonsense", ""] {
        server.send(post().header("content-type", kind)).await.assert_ok();
    }
    server.send(post().without("content-type")).await.assert_ok();
    log.expect(&["connect", "a[]", "a[]", "a[]", "a[]", "a[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_076_a_body_in_chunks() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    chunked(&server, &sid, &[b"4", b"2[\"a", b"\",1]\x1e42[\"b\"]"]).await.assert_ok();
    log.expect(&["connect", "a[1]", "b[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_077_a_character_that_is_torn_apart() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let body = "42[\"a\",\"€🐟\"]".as_bytes();
    // In chunks, and in a plain body that arrives in two pieces: at every place.
    for at in 1..body.len() {
        let (left, right) = body.split_at(at);
        chunked(&server, &sid, &[left, right]).await.assert_ok();
        let mut connection = server.connect();
        let request = Request::post(&sid, body).bytes();
        let (left, right) = request.split_at(request.len() - body.len() + at);
        connection.write(left).await;
        settle().await;
        connection.write(right).await;
        connection.answer().await.assert_ok();
    }
    let lines: Vec<_> =
        ["connect"].into_iter().chain((1..body.len()).flat_map(|_| ["a[\"€🐟\"]"; 2])).collect();
    log.expect(&lines).await;
}

#[tokio::test(start_paused = true)]
async fn edge_078_a_body_that_is_too_long() {
    let log = Log::default();
    let server = watched_with(&log, |it| it.max_payload(100));
    let sid = join(&server).await;
    let long = event_of(101);
    server.send(Request::post(&sid, &long)).await.assert_empty(413);
    chunked(&server, &sid, &[&long.as_bytes()[..50], &long.as_bytes()[50..]]).await.assert_empty(413);
    // What is declared is judged before it comes.
    let mut connection = server.connect();
    let mut request = Request::post(&sid, "x".repeat(1_000_000)).bytes();
    request.truncate(300);
    connection.write(request).await;
    connection.answer().await.assert_empty(413);
    server.post(&sid, r#"42["still"]"#).await;
    log.expect(&["connect", "still[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_079_a_body_that_just_fits() {
    let log = Log::default();
    let server = watched_with(&log, |it| it.max_payload(100));
    let sid = join(&server).await;
    let (long, payload) = (event_of(100), "x".repeat(90));
    server.post(&sid, &long).await;
    chunked(&server, &sid, &[long.as_bytes()]).await.assert_ok();
    let said = format!("e[\"{payload}\"]");
    log.expect(&["connect", &said, &said]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_080_too_long_with_layers_in_front() {
    async fn pass(request: HttpRequest, next: Next) -> axum::response::Response {
        next.run(request).await
    }
    /// A limit of its own, below the server's.
    async fn limit(request: HttpRequest, next: Next) -> axum::response::Response {
        next.run(request.map(|body| Body::new(Limited::new(body, 50)))).await
    }
    let log = Log::default();
    let sockeye = Sockeye::builder().max_payload(100).namespace("/", witness(&log)).build();
    let app = sockeye.router().layer(from_fn(pass));
    let server = Server::app(sockeye.io(), app.clone());
    let sid = join(&server).await;
    server.send(Request::post(&sid, event_of(101))).await.assert_empty(413);

    let limited = Server::app(sockeye.io(), app.layer(from_fn(limit)));
    limited.send(Request::post(&sid, event_of(51))).await.assert_empty(413);
    chunked(&limited, &sid, &[event_of(51).as_bytes()]).await.assert_empty(413);
    limited.post(&sid, r#"42["still"]"#).await;
    log.expect(&["connect", "still[]"]).await;
}

/// The client's half of the protocol, which sockeye has as a machine.
#[tokio::test(start_paused = true)]
async fn edge_081_the_client_learns_the_status() {
    let log = Log::default();
    let server = watched_with(&log, |it| it.max_payload(100).allow_upgrades(false));
    let (mut client, _) = Machine::open(&server, Transport::Polling).await;
    client.send(&["0"]);
    assert!(client.message().await.starts_with("0{"));
    client.send(&[&event_of(101)[1..]]);
    assert_eq!(client.closed().await, CloseReason::TransportError(TransportError::Status(413)));
    log.expect(&["connect"]).await;
}

/// The client's half again.
#[tokio::test(start_paused = true)]
async fn edge_093_the_client_packs_what_fits() {
    let log = Log::default();
    let server = watched_with(&log, |it| it.max_payload(100).allow_upgrades(false));
    let (mut client, _) = Machine::open(&server, Transport::Polling).await;
    client.send(&["0"]);
    assert!(client.message().await.starts_with("0{"));
    // Four and their separators are 99 bytes; the fifth does not fit, and nothing does beside the one of 120.
    let (small, large) = (event_of(24), event_of(120));
    client.send(&[&small[1..], &small[1..], &small[1..], &small[1..], &small[1..], &large[1..], &small[1..]]);
    assert_eq!(client.closed().await, CloseReason::TransportError(TransportError::Status(413)));
    assert_eq!(client.posts(), [2, 99, 24, 120]);
    assert_eq!(log.lines().iter().filter(|line| line.starts_with("e[")).count(), 5);
}
