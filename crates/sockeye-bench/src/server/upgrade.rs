//! The handshake of the limits, which is tungstenite's.

use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, protocol::WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config};

/// A websocket with small buffers: by default each has 128 KiB, which is zeroed for every read.
pub(super) async fn accept(stream: TcpStream) -> Result<WebSocketStream<TcpStream>, Error> {
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(4096);
    accept_async_with_config(stream, Some(config)).await
}
