//! The task of a connection.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::TcpStream;

use super::codec::{self, BINARY, CLOSE, Head, PING, PONG, TEXT};
use super::scratch::Scratch;
use crate::server::limit::{CONNECTED, Hub, Member, OPEN, ROOM, Word};

/// A connection, which is a future: it ends with its stream.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    hub: Arc<Hub<Bytes>>,
    member: Arc<Member<Bytes>>,
    rooms: Vec<Box<[u8]>>,
    max_payload: usize,
    /// The beginning of a frame whose rest has not come.
    partial: Vec<u8>,
    /// Frames that could not be written yet.
    unsent: VecDeque<Bytes>,
}

/// Whether there may be more to read.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    /// Nothing is there; the task is woken when something comes.
    All,
    /// There may be, but what was read is to be answered first.
    Enough,
    /// The client has gone, or said goodbye.
    End,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, hub: Arc<Hub<Bytes>>, max_payload: usize) -> Self {
        let member = hub.enter();
        let unsent = VecDeque::from([codec::shared(&[OPEN])]);
        Self { stream, hub, member, rooms: Vec::new(), max_payload, partial: Vec::new(), unsent }
    }

    fn poll_turn(&mut self, cx: &mut Context<'_>, scratch: &mut Scratch) -> Poll<io::Result<()>> {
        loop {
            // A client that does not read is not read.
            let read = if self.unsent.is_empty() { self.read(cx, scratch)? } else { Read::Enough };
            ready!(self.poll_flush(cx, &mut scratch.output))?;
            match read {
                Read::All => return Poll::Pending,
                Read::Enough => {}
                Read::End => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Reads and answers, into `output`, all that is there.
    fn read(&mut self, cx: &mut Context<'_>, scratch: &mut Scratch) -> io::Result<Read> {
        let Scratch { input, output } = scratch;
        while output.len() < MUCH {
            let mut buffer = ReadBuf::new(input);
            // After a short read this is pending without asking the system again.
            let Poll::Ready(done) = Pin::new(&mut self.stream).poll_read(cx, &mut buffer) else {
                return Ok(Read::All);
            };
            done?;
            if buffer.filled().is_empty() {
                return Ok(Read::End);
            }
            let open = if self.partial.is_empty() {
                self.frames(buffer.filled_mut(), output)?
            } else {
                let mut whole = mem::take(&mut self.partial);
                whole.extend_from_slice(buffer.filled());
                self.frames(&mut whole, output)?
            };
            if !open {
                return Ok(Read::End);
            }
        }
        Ok(Read::Enough)
    }

    /// Answers each whole frame, and keeps what is left. `false` when the client says goodbye.
    fn frames(&mut self, mut input: &mut [u8], output: &mut Vec<u8>) -> io::Result<bool> {
        loop {
            let head = Head::read(input, self.max_payload).map_err(|_| io::ErrorKind::InvalidData)?;
            let Some(head) = head.filter(|head| head.end <= input.len()) else { break };
            let Some((frame, rest)) = mem::take(&mut input).split_at_mut_checked(head.end) else { break };
            let payload = frame.get_mut(head.start..).unwrap_or_default();
            codec::unmask(payload, head.mask);
            match head.opcode {
                TEXT => self.answer(payload, output),
                BINARY => codec::write(output, BINARY, &[payload]),
                PING => codec::write(output, PONG, &[payload]),
                CLOSE => {
                    codec::write(output, CLOSE, &[payload]);
                    return Ok(false);
                }
                _ => {}
            }
            input = rest;
        }
        self.partial.extend_from_slice(input);
        Ok(true)
    }

    fn answer(&mut self, message: &[u8], output: &mut Vec<u8>) {
        match Word::of(message) {
            Word::Connect => codec::write(output, TEXT, &[CONNECTED]),
            Word::Echo => codec::write(output, TEXT, &[message]),
            Word::Ack { id, value } => codec::write(output, TEXT, &[b"43", id, b"[", value, b"]"]),
            Word::All => self.hub.to_all(&codec::shared(&[message]), &self.member),
            Word::Room { room, rest } => {
                self.hub.to_room(room, &codec::shared(&[ROOM, rest]), &self.member);
            }
            Word::Join { id, room } => {
                if !self.rooms.iter().any(|it| **it == *room) {
                    self.hub.join(&self.member, room);
                    self.rooms.push(room.into());
                }
                codec::write(output, TEXT, &[b"43", id, b"[]"]);
            }
            Word::Leave { id, room } => {
                self.rooms.retain(|it| **it != *room);
                self.hub.leave(&self.member, room);
                codec::write(output, TEXT, &[b"43", id, b"[]"]);
            }
            Word::Nothing => {}
        }
    }

    /// Writes what waits and then `output`, which is empty afterwards.
    fn poll_flush(&mut self, cx: &mut Context<'_>, output: &mut Vec<u8>) -> Poll<io::Result<()>> {
        if !self.member.take(&mut self.unsent, cx.waker()) {
            return Poll::Ready(Err(io::ErrorKind::OutOfMemory.into()));
        }
        self.join(output);
        let mut written = 0;
        let done = loop {
            let rest = output.get(written..).unwrap_or_default();
            let stream = Pin::new(&mut self.stream);
            let wrote = match (self.unsent.front(), rest) {
                (None, []) => break Poll::Ready(Ok(())),
                (None, rest) => stream.poll_write(cx, rest),
                (Some(frame), []) if self.unsent.len() == 1 => stream.poll_write(cx, frame),
                _ => {
                    let mut slices = [IoSlice::new(&[]); SLICES];
                    let parts = self.unsent.iter().map(|frame| &frame[..]).chain([rest]);
                    let count =
                        slices.iter_mut().zip(parts).map(|(to, part)| *to = IoSlice::new(part)).count();
                    stream.poll_write_vectored(cx, slices.get(..count).unwrap_or_default())
                }
            };
            match wrote {
                Poll::Ready(Ok(0)) => break Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(count)) => written += self.advance(count),
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Pending => break Poll::Pending,
            }
        };
        match output.get(written..) {
            Some(rest) if !rest.is_empty() => self.unsent.push_back(Bytes::copy_from_slice(rest)),
            _ => {}
        }
        output.clear();
        if self.unsent.is_empty() && self.unsent.capacity() > KEPT {
            // A burst leaves nothing behind.
            self.unsent = VecDeque::new();
        }
        done
    }

    /// Copies what is short into one piece: the kernel takes that with less work than pieces of a hundred bytes.
    fn join(&mut self, output: &mut Vec<u8>) {
        let short = self.unsent.len() > 1 && self.unsent.iter().all(|frame| frame.len() <= SHORT);
        if short && output.is_empty() {
            for frame in self.unsent.drain(..) {
                output.extend_from_slice(&frame);
            }
        }
    }

    /// Takes `count` written bytes off what waits; says how many of them were not of that.
    fn advance(&mut self, mut count: usize) -> usize {
        while let Some(frame) = self.unsent.front_mut() {
            if count < frame.len() {
                frame.advance(count);
                return 0;
            }
            count -= frame.len();
            self.unsent.pop_front();
        }
        count
    }
}

impl Future for Connection {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Scratch::with(|scratch| {
            let done = self.poll_turn(cx, scratch);
            // Also after an error the next connection finds it empty.
            scratch.output.clear();
            done
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hub.exit(&self.member, &self.rooms);
    }
}

/// So many bytes of answers are written before more is read.
const MUCH: usize = 64 * 1024;
/// A frame is copied rather than given to the kernel as a piece of its own.
const SHORT: usize = 1024;
/// So many frames leave at once.
const SLICES: usize = 64;
/// A queue that is longer is given back when it is empty.
const KEPT: usize = 64;
