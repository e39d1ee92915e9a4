//! One Engine.IO packet, as it stands in a payload or a text frame.

use std::time::Duration;

use sockeye_proto::engine::{MessageRef, Packet, PacketType, ParseError, client::Terms};

const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

pub(crate) fn judge(data: &[u8]) {
    let parsed = Packet::parse(data);
    let Ok(text) = str::from_utf8(data) else {
        assert_eq!(parsed, Err(ParseError::Utf8));
        return;
    };
    assert_eq!(parsed, Packet::parse_text(text), "a payload and a frame are read alike");
    let Ok(packet) = parsed else { return };

    assert_eq!(packet.message().is_some(), packet.kind() == PacketType::Message);
    let mut written = Vec::new();
    packet.write(&mut written);
    assert_eq!(Packet::parse(&written), Ok(packet.clone()), "what was written is read again");
    match &packet {
        Packet::Open(_) | Packet::Ping(_) | Packet::Pong(_) | Packet::Text(_) => assert_eq!(written, data),
        Packet::Close | Packet::Upgrade | Packet::Noop => assert!(data.starts_with(&written)),
        // Padding may have been left out.
        Packet::Binary(_) => assert!(written.starts_with(data)),
    }
    if let Some(message) = packet.message() {
        assert!(message.len() < data.len(), "a message is shorter than its packet");
        assert_eq!(matches!(message, MessageRef::Binary(_)), data.starts_with(b"b"));
    }
    if let Packet::Open(json) = packet
        && let Some(terms) = Terms::parse(json)
    {
        assert!(
            terms.ping_interval <= YEAR && terms.ping_timeout <= YEAR,
            "a deadline the clock may not hold"
        );
    }
}
