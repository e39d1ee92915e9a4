//! Section C: polling by GET and POST.

mod bodies;
mod compression;
mod get;
mod packets;
mod requests;

use sockeye::{Builder, DisconnectReason, Namespace, Sockeye};

use crate::support::{Log, Server, witness};

/// A server whose namespace `/` writes down what happens.
fn watched(log: &Log) -> Server {
    Server::new(witness(log))
}

fn watched_with(log: &Log, settings: impl FnOnce(Builder) -> Builder) -> Server {
    Server::built(settings(Sockeye::builder().namespace("/", witness(log))))
}

/// A namespace that writes down why sockets leave, with the detail that logs would have.
fn details(log: &Log) -> Namespace {
    let log = log.clone();
    Namespace::new().on_disconnect(async move |reason: DisconnectReason| {
        let DisconnectReason::Session(close) = reason else { panic!("{reason}") };
        log.write(format!("{reason}: {}", close.detail().unwrap_or("-")));
    })
}

/// Opens a session by polling and joins the namespace `/`.
async fn join(server: &Server) -> String {
    let sid = server.open().await;
    server.post(&sid, "40").await;
    assert!(server.fetch(&sid).await.starts_with(r#"40{"sid":"#));
    sid
}
