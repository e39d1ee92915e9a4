//! What a client did against RFC 6455, and the close code it is told.

use thiserror::Error;
use tungstenite::protocol::frame::coding::CloseCode;

/// Why a websocket is failed (RFC 6455, section 7.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Violation {
    /// A frame of a client has to be masked (section 5.1).
    #[error("a frame is not masked")]
    Unmasked,
    /// A reserved bit is set that no negotiated extension gives a meaning to here (section 5.2; RFC 7692, section 6).
    #[error("a reserved bit is set")]
    ReservedBit,
    /// An opcode without meaning (section 5.2).
    #[error("the opcode is unknown")]
    UnknownOpcode,
    /// A control frame has to be final (section 5.5).
    #[error("a control frame is fragmented")]
    FragmentedControl,
    /// A control frame carries at most 125 bytes (section 5.5).
    #[error("a control frame is too long")]
    LongControl,
    /// A continuation without a message to continue (section 5.4).
    #[error("a continuation frame continues nothing")]
    UnexpectedContinuation,
    /// A new message before the end of the last one (section 5.4).
    #[error("a message begins inside another")]
    UnfinishedMessage,
    /// A close frame of one byte, or with a code that must not be sent (sections 5.5.1 and 7.4).
    #[error("the close frame is malformed")]
    MalformedClose,
    /// Text or the reason of a close frame is not UTF-8 (section 8.1).
    #[error("text is not UTF-8")]
    InvalidUtf8,
    /// A compressed message cannot be inflated (RFC 7692, section 7.2.2).
    #[error("a compressed message is corrupt")]
    CorruptCompression,
    /// The message is longer than [`Limits::max_message`](super::Limits::max_message).
    #[error("the message is too long")]
    TooLong,
    /// The message has more fragments than [`Limits::max_fragments`](super::Limits::max_fragments).
    #[error("the message has too many fragments")]
    TooManyFragments,
}

impl Violation {
    /// The close code that names the fault: 1002, 1007 or 1009 (section 7.4.1).
    pub fn code(self) -> u16 {
        match self {
            Self::InvalidUtf8 | Self::CorruptCompression => CloseCode::Invalid,
            Self::TooLong | Self::TooManyFragments => CloseCode::Size,
            Self::Unmasked
            | Self::ReservedBit
            | Self::UnknownOpcode
            | Self::FragmentedControl
            | Self::LongControl
            | Self::UnexpectedContinuation
            | Self::UnfinishedMessage
            | Self::MalformedClose => CloseCode::Protocol,
        }
        .into()
    }
}
