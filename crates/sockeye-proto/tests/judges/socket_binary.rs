//! A binary Socket.IO packet and its attachments, each behind a record separator.

use sockeye_proto::{
    engine::{MessageRef, payload::packets},
    socket::{MuxConfig, Violation},
};

use super::listeners::{Heard, Listeners};

/// Close to what a fuzzer can reach.
const MAX_PAYLOAD: usize = 1_000;

pub(crate) fn judge(data: &[u8]) {
    let config = MuxConfig { max_payload: MAX_PAYLOAD, ..MuxConfig::default() };
    let mut listeners = Listeners::new(config);
    let mut parts = packets(data);
    let header = String::from_utf8_lossy(parts.next().unwrap_or_default());
    if let Heard::Refused(_) = listeners.hear(MessageRef::Text(&header)) {
        assert_eq!(listeners.mux.buffered(), 0, "something is kept of what was refused");
        return;
    }
    let mut size = header.len();
    let mut attachments = Vec::new();
    for attachment in parts {
        let expected = listeners.mux.buffered() > 0;
        size += attachment.len();
        attachments.push(attachment);
        match listeners.hear(MessageRef::Binary(attachment)) {
            Heard::Refused(violation) => {
                let too_large = expected && size > MAX_PAYLOAD;
                let reason = if too_large { Violation::PacketTooLarge } else { Violation::UnexpectedBinary };
                assert_eq!(violation, reason);
                return;
            }
            Heard::Event { arguments, .. } | Heard::Ack { arguments, .. } => {
                assert!(expected && size <= MAX_PAYLOAD);
                assert_eq!(arguments.attachments(), attachments, "attachments change places");
            }
            // An answer without an id is complete and answers nothing.
            Heard::Other => assert!(expected),
        }
        assert!(listeners.mux.buffered() <= MAX_PAYLOAD);
    }
    if listeners.mux.buffered() > 0 {
        let Some(deadline) = listeners.mux.timeout() else { panic!("half a packet without a deadline") };
        assert_eq!(
            listeners.hear(MessageRef::Text("2[\"a\"]")),
            Heard::Refused(Violation::InterruptedAttachments)
        );
        assert_eq!(listeners.mux.handle_timeout(deadline), Err(Violation::AttachmentTimeout));
        assert_eq!((listeners.mux.buffered(), listeners.mux.timeout()), (0, None));
    }
}
