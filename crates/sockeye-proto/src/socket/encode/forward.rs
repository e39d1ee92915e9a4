//! Arguments that came from elsewhere and leave as they are: nothing is serialized, so the length is known beforehand.

use super::PacketType;
use crate::{
    Frame, Group,
    socket::{Arguments, scan::is_plain},
};

/// What [`EventWriter`](super::EventWriter) makes of an event with these arguments alone, put together in one piece.
///
/// `None` where that takes more than copying: there are attachments, or the name has to be escaped.
#[must_use]
pub fn forward_event(namespace: &str, ack: Option<u64>, name: &str, arguments: &Arguments) -> Option<Group> {
    if !is_plain(name.as_bytes()) || !arguments.attachments().is_empty() {
        return None;
    }
    let values = arguments.values();
    let comma = if values.is_empty() { 0 } else { 1 };
    let len = sum(["[\"\"]".len(), name.len(), comma, values.len()]);
    Some(put_together(PacketType::Event, namespace, ack, len, |text| {
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
    if !arguments.attachments().is_empty() {
        return None;
    }
    let values = arguments.values();
    Some(put_together(PacketType::Ack, namespace, Some(id), sum(["[]".len(), values.len()]), |text| {
        text.push(b'[');
        text.extend_from_slice(values);
        text.push(b']');
    }))
}

/// A packet whose payload is of `len` bytes, which `payload` appends.
#[inline]
fn put_together(
    kind: PacketType,
    namespace: &str,
    id: Option<u64>,
    len: usize,
    payload: impl FnOnce(&mut Vec<u8>),
) -> Group {
    // The main namespace is not written, the others with a comma behind them.
    let namespace = if namespace == "/" { "" } else { namespace };
    let comma = if namespace.is_empty() { 0 } else { 1 };
    let mut digits = itoa::Buffer::new();
    let id = id.map_or("", |id| digits.format(id));
    let len = sum([1, namespace.len(), comma, id.len(), len]);
    Group::one(Frame::text_by(len, |text| {
        text.push(kind.digit());
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
        let binary =
            Arguments::with_attachments(r#"[{"_placeholder":true,"num":0}]"#, vec![Bytes::from_static(b"x")]);
        let binary = binary.unwrap();
        assert!(forward_event("/", None, "a", &binary).is_none());
        assert!(forward_ack("/", 1, &binary).is_none());
    }
}
