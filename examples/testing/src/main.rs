//! Serves the auction. Its tests do not need this: they use the same router in memory.
#![forbid(unsafe_code)]

use std::{env, io};

use tokio::{net::TcpListener, signal};

#[tokio::main]
async fn main() -> io::Result<()> {
    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let (router, io) = testing::app();
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    sockeye::serve(listener, router).with_graceful_shutdown(io.shutdown_on(asked_to_end())).await
}

async fn asked_to_end() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => return,
            _ = terminate.recv() => return,
        }
    }
    let _ = signal::ctrl_c().await;
}
