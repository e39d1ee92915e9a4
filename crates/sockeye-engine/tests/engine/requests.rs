//! Requests that fit nothing, by the lines of the edge cases' section A.

use http::Method;

use crate::support::{BAD_REQUEST, SID_UNKNOWN, World, body, refused, request, settle, websocket_request};

const UNKNOWN_TRANSPORT: &str = r#"{"code":0,"message":"Transport unknown"}"#;
const BAD_METHOD: &str = r#"{"code":2,"message":"Bad handshake method"}"#;
const BAD_VERSION: &str = r#"{"code":5,"message":"Unsupported protocol version"}"#;

#[tokio::test(start_paused = true)]
async fn every_mistake_has_its_code() {
    let world = World::new();
    let cases = [
        (Method::GET, "EIO=4", UNKNOWN_TRANSPORT),
        (Method::GET, "EIO=4&transport=tobi", UNKNOWN_TRANSPORT),
        (Method::GET, "EIO=4&transport=__proto__", UNKNOWN_TRANSPORT),
        (Method::GET, "EIO=4&transport=webtransport", UNKNOWN_TRANSPORT),
        (Method::GET, "EIO=4&transport=polling&sid=nobody", SID_UNKNOWN),
        (Method::GET, "EIO=4&transport=polling&sid=__proto__", SID_UNKNOWN),
        (Method::GET, "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", SID_UNKNOWN),
        (Method::POST, "EIO=4&transport=polling", BAD_METHOD),
        (Method::OPTIONS, "EIO=4&transport=polling", BAD_METHOD),
        (Method::HEAD, "EIO=4&transport=polling", BAD_METHOD),
        (Method::GET, "EIO=4&transport=websocket", BAD_REQUEST),
        (Method::GET, "EIO=3&transport=polling", BAD_VERSION),
        (Method::GET, "transport=polling", BAD_VERSION),
        (Method::GET, "EIO=4&EIO=3&transport=polling", BAD_VERSION),
    ];
    for (method, query, answer) in cases {
        let response = world.send(request(method, query).body(body("")).unwrap()).await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/json", "{query}");
        assert_eq!(response.headers()["cache-control"], "no-store", "{query}");
        assert_eq!(refused(response).await, (400, answer.to_owned()), "{query}");
    }
    assert_eq!(world.engine.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_found_by_its_transport_and_version_only() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    for query in ["EIO=3&transport=polling", "transport=polling", "EIO=4&transport=websocket"] {
        let request = request(Method::GET, &format!("{query}&sid={sid}")).body(body("")).unwrap();
        assert_eq!(
            refused(world.send(request).await.unwrap()).await,
            (400, BAD_REQUEST.to_owned()),
            "{query}"
        );
    }
    assert_eq!(world.engine.sessions(), 1);
    world.expect_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn other_methods_leave_the_session_alone() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::HEAD] {
        let request = request(method, &format!("EIO=4&transport=polling&sid={sid}")).body(body("")).unwrap();
        let response = world.send(request).await.unwrap();
        assert_eq!(response.headers()["allow"], "GET, POST");
        assert_eq!(refused(response).await, (405, String::new()));
    }
    assert!(!sender.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_websocket_request_is_refused_before_its_101() {
    let mut world = World::new();
    let (ws, _sender) = world.open_websocket().await;
    let sid = _sender.sid();
    let wrong = [
        (format!("EIO=4&transport=websocket&sid={sid}"), BAD_REQUEST),
        ("EIO=4&transport=websocket&sid=nobody".to_owned(), SID_UNKNOWN),
        ("EIO=4&transport=polling".to_owned(), BAD_REQUEST),
        ("EIO=3&transport=websocket".to_owned(), BAD_VERSION),
        ("EIO=4&transport=tobi".to_owned(), UNKNOWN_TRANSPORT),
    ];
    for (query, answer) in wrong {
        let (response, _) = world.ask_websocket(&query).await;
        assert_eq!(refused(response).await, (400, answer.to_owned()), "{query}");
    }
    assert_eq!(world.engine.sessions(), 1);
    drop(ws);
}

#[tokio::test(start_paused = true)]
async fn the_opening_handshake_is_checked() {
    let world = World::new();
    let query = "EIO=4&transport=websocket";
    let cases = [
        ("upgrade", "h2c", "Invalid Upgrade header"),
        ("sec-websocket-key", "short", "Missing or invalid Sec-WebSocket-Key header"),
        ("sec-websocket-version", "12", "Missing or invalid Sec-WebSocket-Version header"),
    ];
    for (name, value, message) in cases {
        let mut request = websocket_request(query).body(body("")).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let (status, answer) = refused(world.send(request).await.unwrap()).await;
        assert_eq!((status, answer), (400, format!(r#"{{"code":3,"message":"{message}"}}"#)));
    }
    let mut post = websocket_request(query).body(body("")).unwrap();
    *post.method_mut() = Method::POST;
    assert_eq!(refused(world.send(post).await.unwrap()).await, (400, BAD_METHOD.to_owned()));
    // A connection that cannot become anything else: HTTP/2, or a server without upgrades.
    let stuck = websocket_request(query).body(body("")).unwrap();
    assert_eq!(refused(world.send(stuck).await.unwrap()).await, (400, BAD_REQUEST.to_owned()));
    settle().await;
    assert_eq!(world.engine.sessions(), 0);
}
