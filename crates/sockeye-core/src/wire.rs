//! Events that are encoded once, wherever they go.

use sockeye_proto::{
    FrameBuilder, Group,
    socket::{
        PacketType,
        encode::{self, EventWriter},
        is_reserved,
    },
};

use crate::{EmitError, IntoArgs, recovery::PLACEHOLDER};

/// An event's name and arguments, encoded once, and the packet they were encoded into.
///
/// Given another namespace or ack id, a packet is put together from the same bytes; nothing is serialized again.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    group: Group,
    /// Where in the first frame's message the arguments begin.
    at: usize,
}

impl Body {
    /// An event, encoded as a packet of `namespace` without an ack id.
    pub(crate) fn event(namespace: &str, name: &str, args: impl IntoArgs) -> Result<Self, EmitError> {
        let group = event(namespace, None, name, args)?;
        let at = prefix(attachments(&group), namespace, None).len();
        Ok(Self { group, at })
    }

    /// Lets all who get the packet share its compressed forms.
    pub(crate) fn share(&mut self) {
        self.group = self.group.clone().sharing();
    }

    /// The packet as it was first encoded.
    pub(crate) fn group(&self) -> &Group {
        &self.group
    }

    /// The same event in another namespace, or with an ack id.
    pub(crate) fn readdressed(&self, namespace: &str, ack: Option<u64>) -> Group {
        let prefix = prefix(attachments(&self.group), namespace, ack);
        let mut builder = FrameBuilder::with_prefix(prefix.len());
        builder.extend(self.json().as_bytes());
        let first = builder.finish(prefix.as_bytes());
        Group::with_attachments(first, self.group.attachments())
    }

    /// The same event with room for an offset behind its arguments.
    pub(crate) fn numbered(&self, namespace: &str) -> Group {
        let prefix = prefix(attachments(&self.group), namespace, None);
        let mut builder = FrameBuilder::with_prefix(prefix.len());
        // An event has at least a name, so that the offset comes behind a comma.
        let open = self.json().strip_suffix(']').unwrap_or("[null");
        for part in [open, ",\"", PLACEHOLDER, "\"]"] {
            builder.extend(part.as_bytes());
        }
        let first = builder.finish(prefix.as_bytes());
        Group::with_attachments(first, self.group.attachments())
    }

    /// The JSON array.
    pub(crate) fn json(&self) -> &str {
        let message = self.group.frames().next().map(|first| first.message()).unwrap_or_default();
        message.get(self.at..).and_then(|json| str::from_utf8(json).ok()).unwrap_or_default()
    }

    /// The binary parts.
    pub(crate) fn attachments(&self) -> impl Iterator<Item = &[u8]> {
        self.group.frames().skip(1).map(|frame| frame.message())
    }
}

/// An event packet.
pub(crate) fn event(
    namespace: &str,
    ack: Option<u64>,
    name: &str,
    args: impl IntoArgs,
) -> Result<Group, EmitError> {
    if let Some(arguments) = args.forwarded()
        && !is_reserved(name)
        && let Some(group) = encode::forward_event(namespace, ack, name, arguments)
    {
        return Ok(group);
    }
    write(namespace, ack, name, args, |_| {})
}

fn write(
    namespace: &str,
    ack: Option<u64>,
    name: &str,
    args: impl IntoArgs,
    then: impl FnOnce(&mut EventWriter),
) -> Result<Group, EmitError> {
    if is_reserved(name) {
        return Err(EmitError::Reserved(name.into()));
    }
    let mut writer = EventWriter::event(namespace, ack, name);
    args.write_args(&mut writer)?;
    then(&mut writer);
    Ok(writer.finish())
}

