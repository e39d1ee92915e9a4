//! The server under attack, in a process of its own. Its handlers keep nothing.

use std::{fs, future::pending, io, thread, time::Duration};

use axum::{Router, routing::get};
use sockeye::{Data, JoinError, Namespace, Socket, Sockeye};
use tokio::{net::TcpListener, time::timeout};

use crate::Failure;

/// Namespaces beside `/`: as many as one session may join by default, and some more.
const NAMESPACES: usize = 70;

/// After this long a client takes no more.
const PATIENCE: Duration = Duration::from_millis(100);

/// Serves on a port of its own, which it prints. To each line that comes in it prints its figures; it ends with its
/// input.
#[tokio::main]
pub(crate) async fn serve() -> Result<(), Failure> {
    let mut builder = Sockeye::builder().namespace("/", namespace());
    for number in 0..NAMESPACES {
        builder = builder.namespace(format!("/n{number}"), namespace());
    }
    let sockeye = builder.build();
    let io = sockeye.io().clone();
    let app: Router = Router::new().route("/", get(|| async { "a chat" })).merge(sockeye.router());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    thread::spawn(move || {
        for _ in io::stdin().lines() {
            let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
            println!("{} {} {}", kilobytes(&status, "VmRSS:"), kilobytes(&status, "VmHWM:"), io.sessions());
        }
        std::process::exit(0);
    });
    Ok(sockeye::serve(listener, app).await?)
}

fn namespace() -> Namespace {
    async fn nothing() {}
    async fn slow() {
        pending::<()>().await;
    }
    async fn echo(Data(text): Data<String>) -> Data<String> {
        Data(text)
    }
    async fn join(socket: Socket, Data(room): Data<String>) -> Result<(), JoinError> {
        socket.join(room).await
    }
    // Emits until the client takes no more, and then so many more without waiting for it.
    async fn pour(socket: Socket, Data((size, more)): Data<(usize, usize)>) {
        let text = "x".repeat(size);
        while let Ok(Ok(())) = timeout(PATIENCE, socket.emit("x", &text)).await {}
        for _ in 0..more {
            drop(socket.emit("x", &text));
        }
    }
    Namespace::new()
        .on("nothing", nothing)
        .on("slow", slow)
        .on("echo", echo)
        .on("join", join)
        .on("pour", pour)
}

fn kilobytes(status: &str, field: &str) -> u64 {
    let value = status.lines().find_map(|line| line.strip_prefix(field)?.split_whitespace().next());
    value.and_then(|value| value.parse().ok()).unwrap_or_default()
}
