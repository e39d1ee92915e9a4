//! A dashboard of one's own: ordinary axum routes that look at the sockets and act on them.
#![forbid(unsafe_code)]

mod log;
mod routes;
mod user;

use std::{env, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::FromRef};
use sockeye::{Data, Io, Namespace, Socket, Sockeye};
use tokio::{net::TcpListener, signal::ctrl_c};

use crate::user::Password;

/// What the routes ask for: the handle of the sockets, as any other part of an application's state.
#[derive(Clone, FromRef)]
struct App {
    io: Io,
    password: Arc<Password>,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let io = Io::new();
    let password = Password::from_env()?;
    let app = App { io: io.clone(), password: Arc::new(password) };

    let sockeye = Sockeye::builder()
        .handle(&io)
        // So that latencies are fresh; every 25 s by default.
        .ping_interval(Duration::from_secs(2))
        .namespace("/", chat())
        .namespace("/news", Namespace::new())
        .build_with_state(());
    let router: Router = routes::routes().with_state(app).merge(sockeye.router());

    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    // With the address of each client, to be shown.
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(io.shutdown_on(ctrl_c())).await
}

/// Something to look at: clients with a name, in rooms.
fn chat() -> Namespace {
    Namespace::new()
        .on("name", async |socket: Socket, Data(name): Data<String>| {
            Data(socket.data().set_field("name", &name).is_ok())
        })
        .on("join", async |socket: Socket, Data(room): Data<String>| Data(socket.join(room).await.is_ok()))
        .on("say", async |socket: Socket, Data(text): Data<String>| {
            Data(socket.broadcast().emit("said", text).await.is_ok())
        })
}
