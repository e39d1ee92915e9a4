//! Raw connections: bytes as a client that respects nothing sends them.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use socket2::{Domain, Socket, Type};

use crate::Failure;

pub(crate) mod polling;
pub(crate) mod websocket;

/// Bytes of a message, a body, and so on: the server's default, which is also what it advertises.
pub(crate) const MAX_PAYLOAD: usize = 1_000_000;

/// After this long a server that takes nothing is taken to have stopped reading.
const STUCK: Duration = Duration::from_millis(700);

pub(crate) fn connect(port: u16) -> Result<TcpStream, Failure> {
    configured(TcpStream::connect(("127.0.0.1", port))?)
}

fn configured(stream: TcpStream) -> Result<TcpStream, Failure> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(STUCK))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    Ok(stream)
}

/// A connection that takes as little as it can before it is read from, so that what the server sends waits in the server
/// and not in the kernel.
pub(crate) fn connect_narrow(port: u16) -> Result<TcpStream, Failure> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_recv_buffer_size(4096)?;
    socket.set_tcp_mss(536)?;
    socket.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into())?;
    configured(socket.into())
}

/// Sends until the server takes no more. Answers whether it took all of it.
pub(crate) fn push(mut stream: &TcpStream, bytes: &[u8]) -> bool {
    stream.write_all(bytes).is_ok()
}

/// Reads up to a word, and no further than the bytes that came with it.
pub(crate) fn until(mut stream: &TcpStream, word: &str) -> Result<String, Failure> {
    let (mut seen, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut chunk)?;
        seen.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let text = String::from_utf8_lossy(&seen);
        if text.contains(word) {
            return Ok(text.into_owned());
        }
        if read == 0 {
            return Err(format!("the server closed the connection: {text:?}").into());
        }
    }
}
