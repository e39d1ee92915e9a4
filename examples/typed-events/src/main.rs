//! Events as types: one contract for handlers, emits and the browser.
#![forbid(unsafe_code)]

use std::{
    env, io,
    sync::atomic::{AtomicU64, Ordering},
};

use axum::{Router, routing::get};
use serde::{Deserialize, Serialize};
use sockeye::{Contract, EventType, Io, Namespace, Reply, Socket, Sockeye};
use tokio::{net::TcpListener, signal::ctrl_c};

/// A client says something, and learns the number of what it has said.
#[derive(Deserialize, EventType)]
#[event("message", ack = Sent, ts = "{ text: string }", ack_ts = "{ id: number }")]
struct NewMessage {
    text: String,
}

#[derive(Serialize)]
struct Sent {
    id: u64,
}

/// Everybody else hears it.
#[derive(Serialize, EventType)]
#[event("said", ts = "{ id: number; text: string }")]
struct Said {
    id: u64,
    text: String,
}

/// Name, payload and ack are those of the type: a handler that returns anything but a `Sent`, or an error, does not compile.
async fn message(socket: Socket, new: NewMessage) -> Result<Sent, Reply> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    if new.text.is_empty() {
        return Err(Reply::error("empty", "say something"));
    }
    let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    let said = Said { id, text: new.text };
    socket
        .broadcast()
        .emit_event(&said)
        .await
        .map_err(|_| Reply::error("unavailable", "nobody hears you"))?;
    Ok(Sent { id })
}

fn contract() -> Contract {
    Contract::new().accepts::<NewMessage>().emits::<Said>()
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let io = Io::new();
    let chat = Namespace::new().contract(contract()).handle::<NewMessage, _>(message);
    let sockeye = Sockeye::builder().handle(&io).namespace("/", chat).build();
    let app = Router::new()
        // In a project of its own this would be a file that the front end imports.
        .route("/events.ts", get(|| async { contract().typescript() }))
        .merge(sockeye.router());

    let port: u16 = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(io.shutdown_on(async { drop(ctrl_c().await) })).await
}
