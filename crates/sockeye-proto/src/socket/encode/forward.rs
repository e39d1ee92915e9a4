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
    if !is_plain(name.as_bytes()) {
        return None;
    }
    let comma = if arguments.values().is_empty() { "" } else { "," };
    put_together(PacketType::Event, namespace, ack, ["[\"", name, "\"", comma], arguments)
}

/// The same for an ack.
#[must_use]
pub fn forward_ack(namespace: &str, id: u64, arguments: &Arguments) -> Option<Group> {
    put_together(PacketType::Ack, namespace, Some(id), ["[", "", "", ""], arguments)
}

fn put_together(
    kind: PacketType,
    namespace: &str,
    id: Option<u64>,
    [a, b, c, d]: [&str; 4],
    arguments: &Arguments,
) -> Option<Group> {
    if !arguments.attachments().is_empty() {
        return None;
    }
    let mut digits = itoa::Buffer::new();
    let id = id.map_or("", |id| digits.format(id));
    let (namespace, comma) = if namespace == "/" { ("", "") } else { (namespace, ",") };
    let kind = [kind.digit()];
    let [namespace, comma, id, a, b, c, d] = [namespace, comma, id, a, b, c, d].map(str::as_bytes);
    Some(Group::one(Frame::text_of(&[&kind, namespace, comma, id, a, b, c, d, arguments.values(), b"]"])))
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
