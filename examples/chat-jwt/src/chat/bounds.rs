//! Texts of clients, looked at once: whoever holds one of these types need not look again.

use super::error::ChatError;
use super::limits;

/// The name of a room.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoomName(String);

impl RoomName {
    /// The name, if it is one.
    ///
    /// # Errors
    /// [`ChatError::InvalidName`].
    pub fn new(name: String) -> Result<Self, ChatError> {
        let fits = (1..=limits::NAME).contains(&length(&name, limits::NAME));
        if fits && name.trim() == name && !name.contains(char::is_control) {
            Ok(Self(name))
        } else {
            Err(ChatError::InvalidName)
        }
    }

    /// As the client wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The server's room for it. The prefix keeps a client from naming a room that means something else: a socket's
    /// own, or all sockets of a user.
    #[must_use]
    pub fn channel(&self) -> String {
        format!("room:{}", self.0)
    }
}

/// The server's room of all sockets of a user.
pub(crate) fn user_channel(name: &str) -> String {
    format!("user:{name}")
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// The text, if it is neither blank nor too long.
    ///
    /// # Errors
    /// [`ChatError::InvalidMessage`].
    pub fn new(text: String) -> Result<Self, ChatError> {
        let fits = length(&text, limits::MESSAGE) <= limits::MESSAGE && !text.trim().is_empty();
        if fits { Ok(Self(text)) } else { Err(ChatError::InvalidMessage) }
    }

    /// As the client wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters, as far as they matter: one more than `most` is already too many.
fn length(text: &str, most: usize) -> usize {
    text.chars().take(most.saturating_add(1)).count()
}
