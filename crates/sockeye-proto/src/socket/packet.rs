//! The seven packet types.

/// What a packet is for; the digit it begins with on the wire.
///
/// Complete by the protocol ("Packet types"), so it is no `non_exhaustive` enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PacketType {
    /// `0`: asks to join a namespace, or says that it is joined.
    Connect,
    /// `1`: leaves a namespace.
    Disconnect,
    /// `2`: a name and arguments.
    Event,
    /// `3`: the answer to an event.
    Ack,
    /// `4`: refuses to let a client join.
    ConnectError,
    /// `5`: an event with attachments.
    BinaryEvent,
    /// `6`: an answer with attachments.
    BinaryAck,
}

impl PacketType {
    /// The type that `digit` stands for.
    #[must_use]
    pub const fn from_digit(digit: u8) -> Option<Self> {
        Some(match digit {
            b'0' => Self::Connect,
            b'1' => Self::Disconnect,
            b'2' => Self::Event,
            b'3' => Self::Ack,
            b'4' => Self::ConnectError,
            b'5' => Self::BinaryEvent,
            b'6' => Self::BinaryAck,
            _ => return None,
        })
    }

    /// The digit on the wire.
    #[must_use]
    pub const fn digit(self) -> u8 {
        match self {
            Self::Connect => b'0',
            Self::Disconnect => b'1',
            Self::Event => b'2',
            Self::Ack => b'3',
            Self::ConnectError => b'4',
            Self::BinaryEvent => b'5',
            Self::BinaryAck => b'6',
        }
    }

    /// Whether attachments follow.
    #[must_use]
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::BinaryEvent | Self::BinaryAck)
    }
}