/// The name of an event packet of `namespace`, and the text of its JSON array.
pub(crate) fn read<'a>(group: &'a Group, namespace: &str) -> Option<(String, &'a str)> {
    let message = str::from_utf8(group.frames().next()?.message()).ok()?;
    // Type, attachments, namespace and ack id, of which the namespace may contain anything.
    let rest = message.get(1..)?;
    let rest = match rest.split_once('-') {
        Some((count, rest)) if group.frames().nth(1).is_some() && is_number(count) => rest,
        _ => rest,
    };
    let rest = if namespace == MAIN { rest } else { rest.strip_prefix(namespace)?.strip_prefix(',')? };
    let json = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let name = json.strip_prefix('[')?;
    let name = serde_json::Deserializer::from_str(name).into_iter::<String>().next()?.ok()?;
    Some((name, json))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An event packet with room for an offset behind its arguments.
pub(crate) fn numbered(namespace: &str, name: &str, args: impl IntoArgs) -> Result<Group, EmitError> {
    write(namespace, None, name, args, |writer| {
        // A string is always JSON.
        let _ = writer.arg(PLACEHOLDER);
    })
}

/// What stands before the JSON array of an event: type, attachments, namespace, ack id.
fn prefix(attachments: usize, namespace: &str, ack: Option<u64>) -> String {
    let kind = if attachments > 0 { PacketType::BinaryEvent } else { PacketType::Event };
    let mut text = String::from(char::from(kind.digit()));
    if attachments > 0 {
        text.push_str(&attachments.to_string());
        text.push('-');
    }
    if namespace != MAIN {
        text.push_str(namespace);
        text.push(',');
    }
    if let Some(ack) = ack {
        text.push_str(&ack.to_string());
    }
    text
}

fn attachments(group: &Group) -> usize {
    group.frames().count() - 1
}

/// The namespace that is left out on the wire.
const MAIN: &str = "/";

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;
    use sockeye_proto::socket::Arguments;

    use super::*;

    fn text(group: &Group) -> Vec<String> {
        group.frames().map(|frame| String::from_utf8_lossy(frame.message()).into_owned()).collect()
    }

    #[test]
    fn the_same_arguments_go_to_any_namespace_with_any_ack_id() {
        let body = Body::event("/", "news", (1, &json!({"a": "b"}))).unwrap();
        assert_eq!(text(body.group()), [r#"2["news",1,{"a":"b"}]"#]);
        assert_eq!(body.json(), r#"["news",1,{"a":"b"}]"#);
        let group = body.readdressed("/chat", Some(12));
        assert_eq!(text(&group), [r#"2/chat,12["news",1,{"a":"b"}]"#]);
        let named = Body::event("/chat", "news", ()).unwrap();
        assert_eq!(text(named.group()), [r#"2/chat,["news"]"#]);
        assert_eq!(text(&named.readdressed("/", None)), [r#"2["news"]"#]);
    }

    #[test]
    fn a_packet_is_read_as_it_was_written() {
        for namespace in ["/", "/chat", "/a-[b]\"7", "/5"] {
            for ack in [None, Some(12)] {
                for name in ["news", "a \"quoted\" \u{1e} [name]", ""] {
                    for group in [
                        event(namespace, ack, name, (1, "x-y")).unwrap(),
                        event(namespace, ack, name, (Bytes::from_static(b"x"), "y")).unwrap(),
                    ] {
                        let (read, json) = read(&group, namespace).unwrap();
                        assert_eq!(read, name);
                        let array: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
                        assert_eq!(array.len(), 3, "{json}");
                    }
                }
            }
        }
        assert!(read(&Group::one(sockeye_proto::Frame::text("2/chat,[]")), "/other").is_none());
        assert!(read(&Group::one(sockeye_proto::Frame::text("2")), "/").is_none());
    }

    #[test]
    fn an_offset_has_its_place_behind_the_arguments() {
        let body = Body::event("/", "news", (1, Bytes::from_static(b"x"))).unwrap();
        let written = numbered("/chat", "news", (1, Bytes::from_static(b"x"))).unwrap();
        let expected = r#"51-/chat,["news",1,{"_placeholder":true,"num":0},"00000000000000000000"]"#;
        assert_eq!(text(&body.numbered("/chat")), [expected, "x"]);
        assert_eq!(text(&written), [expected, "x"]);
        assert_eq!(
            text(&numbered("/", "a", ()).unwrap().stamped(&[b'f'; 20], 2)),
            [r#"2["a","ffffffffffffffffffff"]"#]
        );
    }

    #[test]
    fn attachments_go_along() {
        let body = Body::event("/", "file", (Bytes::from_static(b"\x01\x02"), "x")).unwrap();
        let group = body.readdressed("/chat", Some(7));
        assert_eq!(text(&group)[0], r#"51-/chat,7["file",{"_placeholder":true,"num":0},"x"]"#);
        assert_eq!(body.attachments().collect::<Vec<_>>(), [b"\x01\x02"]);
        assert_eq!(group.frames().nth(1).unwrap().message(), b"\x01\x02");
    }

    #[test]
    fn raw_arguments_are_copied_with_their_attachments_wherever_the_event_goes() {
        let raw =
            |text: &str, parts: Vec<Bytes>| crate::Raw(Arguments::with_attachments(text, parts).unwrap());
        let words = raw(r#"["caf\u00e9",[1, 2]]"#, Vec::new());
        let expected = r#"["news","caf\u00e9",[1, 2]"#;
        assert_eq!(text(&event("/", Some(3), "news", &words).unwrap()), [format!("23{expected}]")]);
        assert_eq!(
            text(&numbered("/chat", "news", &words).unwrap()),
            [format!(r#"2/chat,{expected},"{PLACEHOLDER}"]"#)]
        );
        assert_eq!(text(&event("/", None, "news", raw("[]", Vec::new())).unwrap()), [r#"2["news"]"#]);

        let file = raw(r#"[{"_placeholder":true,"num":0},"x"]"#, vec![Bytes::from_static(b"\x01\x02")]);
        let body = Body::event("/", "file", &file).unwrap();
        assert_eq!(body.attachments().collect::<Vec<_>>(), [b"\x01\x02"]);
        let first = &text(&body.readdressed("/chat", Some(7)))[0];
        assert_eq!(first, r#"51-/chat,7["file",{"_placeholder":true,"num":0},"x"]"#);
        let first = &text(&body.numbered("/"))[0];
        assert_eq!(first, &format!(r#"51-["file",{{"_placeholder":true,"num":0}},"x","{PLACEHOLDER}"]"#));
    }

    #[test]
    fn the_protocols_own_names_are_refused() {
        for name in
            ["connect", "disconnect", "connect_error", "disconnecting", "newListener", "removeListener"]
        {
            let error = Body::event("/", name, ()).unwrap_err();
            assert!(matches!(error, EmitError::Reserved(_)), "{name}");
        }
        assert!(Body::event("/", "error", ()).is_ok());
    }
}
