//! Lines 94 to 98: which answers are compressed, and how.

use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};
use sockeye::{Builder, Socket};

use crate::support::{Answer, Request, Server, hands_out, server_with};

async fn pair_with(set: impl FnOnce(Builder) -> Builder) -> (Server, String, Socket) {
    let (namespace, mut sockets) = hands_out();
    let server = server_with(namespace, set);
    let sid = super::join(&server).await;
    (server, sid, sockets.next().await)
}

/// What a client that accepts this gets.
async fn fetch(server: &Server, sid: &str, accepts: Option<&str>) -> Answer {
    let request = Request::poll(sid);
    let request = match accepts {
        Some(accepts) => request.header("accept-encoding", accepts),
        None => request,
    };
    server.send(request).await
}

/// The text of an answer, whatever its form; its length is declared.
fn plain(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=UTF-8")));
    assert_eq!(answer.header("content-length"), Some(&*answer.bytes().len().to_string()));
    let mut text = String::new();
    match answer.header("content-encoding") {
        Some("gzip") => GzDecoder::new(answer.bytes()).read_to_string(&mut text).unwrap(),
        Some("deflate") => ZlibDecoder::new(answer.bytes()).read_to_string(&mut text).unwrap(),
        None => return answer.text().to_owned(),
        other => panic!("{other:?}"),
    };
    assert!(answer.bytes().len() < text.len(), "{answer:?}");
    text
}

/// A packet of exactly so many bytes, and its one argument.
fn packet(length: usize) -> (String, String) {
    let argument = "a".repeat(length - r#"42["e",""]"#.len());
    (format!(r#"42["e","{argument}"]"#), argument)
}

#[tokio::test(start_paused = true)]
async fn edge_094_a_long_body_is_compressed_as_the_client_accepts() {
    let (server, sid, socket) = pair_with(|it| it).await;
    let accepted = [
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("deflate, gzip;q=0.5", "deflate"),
        ("gzip;q=0, *", "deflate"),
        ("*", "gzip"),
    ];
    for length in [1024, 100_000] {
        for (accepts, coding) in accepted {
            let (packet, argument) = packet(length);
            socket.emit("e", &argument).await.unwrap();
            let answer = fetch(&server, &sid, Some(accepts)).await;
            assert_eq!(answer.header("content-encoding"), Some(coding), "{accepts}");
            assert_eq!(answer.header("vary"), Some("accept-encoding"));
            assert_eq!(plain(&answer), packet);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_094_also_for_a_get_that_waited_and_with_binary_in_it() {
    let (server, sid, socket) = pair_with(|it| it).await;
    let waiting = server.start(Request::poll(&sid).header("accept-encoding", "gzip"));
    crate::support::settle().await;
    socket.emit("e", (&bytes::Bytes::from(vec![0; 3000]),)).await.unwrap();
    let answer = waiting.answer().await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let packets = format!("451-[\"e\",{{\"_placeholder\":true,\"num\":0}}]\u{1e}b{}", "A".repeat(4000));
    assert_eq!(plain(&answer), packets);
}

#[tokio::test(start_paused = true)]
async fn edge_095_a_body_below_the_threshold_stays_plain() {
    let (server, sid, socket) = pair_with(|it| it).await;
    let (packet, argument) = packet(1023);
    socket.emit("e", &argument).await.unwrap();
    let answer = fetch(&server, &sid, Some("gzip")).await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, None));
    assert_eq!(plain(&answer), packet);
}

#[tokio::test(start_paused = true)]
async fn edge_096_the_threshold_can_be_set() {
    let (server, sid, socket) = pair_with(|it| it.http_compression_threshold(0)).await;
    let (packet, argument) = packet(100);
    socket.emit("e", &argument).await.unwrap();
    let answer = fetch(&server, &sid, Some("gzip")).await;
    assert_eq!((answer.header("content-encoding"), plain(&answer)), (Some("gzip"), packet));
    // What would become longer stays as it is.
    socket.emit("e", ()).await.unwrap();
    let answer = fetch(&server, &sid, Some("gzip")).await;
    assert_eq!((answer.header("content-encoding"), answer.text()), (None, r#"42["e"]"#));
}

#[tokio::test(start_paused = true)]
async fn edge_097_plain_for_who_accepts_neither_and_where_it_is_off() {
    let (server, sid, socket) = pair_with(|it| it).await;
    let (packet, argument) = packet(2000);
    for accepts in
        [None, Some("br"), Some("identity"), Some("gzip;q=0"), Some("*;q=0"), Some("identity, gzip;q=0.9")]
    {
        socket.emit("e", &argument).await.unwrap();
        let answer = fetch(&server, &sid, accepts).await;
        assert_eq!(
            (answer.header("content-encoding"), plain(&answer)),
            (None, packet.clone()),
            "{accepts:?}"
        );
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "a cache must not mix them up");
    }
    let (server, sid, socket) = pair_with(|it| it.http_compression(false)).await;
    socket.emit("e", &argument).await.unwrap();
    let answer = fetch(&server, &sid, Some("gzip")).await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, None));
    assert_eq!(plain(&answer), packet);
}

#[tokio::test(start_paused = true)]
async fn edge_098_plain_when_no_packet_of_the_body_may_be_compressed() {
    let (server, sid, socket) = pair_with(|it| it).await;
    let (packet, argument) = packet(2000);
    for _ in 0..2 {
        socket.compress(false).emit("e", &argument).await.unwrap();
    }
    let answer = fetch(&server, &sid, Some("gzip")).await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, None));
    assert_eq!(plain(&answer), [&*packet, &packet].join("\u{1e}"));

    socket.namespace().compress(false).emit("e", &argument).await.unwrap();
    socket.emit("e", ()).await.unwrap();
    let answer = fetch(&server, &sid, Some("gzip")).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"), "one that may be is enough");
    assert_eq!(plain(&answer), format!("{packet}\u{1e}42[\"e\"]"));
}

#[tokio::test(start_paused = true)]
async fn edge_094_no_more_at_a_time_than_compressors_are_allowed() {
    // Two bodies of several steps each, and one compressor: whoever comes second is not made to wait.
    let (namespace, mut sockets) = hands_out();
    let server = server_with(namespace, |it| it.max_compressors(1));
    let (packet, argument) = packet(400_000);
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let sid = super::join(&server).await;
        drop(sockets.next().await.emit("e", &argument));
        waiting.push(Request::poll(&sid).header("accept-encoding", "gzip"));
    }
    let pending: Vec<_> = waiting.into_iter().map(|request| server.start(request)).collect();
    let mut codings = Vec::new();
    for pending in pending {
        let answer = pending.answer().await;
        assert_eq!(plain(&answer), packet);
        codings.push(answer.header("content-encoding").map(str::to_owned));
    }
    assert_eq!(codings, [Some("gzip".to_owned()), None]);
}
