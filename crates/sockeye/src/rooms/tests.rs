//! Rooms that are chosen for sockets before they are let in.

use axum::{Router, body::Body};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::{Joining, Namespace, Sockeye};

async fn send(app: &Router, method: &str, query: &str, body: &'static str) -> String {
    let request = Request::builder()
        .method(method)
        .uri(format!("/socket.io/?EIO=4&transport=polling{query}"))
        .body(Body::from(body))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_or_goes_meanwhile_is_not_expected_any_longer() {
    let door = |Joining(socket): Joining, body: String| async move {
        socket.join("chosen").await.unwrap();
        if body.contains("waits") {
            std::future::pending::<()>().await;
        }
        StatusCode::FORBIDDEN
    };
    let sockeye = Sockeye::builder().namespace("/", Namespace::new().admit(door)).build();
    let app = sockeye.router();
    let rooms = sockeye.engine().handler().mounted().sites.find("/").unwrap().rooms.clone();
    let expected = || rooms.read().expected.len();

    let open = send(&app, "GET", "", "").await;
    let sid = open.split('"').nth(3).unwrap().to_owned();
    let query = format!("&sid={sid}");
    assert_eq!(send(&app, "POST", &query, "40").await, "ok");
    assert!(send(&app, "GET", &query, "").await.starts_with("44"));
    assert_eq!(expected(), 0, "refused");

    assert_eq!(send(&app, "POST", &query, r#"40{"a":"waits"}"#).await, "ok");
    tokio::task::yield_now().await;
    assert_eq!(expected(), 1);
    assert_eq!(send(&app, "POST", &query, "1").await, "ok");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(expected(), 0, "gone");

    let open = send(&app, "GET", "", "").await;
    let query = format!("&sid={}", open.split('"').nth(3).unwrap());
    assert_eq!(send(&app, "POST", &query, r#"40{"a":"waits"}"#).await, "ok");
    // Beyond what an admission may take.
    tokio::time::sleep(std::time::Duration::from_secs(11)).await;
    assert_eq!(expected(), 0, "too late");
    assert_eq!(rooms.len(), 0);
}
