//! An Engine.IO echo server: what a client sends comes back, on polling and on websocket alike.
#![forbid(unsafe_code)]

use std::{env, io, task::Context, time::Duration};

use axum::{Router, http::request::Parts};
use sockeye_engine::{CloseReason, Engine, Flow, Handler, Handshake, MessageRef, Sender, SessionHandler};
use tokio::{net::TcpListener, signal::ctrl_c};

/// Makes an [`EchoSession`] for every client.
struct Echo;

/// One client. The sender is how it is answered; it could as well be kept in a list, to write to it at any time.
struct EchoSession {
    sender: Sender,
}

impl Handler for Echo {
    type Session = EchoSession;

    fn open(&self, handshake: Handshake, sender: Sender) -> EchoSession {
        println!("opened by {}", handshake.transport);
        EchoSession { sender }
    }
}

impl SessionHandler for EchoSession {
    fn message(&mut self, _: &mut Context<'_>, message: MessageRef<'_>, _: Option<&Parts>) -> Flow {
        // Fails when the client is about to leave; its session ends then, and `closed` says so.
        let _ = self.sender.send(message);
        Flow::Continue
    }

    fn upgraded(&mut self) {
        println!("upgraded to websocket");
    }

    fn closed(&mut self, reason: CloseReason) {
        println!("closed: {reason}");
    }
}

fn engine() -> Engine<Echo> {
    Engine::builder().path("/engine.io/").build(Echo)
}

fn app(engine: &Engine<Echo>) -> Router {
    Router::new().route_service(engine.path(), engine.service())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let engine = engine();
    let port: u16 = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let app = app(&engine);
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            let _ = ctrl_c().await;
            engine.shutdown(Duration::from_secs(10)).await;
        })
        .await
}

#[cfg(test)]
mod tests;
