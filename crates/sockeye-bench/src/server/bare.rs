//! The limit: a tokio server with a codec of its own and nothing else.
//!
//! One task for each connection. It reads into a buffer of its thread until nothing is there, and writes all answers at
//! once. What is for many is framed once, and put into the queues of those it is for; each of them writes for itself.
//!
//! Text is not checked to be UTF-8, which RFC 6455 asks for: a limit owes nothing.

mod codec;
mod connection;
mod scratch;

use std::io;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};

use self::connection::Connection;
use super::{Options, limit::Hub, upgrade};

/// Serves the workloads on `listener`.
///
/// # Errors
/// When no connection can be accepted any more.
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let hub = Arc::new(Hub::new());
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(converse(stream, hub.clone(), options.max_payload));
    }
}

/// A connection ends as it likes: there is nobody to tell.
async fn converse(stream: TcpStream, hub: Arc<Hub<bytes::Bytes>>, max_payload: usize) {
    // Only the handshake is tungstenite's.
    if let Ok(websocket) = upgrade::accept(stream).await {
        let _ = Connection::new(websocket.into_inner(), hub, max_payload).await;
    }
}
