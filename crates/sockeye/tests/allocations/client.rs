//! A raw client in lockstep: it writes what was made beforehand, and reads exactly the bytes it expects.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A websocket on `std::net`. Between two rounds nothing is under way, so what a round costs the server is the same each
/// time.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    pub(crate) seen: Vec<u8>,
}

impl Client {
    /// Opens a websocket with this request head and joins the namespace `/`.
    pub(crate) fn connect(port: u16, head: &str) -> Self {
        Self::join(port, head, "40")
    }

    /// Opens a websocket and sends this CONNECT, which has to be granted.
    pub(crate) fn join(port: u16, head: &str, connect: &str) -> Self {
        let mut client = Self::open(port);
        client.send(head.as_bytes());
        client.until(b"\r\n\r\n");
        client.until(b"\"maxPayload\":");
        client.until(b"}");
        client.send(&masked(TEXT, connect.as_bytes()));
        client.until(b"\"sid\":\"");
        client.until(b"\"}");
        client
    }

    /// A connection on which nothing was said.
    pub(crate) fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("a socket of loopback has options");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket of loopback has options");
        Self { stream, seen: Vec::new() }
    }

    /// Writes it all, in one write wherever the kernel has room.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the server reads");
    }

    /// Reads as many bytes, which have to be these.
    pub(crate) fn expect(&mut self, wanted: &[u8]) {
        self.seen.resize(wanted.len(), 0);
        self.stream.read_exact(&mut self.seen).expect("the server answers");
        assert!(self.seen == wanted, "{}", String::from_utf8_lossy(&self.seen));
    }

    /// Reads until this was read, byte by byte.
    pub(crate) fn until(&mut self, wanted: &[u8]) {
        self.seen.clear();
        while !self.seen.ends_with(wanted) {
            let mut byte = [0];
            let read = self.stream.read_exact(&mut byte);
            assert!(read.is_ok(), "{read:?} after {}", String::from_utf8_lossy(&self.seen));
            self.seen.extend(byte);
        }
    }
}

/// A frame as clients send it. The mask is none that leaves bytes as they are.
pub(crate) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(opcode, payload.len(), 0x80);
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// A frame as servers send it.
pub(crate) fn framed(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(opcode, payload.len(), 0);
    frame.extend(payload);
    frame
}

fn header(opcode: u8, len: usize, mask: u8) -> Vec<u8> {
    let mut header = vec![0x80 | opcode];
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short @ ..126), _) => header.push(mask | short),
        (_, Ok(len)) => {
            header.push(mask | 126);
            header.extend(len.to_be_bytes());
        }
        _ => {
            header.push(mask | 127);
            header.extend((len as u64).to_be_bytes());
        }
    }
    header
}

/// The head of a handshake by websocket, as short as one may be.
pub(crate) const HEAD: &str = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
                        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
const MASK: [u8; 4] = [0x5a, 0xc3, 0x3c, 0xa5];
/// Longer than anything takes; a test whose server is silent ends.
const PATIENCE: Duration = Duration::from_secs(60);
