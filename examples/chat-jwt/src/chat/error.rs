//! What a client is told when an event did not do what it should.

use sockeye::{IntoReply, Reply};

use super::limits;

/// The answer is `{error: {code, message}}`; the message is a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChatError {
    /// The socket's token or connection ended meanwhile.
    #[error("This connection has ended.")]
    Gone,
    /// Empty, too long, or not printable.
    #[error(
        "The name of a room has 1 to {} characters, without spaces around it and without line breaks.",
        limits::NAME
    )]
    InvalidName,
    /// Empty or too long.
    #[error("A message has 1 to {} characters.", limits::MESSAGE)]
    InvalidMessage,
    /// Neither a name nor a socket id of anybody here.
    #[error("Nobody with that name or socket id is here.")]
    NobodyThere,
    /// Only members talk, look and ask.
    #[error("You are not in that room. Join it first.")]
    NotInRoom,
    /// See [`limits::EVENTS`].
    #[error("That was too fast: at most {} events a second.", limits::EVENTS)]
    RateLimited,
    /// A room is not to be mistaken for a person.
    #[error("That is the socket id of somebody here. Write to it instead of joining it.")]
    ReservedName,
    /// See [`limits::ROOMS`].
    #[error("There are too many rooms at the moment. Join one that exists.")]
    RoomsFull,
    /// See [`limits::ROOMS_OF_A_SOCKET`].
    #[error(
        "You are in {} rooms, which is as many as there can be. Leave one first.",
        limits::ROOMS_OF_A_SOCKET
    )]
    TooManyRooms,
}

impl ChatError {
    /// For programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::InvalidName => "invalid_name",
            Self::InvalidMessage => "invalid_message",
            Self::NobodyThere => "nobody_there",
            Self::NotInRoom => "not_in_room",
            Self::RateLimited => "rate_limited",
            Self::ReservedName => "reserved_name",
            Self::RoomsFull => "rooms_full",
            Self::TooManyRooms => "too_many_rooms",
        }
    }
}

impl IntoReply for ChatError {
    fn into_reply(self) -> Reply {
        Reply::error(self.code(), self.to_string())
    }
}
