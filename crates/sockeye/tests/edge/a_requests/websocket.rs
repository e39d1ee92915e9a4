//! What a request for a websocket must say (lines 33 to 39, 42 to 44). All of it is judged before the 101, and refused
//! with the status and the JSON that polling would get.

use std::time::Duration;

use sockeye::Namespace;

use crate::support::{Frame, Request, Server, WebSocket};

const QUERY: &str = "EIO=4&transport=websocket";

fn quiet() -> Server {
    Server::new(Namespace::new())
}

/// The reference answers 101 first and writes the 400 into the websocket. Here the client learns the reason as an HTTP
/// status.
#[tokio::test(start_paused = true)]
async fn edge_033_another_version_is_refused_before_the_101() {
    let server = quiet();
    let request = Request::websocket("EIO=3&transport=websocket");
    server.send(request).await.assert_refused(5, "Unsupported protocol version");
    let sid = server.open().await;
    let request = Request::websocket(&format!("EIO=3&transport=websocket&sid={sid}"));
    server.send(request).await.assert_refused(3, "Bad request");
}

/// The body is JSON, as everywhere, not the reference's `text/html`.
#[tokio::test(start_paused = true)]
async fn edge_034_an_unknown_sid_or_transport_is_refused_before_the_101() {
    let server = quiet();
    server.send(Request::websocket(&format!("{QUERY}&sid=nobody"))).await.assert_unknown();
    let request = Request::websocket("EIO=4&transport=tobi");
    server.send(request).await.assert_refused(0, "Transport unknown");
    let request = Request::websocket("EIO=4");
    server.send(request).await.assert_refused(0, "Transport unknown");
}

/// The reference answers 101 and closes without a code. Refused before the 101, the client learns why.
#[tokio::test(start_paused = true)]
async fn edge_035_a_websocket_for_polling() {
    let server = quiet();
    let request = Request::websocket("EIO=4&transport=polling");
    server.send(request).await.assert_refused(3, "Bad request");
    let sid = server.open().await;
    let request = Request::websocket(&format!("EIO=4&transport=polling&sid={sid}"));
    server.send(request).await.assert_refused(3, "Bad request");
    assert_eq!(server.sessions(), 1, "that session lives on");
}

#[tokio::test(start_paused = true)]
async fn edge_036_a_missing_or_short_key() {
    let server = quiet();
    let without = Request::websocket(QUERY).without("sec-websocket-key");
    let wrong = ["", "short", "c2hvcnQ=", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZTEyMw=="]
        .map(|key| Request::websocket(QUERY).header("sec-websocket-key", key));
    for request in wrong.into_iter().chain([without]) {
        let answer = server.send(request).await;
        answer.assert_refused(3, "Missing or invalid Sec-WebSocket-Key header");
    }
    assert_eq!(server.sessions(), 0);
}

/// `Sec-WebSocket-Version` names what the server speaks (RFC 6455, section 4.4): 13. The reference adds 8, a draft.
#[tokio::test(start_paused = true)]
async fn edge_037_another_version_of_websocket() {
    let server = quiet();
    let without = Request::websocket(QUERY).without("sec-websocket-version");
    let wrong =
        ["12", "8", "thirteen"].map(|it| Request::websocket(QUERY).header("sec-websocket-version", it));
    for request in wrong.into_iter().chain([without]) {
        let answer = server.send(request).await;
        answer.assert_refused(3, "Missing or invalid Sec-WebSocket-Version header");
        assert_eq!(answer.header("sec-websocket-version"), Some("13"));
    }
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_038_an_upgrade_to_something_else() {
    let server = quiet();
    for upgrade in ["h2c", "TLS/1.0", "websockets"] {
        let answer = server.send(Request::websocket(QUERY).header("upgrade", upgrade)).await;
        answer.assert_refused(3, "Invalid Upgrade header");
    }
    // By its query no websocket at all.
    let request = Request::open().header("connection", "Upgrade").header("upgrade", "h2c");
    server.send(request).await.assert_refused(3, "Bad request");
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_039_only_get_becomes_a_websocket() {
    let server = quiet();
    let sid = server.open().await;
    for query in [QUERY, &format!("{QUERY}&sid={sid}")] {
        for method in ["POST", "PUT"] {
            let request = Request::websocket(query).method(method);
            server.send(request).await.assert_refused(2, "Bad handshake method");
        }
    }
    assert_eq!(server.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn edge_042_an_upgrade_without_the_headers_of_a_websocket() {
    let server = quiet();
    let bare = || Request::query("GET", QUERY).header("connection", "Upgrade");
    server.send(bare()).await.assert_refused(3, "Bad request");
    let answer = server.send(bare().header("upgrade", "websocket")).await;
    answer.assert_refused(3, "Missing or invalid Sec-WebSocket-Key header");
    let answer = server.send(Request::websocket(QUERY).header("connection", "keep-alive")).await;
    answer.assert_refused(3, "Invalid Connection header");
}

#[tokio::test(start_paused = true)]
async fn edge_043_bytes_behind_the_request_that_are_no_frame() {
    for garbage in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 64], &[0x81, 0x01, b'4'], &[0x83, 0x80, 0, 0, 0, 0]]
    {
        let server = quiet();
        let mut connection = server.connect();
        connection.write([&Request::websocket(QUERY).bytes(), garbage].concat()).await;
        assert_eq!(connection.answer().await.status, 101);
        let mut websocket = WebSocket::new(connection);
        assert!(websocket.text().await.starts_with("0{"));
        websocket.assert_closed(Some(1002)).await;
        assert_eq!(server.sessions(), 0);
        // Nobody else noticed.
        server.open_websocket().await;
    }
    // Half a frame is no mistake yet: the rest may come.
    let server = quiet();
    let mut connection = server.connect();
    connection.write([&Request::websocket(QUERY).bytes(), &[0x81][..]].concat()).await;
    assert_eq!(connection.answer().await.status, 101);
    let mut websocket = WebSocket::new(connection);
    assert!(websocket.text().await.starts_with("0{"));
    assert!(tokio::time::timeout(Duration::from_secs(1), websocket.next()).await.is_err());
    // The rest is a masked text that is no packet of Engine.IO.
    websocket.connection.write([0x80, 0, 0, 0, 0]).await;
    assert_eq!(websocket.next().await, Frame::Close(None));
}

#[tokio::test(start_paused = true)]
async fn edge_044_the_first_protocol_offered_is_chosen() {
    let server = quiet();
    for (offered, chosen) in [("chat", "chat"), ("chat, superchat", "chat"), (" , b,a", "b")] {
        let request = Request::websocket(QUERY).header("sec-websocket-protocol", offered);
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.header("sec-websocket-protocol")), (101, Some(chosen)));
    }
    let answer = server.send(Request::websocket(QUERY)).await;
    assert_eq!((answer.status, answer.header("sec-websocket-protocol")), (101, None));
}
