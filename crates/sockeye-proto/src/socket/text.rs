//! The text form of a packet: type, attachment count, namespace, ack id, and the payload's text ("Packet encoding").

use super::{mux::MuxConfig, packet::PacketType, violation::Violation};

/// The largest ack id: beyond it the peers' numbers are no longer exact.
pub(super) const MAX_ACK_ID: u64 = 1 << 53;

/// What stands before the payload, and the payload's text as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) kind: PacketType,
    /// 0 unless the type is binary. A binary packet may have none too: it is complete at once.
    pub(super) attachments: usize,
    pub(super) namespace: &'a str,
    pub(super) id: Option<u64>,
    pub(super) payload: Option<&'a str>,
}

/// Takes a packet apart; the payload is not looked at.
pub(super) fn parse<'a>(text: &'a str, config: &MuxConfig) -> Result<Header<'a>, Violation> {
    let first = text.bytes().next().ok_or(Violation::EmptyPacket)?;
    let kind = PacketType::from_digit(first).ok_or(Violation::UnknownPacketType)?;
    let mut rest = text.get(1..).unwrap_or_default();
    let mut attachments = 0;
    if kind.is_binary() {
        // A look at each byte, for there are few in front of it.
        let dash = rest.bytes().position(|byte| byte == b'-').ok_or(Violation::IllegalAttachments)?;
        let (count, after) = rest.split_at_checked(dash).unwrap_or_default();
        let after = after.get(1..).unwrap_or_default();
        attachments = attachment_count(count, config.max_attachments)?;
        rest = after;
    }
    let mut namespace = "/";
    if rest.starts_with('/') {
        (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
        if namespace.len() > config.max_namespace_len {
            return Err(Violation::NamespaceTooLong);
        }
    }
    // The reference reads a blank here as part of the number, and one that stands alone as 0.
    let number = rest.bytes().take_while(|byte| byte.is_ascii_digit() || is_blank(*byte)).count();
    let (number, rest) = rest.split_at_checked(number).unwrap_or(("", rest));
    let id = if number.is_empty() { None } else { Some(ack_id(number)?) };
    let payload = if rest.is_empty() { None } else { Some(rest) };
    Ok(Header { kind, attachments, namespace, id, payload })
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Digits nearly always; the reference takes whatever JavaScript reads as a whole number, such as `1e1`.
fn attachment_count(text: &str, max: usize) -> Result<usize, Violation> {
    let count = if text.is_empty() {
        return Err(Violation::IllegalAttachments);
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.bytes().fold(0, |count: usize, digit| push_digit(count as u64, digit) as usize)
    } else if text.len() <= 32
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+'))
    {
        let count: f64 = text.parse().map_err(|_| Violation::IllegalAttachments)?;
        if count.fract() != 0.0 {
            return Err(Violation::IllegalAttachments);
        }
        // Saturates, which is beyond every bound.
        count as usize
    } else {
        return Err(Violation::IllegalAttachments);
    };
    if count > max { Err(Violation::TooManyAttachments) } else { Ok(count) }
}

fn ack_id(text: &str) -> Result<u64, Violation> {
    let digits = text.trim_matches(|char: char| char.is_ascii_whitespace());
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Violation::IllegalAckId);
    }
    let id = digits.bytes().fold(0, push_digit);
    if id > MAX_ACK_ID { Err(Violation::IllegalAckId) } else { Ok(id) }
}

fn push_digit(number: u64, digit: u8) -> u64 {
    number.saturating_mul(10).saturating_add(u64::from(digit.saturating_sub(b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Result<Header<'_>, Violation> {
        parse(text, &MuxConfig::default())
    }

    #[test]
    fn takes_every_part_apart() {
        let all = header(r#"52-/chat?room=1,12["x"]"#).unwrap();
        assert_eq!(
            all,
            Header {
                kind: PacketType::BinaryEvent,
                attachments: 2,
                namespace: "/chat?room=1",
                id: Some(12),
                payload: Some(r#"["x"]"#),
            }
        );
        for bare in ["0", "0/", "0/,"] {
            let bare = header(bare).unwrap();
            assert_eq!((bare.namespace, bare.id, bare.payload), ("/", None, None));
        }
        assert_eq!(header("0nope").unwrap().payload, Some("nope"));
    }

    #[test]
    fn reads_attachment_counts_as_the_reference_does() {
        for (text, count) in
            [("50-", 0), ("500.0-", 0), ("51-", 1), ("510-", 10), ("51e1-", 10), ("52.0-", 2), ("5007-", 7)]
        {
            assert_eq!(header(text).unwrap().attachments, count, "{text}");
        }
        for text in [
            "5-", "5", "51", "50", "5-0-", "5e0-", "5-1-", "51.5-", "5x-", "5inf-", "5NaN-", "5.-", "5e-",
            "5 1-", "51e400-",
        ] {
            assert_eq!(header(text), Err(Violation::IllegalAttachments), "{text}");
        }
        for text in ["511-", "51e9-", "51000000000-", "599999999999999999999999999-"] {
            assert_eq!(header(text), Err(Violation::TooManyAttachments), "{text}");
        }
    }

    #[test]
    fn reads_ack_ids_up_to_two_to_the_53() {
        for (text, id) in [
            ("2007[]", Some(7)),
            ("2[]", None),
            ("29007199254740992[]", Some(MAX_ACK_ID)),
            ("2 12 []", Some(12)),
            ("2 []", Some(0)),
            ("2/a,0[]", Some(0)),
        ] {
            assert_eq!(header(text).unwrap().id, id, "{text}");
        }
        for text in ["29007199254740993[]", "299999999999999999999999999999[]", "21 2[]"] {
            assert_eq!(header(text), Err(Violation::IllegalAckId), "{text}");
        }
    }

    #[test]
    fn bounds_the_namespace() {
        let fits = format!("0/{}", "n".repeat(511));
        assert!(header(&fits).is_ok());
        let long = format!("0/{}", "n".repeat(512));
        assert_eq!(header(&long), Err(Violation::NamespaceTooLong));
    }
}
