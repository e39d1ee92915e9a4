//! Arguments that came from elsewhere and leave as they are: nothing is serialized, so the length is known beforehand.

use super::EventWriter;
use crate::{
    Frame, Group,
    socket::{Arguments, scan::is_plain},
};

/// What [`EventWriter`](super::EventWriter) makes of an event with these arguments alone, put together in one piece.
///
/// `None` where that takes more than copying: the name has to be escaped; or where it is too long for one piece with its
/// attachments.
#[must_use]
pub fn forward_event(namespace: &str, ack: Option<u64>, name: &str, arguments: &Arguments) -> Option<Group> {
    if !is_plain(name.as_bytes()) || !fits(arguments) {
        return None;
    }
    let values = arguments.values();
    let comma = if values.is_empty() { 0 } else { 1 };
    let len = sum(["[\"\"]".len(), name.len(), comma, values.len()]);
    Some(put_together(false, namespace, ack, len, arguments, |text| {
        text.extend_from_slice(b"[\"");
        text.extend_from_slice(name.as_bytes());
        if comma > 0 {
            text.extend_from_slice(b"\",");
            text.extend_from_slice(values);
            text.push(b']');
        } else {
            text.extend_from_slice(b"\"]");
        }
    }))
}

/// The same for an ack.
#[must_use]
pub fn forward_ack(namespace: &str, id: u64, arguments: &Arguments) -> Option<Group> {
    if !fits(arguments) {
        return None;
    }
    let values = arguments.values();
    Some(put_together(true, namespace, Some(id), sum(["[]".len(), values.len()]), arguments, |text| {
        text.push(b'[');
        text.extend_from_slice(values);
        text.push(b']');
    }))
}

/// Whether the packet may be in one piece with its attachments.
fn fits(arguments: &Arguments) -> bool {
    arguments.attachments().is_empty() || arguments.len() <= Group::JOINED
}

/// A packet whose payload is of `len` bytes, which `payload` appends, and the attachments of the arguments.
#[inline]
fn put_together(
    ack: bool,
    namespace: &str,
    id: Option<u64>,
    len: usize,
    arguments: &Arguments,
    payload: impl FnOnce(&mut Vec<u8>),
) -> Group {
    // The main namespace is not written, the others with a comma behind them.
    let namespace = if namespace == "/" { "" } else { namespace };
    let comma = if namespace.is_empty() { 0 } else { 1 };
    let mut digits = itoa::Buffer::new();
    let id = id.map_or("", |id| digits.format(id));
    let attachments = arguments.attachments();
    let kind = EventWriter::kind(ack, attachments.len()).digit();
    let mut digits = itoa::Buffer::new();
    let count = if attachments.is_empty() { "" } else { digits.format(attachments.len()) };
    let dash = if attachments.is_empty() { 0 } else { 1 };
    let len = sum([count.len(), dash, namespace.len(), comma, id.len(), len]);
    Group::one(Frame::joined_by(kind, len, attachments, |text| {
        if dash > 0 {
            text.extend_from_slice(count.as_bytes());
            text.push(b'-');
        }
        if comma > 0 {
            text.extend_from_slice(namespace.as_bytes());
            text.push(b',');
        }
        if !id.is_empty() {
            text.extend_from_slice(id.as_bytes());
        }
        payload(text);
    }))
}

fn sum<const N: usize>(lengths: [usize; N]) -> usize {
    lengths.into_iter().fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::socket::encode::EventWriter;

    #[test]
    fn what_is_put_together_is_what_would_be_written() {
        let long = format!("[\"{}\"]", "x".repeat(70_000));
        for json in ["[]", "[1]", r#"[{"a":"b"},[2]]"#, long.as_str()] {
            let arguments = Arguments::json(json).unwrap();
            for namespace in ["/", "/chat"] {
                for name in ["news", "", "é"] {
                    for ack in [None, Some(0), Some(1 << 53)] {
                        let mut writer = EventWriter::event(namespace, ack, name);
                        writer.raw(&arguments).unwrap();
                        let written = writer.finish();
                        let put = forward_event(namespace, ack, name, &arguments).unwrap();
                        assert!(put.frames().eq(written.frames()), "{namespace} {name} {ack:?}");
                        assert_eq!(put.len(), written.len());
                    }
                }
                let mut writer = EventWriter::ack(namespace, 7);
                writer.raw(&arguments).unwrap();
                let put = forward_ack(namespace, 7, &arguments).unwrap();
                assert!(put.frames().eq(writer.finish().frames()), "{namespace}");
            }
        }
    }

    #[test]
    fn what_takes_more_than_copying_is_left_to_the_writer() {
        let arguments = Arguments::json("[1]").unwrap();
        for name in ["a\"b", "a\\b", "a\nb"] {
            assert!(forward_event("/", None, name, &arguments).is_none(), "{name:?}");
        }
        let long = "[\"".to_owned() + &"x".repeat(Group::JOINED) + "\",{\"_placeholder\":true,\"num\":0}]";
        let long = Arguments::with_attachments(&long, vec![Bytes::from_static(b"x")]).unwrap();
        assert!(forward_event("/", None, "a", &long).is_none());
        assert!(forward_ack("/", 1, &long).is_none());
    }

    #[test]
    fn a_packet_and_its_attachments_are_in_one_piece_up_to_the_bound() {
        let text = r#"[{"_placeholder":true,"num":0}]"#;
        for (length, joined) in [(Group::JOINED, true), (Group::JOINED + 1, false)] {
            let attachment = Bytes::from(vec![7; length - text.len()]);
            let arguments = Arguments::with_attachments(text, vec![attachment]).unwrap();
            assert_eq!(arguments.len(), length);
            assert_eq!(forward_event("/", None, "news", &arguments).is_some(), joined, "{length}");
        }
    }

    #[test]
    fn attachments_are_in_one_piece_with_their_packet() {
        let text = r#"[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
        for lengths in [[0, 125], [126, 1], [1024, 3]] {
            let attachments = lengths.map(|len| Bytes::from(vec![7; len])).to_vec();
            let arguments = Arguments::with_attachments(text, attachments).unwrap();
            for (namespace, ack) in [("/", None), ("/chat", Some(12))] {
                let mut writer = EventWriter::event(namespace, ack, "news");
                writer.raw(&arguments).unwrap();
                let (put, written) =
                    (forward_event(namespace, ack, "news", &arguments).unwrap(), writer.finish());
                assert!(put.frames().eq(written.frames()), "{namespace}");
                assert_eq!((put.frames().count(), put.count(), written.count()), (3, 1, 1));
                assert_eq!(put.len(), written.len());
            }
            let mut writer = EventWriter::ack("/chat", 7);
            writer.raw(&arguments).unwrap();
            let put = forward_ack("/chat", 7, &arguments).unwrap();
            assert!(put.frames().eq(writer.finish().frames()));
        }
    }
}
