//! The limit of a well-kept library: tungstenite with buffers of 4 KiB, driven as `bare` drives its own codec.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::{Sink as _, StreamExt as _, sink::SinkExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::limit::{CONNECTED, Hub, Member, OPEN, ROOM, Word};
use super::{Options, upgrade};

/// Serves the workloads on `listener`.
///
/// # Errors
/// When no connection can be accepted any more.
pub async fn serve(listener: TcpListener, _: Options) -> io::Result<()> {
    let hub = Arc::new(Hub::new());
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(converse(stream, hub.clone()));
    }
}

/// A connection ends as it likes: there is nobody to tell.
async fn converse(stream: TcpStream, hub: Arc<Hub<Message>>) {
    if let Ok(websocket) = upgrade::accept(stream).await {
        let mut connection = Connection::new(websocket, hub);
        let _ = std::future::poll_fn(|cx| connection.poll_turn(cx)).await;
    }
}

#[derive(Debug)]
struct Connection {
    websocket: WebSocketStream<TcpStream>,
    hub: Arc<Hub<Message>>,
    member: Arc<Member<Message>>,
    rooms: Vec<Box<[u8]>>,
    /// Messages that tungstenite has not taken yet.
    unsent: VecDeque<Message>,
}

impl Connection {
    fn new(websocket: WebSocketStream<TcpStream>, hub: Arc<Hub<Message>>) -> Self {
        let member = hub.enter();
        Self { websocket, hub, member, rooms: Vec::new(), unsent: VecDeque::from([text(&[OPEN])]) }
    }

    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            // A client that does not read is not read.
            let mut drained = false;
            while self.unsent.len() < MANY {
                match self.websocket.poll_next_unpin(cx) {
                    Poll::Ready(Some(message)) => self.answer(message?),
                    Poll::Ready(None) => return Poll::Ready(Ok(())),
                    Poll::Pending => {
                        drained = true;
                        break;
                    }
                }
            }
            ready!(self.poll_flush(cx))?;
            if drained {
                return Poll::Pending;
            }
        }
    }

    fn answer(&mut self, message: Message) {
        let Message::Text(said) = &message else {
            // Pings and goodbyes are answered by tungstenite.
            if message.is_binary() {
                self.unsent.push_back(message);
            }
            return;
        };
        match Word::of(said.as_bytes()) {
            Word::Connect => self.unsent.push_back(text(&[CONNECTED])),
            Word::Echo => self.unsent.push_back(message),
            Word::Ack { id, value } => self.unsent.push_back(text(&[b"43", id, b"[", value, b"]"])),
            Word::All => self.hub.to_all(&message, &self.member),
            Word::Room { room, rest } => {
                self.hub.to_room(room, &text(&[ROOM, rest]), &self.member);
            }
            Word::Join { id, room } => {
                if !self.rooms.iter().any(|it| **it == *room) {
                    self.hub.join(&self.member, room);
                    self.rooms.push(room.into());
                }
                self.unsent.push_back(text(&[b"43", id, b"[]"]));
            }
            Word::Leave { id, room } => {
                self.rooms.retain(|it| **it != *room);
                self.hub.leave(&self.member, room);
                self.unsent.push_back(text(&[b"43", id, b"[]"]));
            }
            Word::Nothing => {}
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if !self.member.take(&mut self.unsent, cx.waker()) {
            return Poll::Ready(Err(Error::ConnectionClosed));
        }
        while !self.unsent.is_empty() {
            ready!(self.websocket.poll_ready_unpin(cx))?;
            if let Some(message) = self.unsent.pop_front() {
                self.websocket.start_send_unpin(message)?;
            }
        }
        std::pin::Pin::new(&mut self.websocket).poll_flush(cx)
    }
}

/// A text of parts of texts.
fn text(parts: &[&[u8]]) -> Message {
    Message::text(String::from_utf8(parts.concat()).unwrap_or_default())
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hub.exit(&self.member, &self.rooms);
    }
}

/// So many answers are written before more is read.
const MANY: usize = 256;
