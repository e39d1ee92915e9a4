//! Websockets opened one after the other, blocking, before anything is measured.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use super::frame::{Frame, Frames, TEXT, text};
use super::head::Head;

/// A websocket whose handshakes are done, still blocking.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    /// What came behind the last frame that was awaited.
    pub(crate) left: Vec<u8>,
}

impl Client {
    /// Opens a websocket and connects it to the default namespace.
    pub(crate) fn connected(port: u16, number: usize, head: Head) -> io::Result<Self> {
        let mut client = Self::opened(port, number, head)?;
        client.send(&text("40"))?;
        client.awaits(b"40{")?;
        Ok(client)
    }

    /// Opens a websocket and reads the packet that opens the session.
    pub(crate) fn opened(port: u16, number: usize, head: Head) -> io::Result<Self> {
        let stream = stream(port, number)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut client = Self { stream, left: Vec::new() };
        client.send(head.websocket(port, number).as_bytes())?;
        client.switched()?;
        client.awaits(b"0{")?;
        Ok(client)
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Joins a room, and waits until the server says so.
    pub(crate) fn join(&mut self, room: &str) -> io::Result<()> {
        self.send(&text(&format!("420[\"join\",\"{room}\"]")))?;
        self.awaits(b"430[")
    }

    /// Reads up to a text frame that starts so; pings on the way are answered, and nothing else may come.
    pub(crate) fn awaits(&mut self, start: &[u8]) -> io::Result<()> {
        loop {
            let mut frames = Frames::of(&self.left);
            let frame = frames.next();
            let (found, ping) = match frame {
                Some(frame) if frame.opcode == TEXT && frame.payload.starts_with(start) => (true, false),
                Some(frame) if frame.is_ping() => (false, true),
                Some(frame) => return Err(unexpected(frame)),
                None => {
                    self.read()?;
                    continue;
                }
            };
            self.left = frames.rest().to_vec();
            if found {
                return Ok(());
            }
            if ping {
                self.send(&text("3"))?;
            }
        }
    }

    fn switched(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = self.left.windows(4).position(|it| it == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.left[..end]).to_ascii_lowercase();
                if !head.starts_with("http/1.1 101") || head.contains("permessage-deflate") {
                    return Err(io::Error::other(format!(
                        "the server answered the websocket handshake by {head}"
                    )));
                }
                self.left.drain(..end + 4);
                return Ok(());
            }
            self.read()?;
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer)? {
            0 => Err(io::Error::other("the server closed a connection during its handshakes")),
            count => {
                self.left.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }
}

/// A TCP connection from one of several loopback addresses, so that no workload runs out of ports.
pub(crate) fn stream(port: u16, number: usize) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    let source = Ipv4Addr::new(127, 0, 0, u8::try_from(number % SOURCES).unwrap_or_default() + 1);
    socket.bind(&SocketAddr::from((source, 0)).into())?;
    socket.connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

/// What to say of a frame that no workload expects.
pub(crate) fn unexpected(frame: Frame<'_>) -> io::Error {
    let start = &frame.payload[..frame.payload.len().min(100)];
    io::Error::other(format!(
        "the server sent what nobody expects: opcode {}, {}",
        frame.opcode,
        String::from_utf8_lossy(start)
    ))
}

/// How long a server may take for one step of a handshake.
const PATIENCE: Duration = Duration::from_secs(20);

const SOURCES: usize = 40;
