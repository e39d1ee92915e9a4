//! What the application hears of requests that are refused, as by the reference's `connection_error`.

use sockeye::{Namespace, Origins, Refusal, Sockeye};

use crate::support::{Log, Request, Server};

#[tokio::test(start_paused = true)]
async fn edge_001_to_014_the_application_hears_of_refusals() {
    let log = Log::default();
    let told = log.clone();
    let allow = async |headers: http::HeaderMap| match headers.contains_key("x-banned") {
        true => Err(Refusal::new("no")),
        false => Ok(()),
    };
    let builder = Sockeye::builder()
        .namespace("/", Namespace::new())
        .origins(Origins::list(["https://a.example"]))
        .allow_request(allow)
        .generate_id(|head| {
            let id = head.headers.get("x-id").map_or("one", |_| "").to_owned();
            async move { Ok::<_, std::io::Error>(id) }
        })
        .connection_error(move |error, head| {
            told.write(format!("{} {error}: {}", error.code(), head.method));
            assert_ne!(error.code(), 5, "what it panics with is its own");
        });
    let server = Server::built(builder);
    let websocket = || Request::websocket("EIO=4&transport=websocket");
    for (request, status) in [
        (Request::query("GET", "EIO=4&transport=tobi"), 400),
        (Request::poll("nobody"), 400),
        (Request::query("POST", "EIO=4&transport=polling"), 400),
        (websocket().without("sec-websocket-key"), 400),
        (Request::open().header("origin", "https://b.example").header("cookie", "a=1"), 403),
        (websocket().header("x-banned", "1"), 403),
        (Request::open().header("x-id", "none"), 400),
        (Request::query("GET", "EIO=3&transport=polling"), 400),
    ] {
        assert_eq!(server.send(request).await.status, status);
    }
    log.expect(&[
        "0 Transport unknown: GET",
        "1 Session ID unknown: GET",
        "2 Bad handshake method: POST",
        "3 Bad request: GET",
        "4 Forbidden: GET",
        "4 Forbidden: GET",
        "3 Bad request: GET",
        "5 Unsupported protocol version: GET",
    ])
    .await;
    // What succeeds is no news.
    assert_eq!(server.send(Request::open()).await.status, 200);
    assert_eq!(log.lines().len(), 8);
}
