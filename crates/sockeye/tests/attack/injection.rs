//! Rows 11 and 12: text of a client that would like to become headers, answers or scripts.

use http::HeaderName;
use sockeye::{Data, Namespace, Sockeye};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::{
    kit::Dice,
    support::{BOTH, Log, Peer, Request, Server, Via, witness},
};

/// The most talkative configuration there is: CORS says everything back, and an event is echoed.
fn echo() -> Server {
    let echo = Namespace::new().on("echo", async |Data(text): Data<String>| Data(text));
    let sockeye = Sockeye::builder().namespace("/", echo).build();
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true);
    Server::app(sockeye.io(), sockeye.router().layer(cors))
}

/// What answers may have.
const HEADERS: [&str; 19] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "transfer-encoding",
    "upgrade",
    "vary",
    "x-content-type-options",
    "x-xss-protection",
];

/// Sends bytes as they are; the answer's head has known headers and nothing else, and there is one answer.
async fn assert_one_plain_answer(server: &Server, request: &[u8]) {
    let mut connection = server.connect();
    connection.write(request).await;
    let all = tokio::time::timeout(std::time::Duration::from_secs(1), connection.rest()).await;
    let Ok(all) = all else { return assert_websocket(server, request).await };
    let text = String::from_utf8_lossy(&all);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        panic!("no answer to {:?}: {text:?}", String::from_utf8_lossy(request));
    };
    let mut length = None;
    for line in head.split("\r\n").skip(1) {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let known = HEADERS.contains(&&*name.to_ascii_lowercase());
        assert!(known && HeaderName::try_from(name).is_ok(), "a header {line:?}");
        assert!(!value.contains(|c: char| c.is_control() && c != '\t'), "a header {line:?}");
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok();
        }
    }
    assert_eq!(length, Some(body.len()), "more than one answer: {text:?}");
}

/// A connection that has become a websocket does not end by itself; its head is looked at all the same.
async fn assert_websocket(server: &Server, request: &[u8]) {
    let mut connection = server.connect();
    connection.write(request).await;
    let answer = connection.answer().await;
    assert_eq!(answer.status, 101);
    assert_eq!(answer.header("evil"), None);
    assert!(answer.header("sec-websocket-protocol").is_none_or(|value| !value.contains("evil")));
}

fn with(header: &str, value: &[u8]) -> Vec<u8> {
    let mut bytes =
        b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nhost: a\r\nconnection: close\r\n".to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(b": ");
    bytes.extend_from_slice(value);
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes
}

#[tokio::test(start_paused = true)]
async fn attack_11_headers_of_a_request_do_not_become_headers_of_an_answer() {
    let server = echo();
    for header in ["origin", "cookie", "user-agent", "access-control-request-headers", "x-forwarded-host"] {
        // Every byte there is, alone and as the end of a line that would begin a header.
        for byte in 0..=u8::MAX {
            for value in [vec![b'a', byte, b'b'], [&[byte], &b"evil: 1"[..]].concat()] {
                assert_one_plain_answer(&server, &with(header, &value)).await;
            }
        }
        for value in ["a\rset-cookie: evil=1", "a\r\n\revil: 1", "a\\r\\nevil: 1", "a%0d%0aevil: 1"] {
            assert_one_plain_answer(&server, &with(header, value.as_bytes())).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_11_a_query_does_not_become_headers_of_an_answer() {
    let server = echo();
    let evil = ["%0d%0aevil:%201", "%0aevil:%201", "%E5%98%8A%E5%98%8Devil:%201", "%00%0d%0a%0d%0a<script>"];
    for evil in evil {
        for query in [
            format!("EIO=4&transport=polling&sid={evil}"),
            format!("EIO=4&transport={evil}"),
            format!("EIO={evil}&transport=polling"),
            format!("EIO=4&transport=polling&t={evil}"),
            format!("EIO=4&transport=polling&j={evil}"),
        ] {
            let request = Request::query("GET", &query).header("connection", "close");
            assert_one_plain_answer(&server, &request.bytes()).await;
        }
    }
    for value in ["chat\tevil", "evil\u{e9}", "evil,chat", " ,", "\"evil\""] {
        let request = Request::websocket("EIO=4&transport=websocket").header("sec-websocket-protocol", value);
        let (answer, _) = server.ask_websocket(request).await;
        assert!(answer.status == 101 && answer.header("evil").is_none());
    }
}

/// What an event holds comes back inside a body of known length, or inside a frame, and nowhere else.
#[tokio::test(start_paused = true)]
async fn attack_11_an_event_does_not_become_headers_or_packets() {
    const PIECES: [&str; 10] = [
        "\r\n",
        "\r\n\r\n",
        "evil: 1",
        "HTTP/1.1 200 OK",
        "\u{1e}",
        "41",
        "\0",
        "\u{2028}",
        "<script>",
        "é😀",
    ];
    let server = echo();
    let mut dice = Dice::new(11);
    for via in BOTH {
        let mut peer = Peer::join(&server, via).await;
        for _ in 0..200 {
            let text: String = (0..dice.roll(6)).map(|_| *dice.choose(&PIECES)).collect();
            let json = serde_json::to_string(&text).unwrap();
            peer.ask(&format!(r#"421["echo",{json}]"#), &format!("431[{json}]")).await;
        }
        // A name of a namespace comes back in the refusal.
        for piece in PIECES.iter().filter(|piece| **piece != "\u{1e}" && **piece != "evil: 1") {
            let refused = format!(r#"44/{piece},{{"message":"Invalid namespace"}}"#);
            peer.ask(&format!("40/{piece},"), &refused).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_12_there_is_no_jsonp() {
    let log = Log::default();
    let server = Server::new(witness(&log));
    for value in ["0", "1", "", "alert(1)", "%22%3E%3Cscript%3E"] {
        log.clear();
        let opened = server.send(Request::query("GET", &format!("EIO=4&transport=polling&j={value}"))).await;
        let sid = opened.packets().split('"').nth(3).unwrap().to_owned();
        assert!(opened.text().starts_with("0{") && opened.header("x-content-type-options").is_none());
        let query = format!("EIO=4&transport=polling&j={value}&sid={sid}");
        // The form that JSONP posts is no packet.
        let form = Request::query("POST", &query).header("content-type", "application/x-www-form-urlencoded");
        server.send(form.clone().body("40")).await.assert_ok();
        let connected = server.send(Request::query("GET", &query)).await;
        assert!(connected.packets().starts_with("40{"), "{connected:?}");
        server.send(form.body("d=42%5B%22a%22%5D")).await.assert_empty(400);
        log.expect(&["connect", "disconnect: parse error"]).await;
    }
    let mut peer = Peer::open_with(&server, Via::WebSocket, "&j=0", &[]).await;
    peer.connect("40").await;
}
