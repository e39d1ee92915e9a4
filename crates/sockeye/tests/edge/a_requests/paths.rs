//! Which paths are the server's (lines 27 to 31, 40).

use std::time::Duration;

use axum::{Router, routing::get};
use http::StatusCode;
use sockeye::{Namespace, Sockeye};
use tokio::time::Instant;

use crate::support::{BOTH, Request, Server, Via};

/// The two ways to mount a server below a path: as routes, and as a layer in front of the application.
fn mounted(path: &'static str) -> [Server; 2] {
    let app = || {
        Router::new()
            .route("/hello", get(async || "hello"))
            .fallback(async || (StatusCode::NOT_FOUND, "the app"))
    };
    let build = || Sockeye::builder().path(path).namespace("/", Namespace::new()).build();
    let (routed, layered) = (build(), build());
    let layer = tower::ServiceBuilder::new().layer(layered.layer()).service(app());
    [
        Server::app(routed.io(), app().merge(routed.router())),
        Server::app(layered.io(), Router::new().fallback_service(layer)),
    ]
}

/// A handshake to this path.
fn handshake(via: Via, path: &str) -> Request {
    match via {
        Via::Polling => Request::new("GET", format!("{path}?EIO=4&transport=polling")),
        Via::WebSocket => Request::websocket("EIO=4&transport=websocket")
            .target(format!("{path}?EIO=4&transport=websocket")),
    }
}

async fn assert_is_the_servers(server: &Server, path: &str) {
    for (via, status) in [(Via::Polling, 200), (Via::WebSocket, 101)] {
        assert_eq!(server.send(handshake(via, path)).await.status, status, "{path}");
    }
}

async fn assert_is_the_apps(server: &Server, path: &str) {
    for via in BOTH {
        let answer = server.send(handshake(via, path)).await;
        assert_eq!((answer.status, answer.text()), (404, "the app"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_027_without_the_slash_it_is_the_apps() {
    for server in mounted("/socket.io/") {
        assert_is_the_servers(&server, "/socket.io/").await;
        assert_is_the_apps(&server, "/socket.io").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_028_everything_below_is_the_servers() {
    for server in mounted("/socket.io/") {
        for path in ["/socket.io/anything", "/socket.io/anything/deeper/", "/socket.io//"] {
            assert_is_the_servers(&server, path).await;
        }
    }
}

/// Paths are compared by segment, as routers do: `/socket.iox` is another path, which the reference takes too.
#[tokio::test(start_paused = true)]
async fn edge_029_a_path_without_a_slash_at_its_end() {
    for server in mounted("/socket.io") {
        for path in ["/socket.io", "/socket.io/", "/socket.io/deeper"] {
            assert_is_the_servers(&server, path).await;
        }
        for path in ["/socket.iox", "/socket.iox/", "/socket.i"] {
            assert_is_the_apps(&server, path).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_030_paths_are_compared_exactly() {
    for server in mounted("/socket.io/") {
        for path in ["/Socket.IO/", "//socket.io/", "/a/socket.io/", "/socket%2Eio/"] {
            assert_is_the_apps(&server, path).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_031_all_other_requests_are_the_apps() {
    for server in mounted("/socket.io/") {
        let answer = server.send(Request::new("GET", "/hello?EIO=4&transport=polling")).await;
        assert_eq!((answer.status, answer.text()), (200, "hello"));
        let answer = server.send(Request::new("POST", "/elsewhere").body("x")).await;
        assert_eq!((answer.status, answer.text()), (404, "the app"));
        assert_is_the_servers(&server, "/socket.io/").await;
    }
}

/// The reference cuts such a connection after a second, for nobody else answers it in Node. Here the application does,
/// at once, and the connection goes on.
#[tokio::test(start_paused = true)]
async fn edge_040_an_upgrade_on_another_path() {
    for server in mounted("/socket.io/") {
        let started = Instant::now();
        let mut connection = server.connect();
        connection.write(handshake(Via::WebSocket, "/elsewhere").bytes()).await;
        let answer = connection.answer().await;
        assert_eq!((answer.status, answer.text()), (404, "the app"));
        assert!(started.elapsed() < Duration::from_secs(1));
        tokio::time::sleep(Duration::from_secs(2)).await;
        connection.write(Request::new("GET", "/hello").bytes()).await;
        assert_eq!(connection.answer().await.text(), "hello");
    }
}
