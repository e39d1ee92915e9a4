//! Binds, builds the page, serves until asked to end.

#![forbid(unsafe_code)]

use std::io::{ErrorKind, IsTerminal};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use axum::serve::ListenerExt;
use chat_jwt::config::Config;
use chat_jwt::{page, shutdown};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_ansi(std::io::stdout().is_terminal()).with_env_filter(filter).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => {
            eprintln!("chat-jwt: {line}");
            ExitCode::FAILURE
        }
    }
}

/// The error is one line for the person who started the program.
async fn run() -> Result<(), String> {
    let mut config = Config::from_env().map_err(|error| error.to_string())?;
    let addr = config.addr;
    // Before the page is built: nobody should wait a minute to learn that the port is taken.
    let listener = TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!("{addr} is already in use; set PORT to another port"),
        _ => format!("cannot listen on {addr}: {error}"),
    })?;
    let addr = listener.local_addr().map_err(|error| error.to_string())?;

    if config.secret_is_random {
        tracing::info!(
            "CHAT_SECRET is not set: tokens are signed with a random key and end with this process"
        );
    }
    let built = tokio::task::spawn_blocking(|| page::ensure_built(Path::new(WEB))).await;
    config.page = built.map_err(|error| error.to_string())?;
    config.packages = Some(Path::new(WEB).join("node_modules"));

    let server = chat_jwt::app(config);
    tracing::info!("listening on http://{addr}");
    // Answers to polls are small writes as well; websockets set this by themselves.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    // With the address of each client, for bounds by address and for the admin UI.
    axum::serve(listener, server.router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(server.io.shutdown_on(shutdown::asked_to_end()))
        .await
        .map_err(|error| error.to_string())
}

/// The sources of the page, beside this crate's.
const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web");
