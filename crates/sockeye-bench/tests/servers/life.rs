//! How servers are started, and how they end.

use tokio::time::timeout;

use crate::kit::{Client, PATIENCE, Server};

#[tokio::test]
async fn a_server_ends_with_its_stdin() {
    let mut server = Server::sockeye().await;
    let _client = Client::connect(&server).await;
    drop(server.stdin.take());
    assert!(timeout(PATIENCE, server.child.wait()).await.unwrap().unwrap().success());
}

#[tokio::test]
async fn what_is_set_reaches_the_session() {
    let binary = env!("CARGO_BIN_EXE_bench-sockeye");
    let server = Server::start(binary, &["--ping-interval", "60000", "--max-payload", "2000000"]).await;
    let (_, open) = crate::kit::request(&server, "GET", "/socket.io/?EIO=4&transport=polling", "").await;
    assert!(open.contains(r#""pingInterval":60000"#) && open.contains(r#""maxPayload":2000000"#), "{open}");
}
