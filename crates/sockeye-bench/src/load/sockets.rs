//! Many connected websockets on one thread: whatever can be read is read in one go, and handed over as whole frames.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Registry, Token, net::TcpStream};

use super::connect::Client;
use super::frame::{Frames, text};
use super::meter::STANDSTILL;

/// Connections and what wakes their thread.
#[derive(Debug)]
pub(crate) struct Sockets {
    poll: Poll,
    events: Events,
    connections: Connections,
    scratch: Box<[u8]>,
}

/// The connections apart from what reads them, so that whoever looks at frames can send.
#[derive(Debug)]
pub(crate) struct Connections {
    list: Vec<Connection>,
    registry: Registry,
    pong: Vec<u8>,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    /// The start of a frame whose end has not come yet.
    left: Vec<u8>,
    /// What the kernel did not take yet.
    unsent: Vec<u8>,
}

impl Sockets {
    pub(crate) fn new(clients: Vec<Client>) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut list = Vec::with_capacity(clients.len());
        for (index, client) in clients.into_iter().enumerate() {
            list.push(Connection::new(client, index, poll.registry())?);
        }
        let registry = poll.registry().try_clone()?;
        Ok(Self {
            poll,
            events: Events::with_capacity(1024),
            connections: Connections { list, registry, pong: text("3") },
            scratch: vec![0; SCRATCH].into_boxed_slice(),
        })
    }

    pub(crate) fn connections(&mut self) -> &mut Connections {
        &mut self.connections
    }

    /// Waits until something can be read, at most `patience`, and calls `received` once for each read with the whole frames
    /// that it has brought.
    pub(crate) fn turn(
        &mut self,
        patience: Duration,
        mut received: impl FnMut(&mut Connections, usize, &mut Frames<'_>, Instant) -> io::Result<()>,
    ) -> io::Result<()> {
        self.turn_bytes(patience, |connections, index, read, now| {
            let mut frames = Frames::of(read);
            received(connections, index, &mut frames, now)?;
            Ok(read.len() - frames.rest().len())
        })
    }

    /// Waits until so many replies have come, whatever they are, and calls `replied` for each.
    pub(crate) fn replies(
        &mut self,
        count: usize,
        mut replied: impl FnMut(&mut Connections, usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let (mut come, mut last) = (0, Instant::now());
        while come < count {
            self.turn(Duration::from_secs(1), |connections, index, frames, now| {
                last = now;
                for frame in frames {
                    if frame.is_ping() {
                        connections.pong(index)?;
                    } else {
                        come += 1;
                        replied(connections, index)?;
                    }
                }
                Ok(())
            })?;
            if last.elapsed() > STANDSTILL {
                return Err(io::Error::other(format!(
                    "nothing came for {STANDSTILL:?}, after {come} replies"
                )));
            }
        }
        Ok(())
    }

    /// The same as a turn, with bytes, of which `received` says how many it has used up. The rest comes again, with more behind it.
    pub(crate) fn turn_bytes(
        &mut self,
        patience: Duration,
        mut received: impl FnMut(&mut Connections, usize, &[u8], Instant) -> io::Result<usize>,
    ) -> io::Result<()> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        for event in &self.events {
            let Token(index) = event.token();
            let connection = &mut self.connections.list[index];
            if event.is_writable() && !connection.unsent.is_empty() {
                connection.flush()?;
            }
            if !event.is_readable() {
                continue;
            }
            loop {
                let connection = &mut self.connections.list[index];
                let kept = connection.left.len();
                self.scratch[..kept].copy_from_slice(&connection.left);
                let room = self.scratch.len() - kept;
                let count = match connection.stream.read(&mut self.scratch[kept..]) {
                    Ok(0) => return Err(closed(index)),
                    Ok(count) => count,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                };
                let read = &self.scratch[..kept + count];
                let used = received(&mut self.connections, index, read, Instant::now())?;
                let left = &mut self.connections.list[index].left;
                left.clear();
                left.extend_from_slice(&read[used..]);
                // A read that did not fill the buffer has emptied the socket.
                if count < room {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl Connections {
    /// Adds a connection, the last.
    pub(crate) fn push(&mut self, client: Client) -> io::Result<()> {
        self.list.push(Connection::new(client, self.list.len(), &self.registry)?);
        Ok(())
    }

    /// Closes a connection and puts a new one in its place.
    pub(crate) fn replace(&mut self, index: usize, client: Client) -> io::Result<()> {
        self.list[index] = Connection::new(client, index, &self.registry)?;
        Ok(())
    }

    /// Sends in one write, or as much of it as the kernel takes and the rest later.
    pub(crate) fn send(&mut self, index: usize, bytes: &[u8]) -> io::Result<()> {
        self.list[index].send(bytes)
    }

    /// Answers a ping of Engine.IO.
    pub(crate) fn pong(&mut self, index: usize) -> io::Result<()> {
        self.list[index].send(&self.pong)
    }
}

impl Connection {
    fn new(client: Client, index: usize, registry: &Registry) -> io::Result<Self> {
        client.stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(client.stream);
        registry.register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self { stream, left: client.left, unsent: Vec::new() })
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return Ok(());
        }
        let count = match self.stream.write(bytes) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error),
        };
        self.unsent.extend_from_slice(&bytes[count..]);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let unsent = std::mem::take(&mut self.unsent);
        self.send(&unsent)
    }
}

fn closed(index: usize) -> io::Error {
    io::Error::other(format!("the server closed connection {index}"))
}

/// More than any frame, and than what a socket holds by default.
const SCRATCH: usize = 1 << 20;
