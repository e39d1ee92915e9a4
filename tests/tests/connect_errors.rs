//! Each `connect_error` that a page may meet, as docs/for-the-front-end.md lists them.

#![forbid(unsafe_code)]

use std::future::pending;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use sockeye::{Namespace, Refusal};
use whole_system::Story;

#[tokio::test(flavor = "multi_thread")]
async fn every_connect_error_is_met_by_a_stock_client() {
    async fn banned(headers: HeaderMap) -> Result<(), Refusal> {
        if headers.contains_key("x-banned") { Err(Refusal::new("you are banned")) } else { Ok(()) }
    }
    async fn broken() -> StatusCode {
        panic!("an admission that panics")
    }
    let story = Story::new("connect_errors.mjs", |io| {
        let missing =
            async || Err::<(), _>(Refusal::new("Unauthorized").data(json!({ "code": "token_missing" })));
        io.allow_request(banned)
            .admit_timeout(Duration::from_millis(300))
            .max_payload(5_000)
            .max_unclaimed(4)
            .namespace("/", Namespace::new())
            .namespace("/second", Namespace::new())
            .namespace("/refused", Namespace::new().admit(missing))
            .namespace("/bare", Namespace::new().admit(async || Err::<(), _>(Refusal::new("Not today"))))
            .namespace("/status", Namespace::new().admit(async || StatusCode::FORBIDDEN))
            .namespace("/slow", Namespace::new().admit(async || pending::<()>().await))
            .namespace("/broken", Namespace::new().admit(broken))
    });
    let story = story.answer("fill", async |stage, _| {
        // Sessions that join nothing take all places.
        for _ in 0..8 {
            open(stage.server.address()).await;
        }
        Value::Null
    });
    story.on_every_transport().await;
}

/// Opens a session by polling and leaves it alone.
async fn open(address: std::net::SocketAddr) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
    let request = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let _ = stream.read_to_end(&mut Vec::new()).await;
}
