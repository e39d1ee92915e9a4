//! What was said in a room lately, and what of it somebody has missed.

use std::collections::VecDeque;

use serde::Serialize;

use super::limits;

/// What comes with the text of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Grows with time, also over a restart; microseconds since 1970, never two alike.
    pub id: u64,
    /// Milliseconds since 1970.
    pub at: u64,
    /// The room; of a private message what its sender wrote as the recipient.
    pub room: String,
    /// The sender's name.
    pub from: String,
    /// The sender's socket.
    pub socket_id: String,
    /// Whether it went to one person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
}

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// What was said.
    pub text: String,
    /// When, where and by whom.
    #[serde(flatten)]
    pub meta: Meta,
}

/// The last [`limits::HISTORY`] messages of a room.
#[derive(Debug)]
pub(super) struct History {
    messages: VecDeque<Message>,
    /// Everything with a higher id is still here.
    complete_after: u64,
}

impl History {
    /// Of a room that comes into being now: what was said under its name before `now` is not known.
    pub(super) fn new(now: u64) -> Self {
        Self { messages: VecDeque::new(), complete_after: now }
    }

    pub(super) fn push(&mut self, message: Message) {
        if self.messages.len() >= limits::HISTORY
            && let Some(oldest) = self.messages.pop_front()
        {
            self.complete_after = oldest.meta.id;
        }
        self.messages.push_back(message);
    }

    /// The id up to which a newcomer has nothing to catch up with.
    pub(super) fn last(&self) -> u64 {
        self.messages.back().map_or(self.complete_after, |message| message.meta.id)
    }

    /// What came after the message `after`, and whether older ones in between may be lost.
    pub(super) fn since(&self, after: u64) -> (Vec<Message>, bool) {
        let missed = self.messages.iter().filter(|message| message.meta.id > after).cloned().collect();
        (missed, after < self.complete_after)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }
}
