//! What may stand around event handlers, from the outside in: a log, limits of tower's, a rate for each socket, a guard.
#![forbid(unsafe_code)]

use std::{
    env, io,
    time::{Duration, Instant},
};

use axum::Router;
use sockeye::{
    Data, Event, Handler as _, Io, Namespace, RateLimitPerSocket, Reply, Socket, Sockeye,
    event::{self, Next},
};
use tokio::{net::TcpListener, signal::ctrl_c, time::sleep};
use tower::{ServiceBuilder, limit::ConcurrencyLimitLayer, load_shed::LoadShedLayer, timeout::TimeoutLayer};

/// Sees every event and what came of it. Extractors come first, as in a handler.
async fn log(socket: Socket, event: Event, next: Next) -> Reply {
    // The name is the client's own text, so it is printed escaped.
    let (name, start) = (format!("{:?}", event.name()), Instant::now());
    let reply = next.run(event).await;
    println!("{} {name} {:?} {:?}", socket.id(), start.elapsed(), reply.error_code());
    reply
}

/// Refuses an event, and changes another.
async fn guard(mut event: Event, next: Next) -> Reply {
    match event.name() {
        "delete-user" => return Reply::error("forbidden", "only admins delete users"),
        "say" => {
            let Ok(text) = event.arguments().deserialize_first::<String>() else {
                return Reply::error("invalid_payload", "say some text");
            };
            if event.set_args(text.trim()).is_err() {
                return Reply::error("invalid_payload", "say some other text");
            }
        }
        _ => {}
    }
    next.run(event).await
}

async fn say(Data(text): Data<String>) -> Data<String> {
    Data(text)
}

async fn delete_user(Data(name): Data<String>) {
    println!("deleted {name:?}");
}

/// Takes longer than anybody waits.
async fn slow() {
    sleep(Duration::from_secs(60)).await;
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let second = Duration::from_secs(1);
    let namespace = Namespace::new()
        .on("say", say)
        .on("delete-user", delete_user)
        // One handler may have layers of its own.
        .on("slow", slow.layer(TimeoutLayer::new(second / 10)))
        .on("burst", (async || {}).layer(RateLimitPerSocket::new(3, 60 * second)))
        .layer(event::from_fn(guard))
        .layer(
            ServiceBuilder::new()
                .layer(LoadShedLayer::new())
                .layer(ConcurrencyLimitLayer::new(1024))
                .layer(RateLimitPerSocket::new(100, second)),
        )
        // The last one is the outermost, and sees what those further in have refused.
        .layer(event::from_fn(log));

    let io = Io::new();
    let sockeye = Sockeye::builder().handle(&io).namespace("/", namespace).build();
    let app = Router::new().merge(sockeye.router());

    let port: u16 = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(io.shutdown_on(async { drop(ctrl_c().await) })).await
}
