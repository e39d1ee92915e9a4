//! What a peer did that ends its session.

/// A breach of the Socket.IO protocol; the session it came from closes.
///
/// Carries no text of the peer, so it can be logged and counted as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.as_str())]
#[non_exhaustive]
pub enum Violation {
    /// An empty message.
    EmptyPacket,
    /// The first character is none of the seven packet types.
    UnknownPacketType,
    /// A count of attachments that is missing, zero or no number, or a placeholder that names none of them.
    IllegalAttachments,
    /// More attachments announced than [`MuxConfig::max_attachments`](super::MuxConfig::max_attachments).
    TooManyAttachments,
    /// An ack id beyond 2^53, where the peers' numbers lose precision, or one that is no whole number.
    IllegalAckId,
    /// A namespace longer than [`MuxConfig::max_namespace_len`](super::MuxConfig::max_namespace_len).
    NamespaceTooLong,
    /// A payload that is no JSON, or not of the shape its packet type asks for.
    InvalidPayload,
    /// A payload nested deeper than [`MuxConfig::max_depth`](super::MuxConfig::max_depth).
    PayloadTooDeep,
    /// An event with a name that only the library itself may emit.
    ReservedEvent,
    /// A binary message while no packet waits for attachments.
    UnexpectedBinary,
    /// A packet before the attachments of the last one were complete.
    InterruptedAttachments,
    /// A packet that with its attachments is larger than [`MuxConfig::max_payload`](super::MuxConfig::max_payload).
    PacketTooLarge,
    /// Attachments that did not arrive within [`MuxConfig::attachment_timeout`](super::MuxConfig::attachment_timeout).
    AttachmentTimeout,
    /// No namespace joined within [`MuxConfig::connect_timeout`](super::MuxConfig::connect_timeout).
    ConnectTimeout,
    /// A packet for a namespace that is not joined.
    NotJoined,
    /// A second CONNECT for a namespace that is joined or whose admission is pending.
    AlreadyJoined,
    /// More namespaces at once than [`MuxConfig::max_namespaces`](super::MuxConfig::max_namespaces).
    TooManyNamespaces,
    /// A packet that only the other side may send.
    UnexpectedPacketType,
    /// More ignorable packets within a minute than [`MuxConfig::max_stray`](super::MuxConfig::max_stray).
    TooManyStray,
}

impl Violation {
    /// A stable text for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmptyPacket => "empty packet",
            Self::UnknownPacketType => "unknown packet type",
            Self::IllegalAttachments => "illegal attachments",
            Self::TooManyAttachments => "too many attachments",
            Self::IllegalAckId => "illegal ack id",
            Self::NamespaceTooLong => "namespace too long",
            Self::InvalidPayload => "invalid payload",
            Self::PayloadTooDeep => "payload nested too deep",
            Self::ReservedEvent => "reserved event name",
            Self::UnexpectedBinary => "got binary data when not reconstructing a packet",
            Self::InterruptedAttachments => "got plaintext data when reconstructing a packet",
            Self::PacketTooLarge => "packet and attachments too large",
            Self::AttachmentTimeout => "attachments not complete in time",
            Self::ConnectTimeout => "no namespace joined in time",
            Self::NotJoined => "namespace not joined",
            Self::AlreadyJoined => "namespace already joined",
            Self::TooManyNamespaces => "too many namespaces",
            Self::UnexpectedPacketType => "unexpected packet type",
            Self::TooManyStray => "too many stray packets",
        }
    }

    /// Whether the packet could not be decoded at all, as opposed to one that came at the wrong moment.
    ///
    /// The reference tells the two apart in its disconnect reasons on polling.
    #[must_use]
    pub const fn is_undecodable(self) -> bool {
        !matches!(
            self,
            Self::AttachmentTimeout
                | Self::ConnectTimeout
                | Self::NotJoined
                | Self::AlreadyJoined
                | Self::TooManyNamespaces
                | Self::UnexpectedPacketType
                | Self::TooManyStray
        )
    }
}

impl From<Violation> for crate::engine::Violation {
    fn from(violation: Violation) -> Self {
        Self::new(violation.as_str())
    }
}
