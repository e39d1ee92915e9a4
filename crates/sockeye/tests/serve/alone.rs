//! A server on a port of its own. The network is real here, for the port is the point.

use std::net::SocketAddr;

use axum::response::IntoResponse;
use http::{HeaderValue, StatusCode};
use sockeye::{Data, Namespace, Origins, Sockeye, serve::ServeConfig};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};
use tower_http::cors::CorsLayer;

fn echo() -> Sockeye {
    let echo = Namespace::new().on("echo", async |Data(text): Data<String>| Data(text));
    Sockeye::builder().origins(Origins::any()).namespace("/", echo).build()
}

/// The whole answer to a request that closes its connection.
async fn ask(address: SocketAddr, target: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn port_0_is_reported_and_everything_else_is_404() {
    let server = echo().serve("127.0.0.1:0").bind().await.unwrap();
    let address = server.local_addr();
    assert_ne!(address.port(), 0);
    tokio::spawn(server);
    let open = ask(address, "/socket.io/?EIO=4&transport=polling", "").await;
    assert!(open.starts_with("HTTP/1.1 200 ") && open.contains("0{\"sid\":"), "{open}");
    for path in ["/", "/socket.io", "/elsewhere"] {
        let answer = ask(address, path, "").await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    }
}

#[tokio::test]
async fn an_http_layer_is_around_everything() {
    async fn count(mut response: axum::response::Response) -> impl IntoResponse {
        response.headers_mut().insert("x-layer", HeaderValue::from_static("1"));
        response
    }
    let alone = echo().serve("127.0.0.1:0").http_layer(CorsLayer::permissive());
    let server = alone.http_layer(axum::middleware::map_response(count)).bind().await.unwrap();
    let address = server.local_addr();
    tokio::spawn(server);
    for (target, status) in
        [("/socket.io/?EIO=4&transport=polling", StatusCode::OK), ("/elsewhere", StatusCode::NOT_FOUND)]
    {
        let answer = ask(address, target, "origin: https://b.example\r\n").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {}", status.as_u16())), "{answer}");
        assert!(answer.contains("\r\naccess-control-allow-origin: *\r\n"), "{answer}");
        assert!(answer.contains("\r\nx-layer: 1\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn its_end_closes_sessions_and_the_port() {
    let sockeye = echo();
    let (end, ended) = oneshot::channel::<()>();
    let alone = sockeye.serve("127.0.0.1:0").config(ServeConfig::default());
    let signal = async {
        let _ = ended.await;
    };
    let server = alone.with_graceful_shutdown(signal).bind().await.unwrap();
    let address = server.local_addr();
    let task = tokio::spawn(server);
    let open = ask(address, "/socket.io/?EIO=4&transport=polling", "").await;
    let sid = open.split('"').nth(3).unwrap().to_owned();
    let poll = tokio::spawn(async move {
        ask(address, &format!("/socket.io/?EIO=4&transport=polling&sid={sid}"), "").await
    });
    assert_eq!(sockeye.sessions(), 1);
    end.send(()).unwrap();
    assert!(poll.await.unwrap().ends_with("\r\n1"), "the waiting GET is told");
    task.await.unwrap().unwrap();
    assert_eq!(sockeye.sessions(), 0);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error() {
    let first = echo().serve("127.0.0.1:0").bind().await.unwrap();
    let error = echo().serve(first.local_addr()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
