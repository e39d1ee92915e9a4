//! What HTTP requests and handles tell the task that owns a session.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use sockeye_proto::engine::{Close, Conn, Req, RequestError};

use crate::{
    driver::Upload,
    exchange::{Exchange, Reply},
    session::Claim,
    websocket::{Beginning, Stream},
};

/// One thing told to the session's task.
pub(crate) enum Command {
    Poll(Req, Arc<Exchange>),
    PollDropped(Req),
    /// A POST arrived; its body has come with it, or is read once the exchange is granted.
    Post {
        upload: Box<Upload>,
        binary: bool,
    },
    PostBody(Req, Bytes),
    PostAborted(Req),
    PostTooLarge(Req),
    /// A websocket that names this session.
    Socket {
        conn: Conn,
        stream: Stream,
        beginning: Beginning,
        claim: Claim,
    },
    Close(Close),
}

impl Command {
    /// The session has ended before this was looked at.
    pub(crate) fn refuse(self) {
        match self {
            Self::Poll(_, exchange) => exchange.answer(Reply::Error(RequestError::SessionIdUnknown)),
            Self::Post { upload, .. } => {
                upload.exchange().answer(Reply::Error(RequestError::SessionIdUnknown));
            }
            Self::PollDropped(_)
            | Self::PostBody(..)
            | Self::PostAborted(_)
            | Self::PostTooLarge(_)
            | Self::Socket { .. }
            | Self::Close(_) => {}
        }
    }
}

/// The queue of commands: empty most of the time, and then without memory of its own.
pub(crate) struct Inbox {
    /// `None`: the session has ended.
    waiting: Option<VecDeque<Command>>,
}

impl Inbox {
    pub(crate) fn push(&mut self, command: Command) -> Option<Command> {
        let Some(waiting) = &mut self.waiting else { return Some(command) };
        // Asked twice, it is asked once: a loop that closes cannot fill the queue.
        if !matches!(&command, Command::Close(close) if asks(waiting, *close)) {
            waiting.push_back(command);
        }
        None
    }

    pub(crate) fn pop(&mut self) -> Option<Command> {
        let waiting = self.waiting.as_mut()?;
        let command = waiting.pop_front();
        if waiting.is_empty() && waiting.capacity() > 0 {
            *waiting = VecDeque::new();
        }
        command
    }

    pub(crate) fn close(&mut self) -> VecDeque<Command> {
        self.waiting.take().unwrap_or_default()
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self { waiting: Some(VecDeque::new()) }
    }
}

fn asks(waiting: &VecDeque<Command>, close: Close) -> bool {
    waiting.iter().any(|waiting| matches!(waiting, Command::Close(known) if *known == close))
}
