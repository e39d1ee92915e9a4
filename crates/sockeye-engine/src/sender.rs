//! The handle of one session for everybody else: send, close, ask.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use sockeye_proto::{
    Frame, Group, SessionId,
    engine::{Close, MessageRef, Transport},
    outbox::{Outbox, PushError},
};

use crate::{inbox::Command, session::SessionState};

/// The handle of one session. Cheap to clone, valid for ever; once the session has ended it only says so.
#[derive(Clone)]
pub struct Sender {
    session: Arc<SessionState>,
}

impl Sender {
    pub(crate) const fn new(session: Arc<SessionState>) -> Self {
        Self { session }
    }

    /// Queues a message. It is handed to the transport, or the session is closed and its handler told.
    ///
    /// # Errors
    /// [`SendError::Closed`] when the session has ended or is about to, [`SendError::Overflow`] when the client
    /// reads so slowly that the outbox is beyond its hard bound; that closes the session.
    pub fn send(&self, message: impl Into<Message>) -> Result<(), SendError> {
        let frame = match message.into() {
            Message::Text(text) => Frame::text(&text),
            Message::Binary(bytes) => Frame::binary(&bytes),
        };
        match self.outbox().push(Group::one(frame)) {
            Ok(_) => Ok(()),
            Err(PushError::Overflow) => Err(SendError::Overflow),
            Err(_) => Err(SendError::Closed),
        }
    }

    /// Asks the session to end. What follows is told to its handler; asking again changes nothing.
    pub fn close(&self, close: Close) {
        self.session.command(Command::Close(close));
    }

    /// The client has shown who it is, or the application lets anybody in: the session counts no more against
    /// [`max_unclaimed`](crate::EngineBuilder::max_unclaimed).
    pub fn claimed(&self) {
        self.session.claimed();
    }

    /// The secret name of the session.
    pub fn sid(&self) -> SessionId {
        self.session.id().clone()
    }

    /// What waits to be written. Frames which are built once and shared by many sessions are pushed here;
    /// [`Outbox::wake`] makes the session's task look at its handler.
    pub fn outbox(&self) -> &Arc<Outbox> {
        self.session.outbox()
    }

    /// The transport of this moment.
    pub fn transport(&self) -> Transport {
        self.session.transport()
    }

    /// How long the last ping took to be answered; `None` before the first pong.
    pub fn latency(&self) -> Option<Duration> {
        self.session.latency()
    }

    /// Whether the session has ended.
    pub fn is_closed(&self) -> bool {
        self.session.is_closed()
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the sid: it is a secret, and debug output ends in logs.
        f.debug_struct("Sender")
            .field("transport", &self.transport())
            .field("closed", &self.is_closed())
            .finish()
    }
}

/// A message to a client: text or bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Message {
    fn from(bytes: &[u8]) -> Self {
        Self::Binary(Bytes::copy_from_slice(bytes))
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes.into())
    }
}

impl From<Bytes> for Message {
    fn from(bytes: Bytes) -> Self {
        Self::Binary(bytes)
    }
}

impl From<MessageRef<'_>> for Message {
    fn from(message: MessageRef<'_>) -> Self {
        match message {
            MessageRef::Text(text) => text.into(),
            MessageRef::Binary(bytes) => bytes.into(),
        }
    }
}

/// Why a message was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The session has ended, or is being closed.
    #[error("the session is closed")]
    Closed,
    /// The client reads too slowly; the session is being closed for it.
    #[error("the client reads too slowly")]
    Overflow,
}
