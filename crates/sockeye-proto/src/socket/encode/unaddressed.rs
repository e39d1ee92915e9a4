//! The arguments of an ack, encoded before it is known which event they answer.

use super::{EventWriter, Few, Frame, FrameBuilder, Group};

/// The arguments of an ack, encoded before it is known which event they answer: [`EventWriter::unaddressed`].
///
/// Namespace and id are written in front of them into the room kept free there, so that a reply is serialized
/// once.
#[derive(Clone, Debug)]
pub struct Unaddressed {
    /// The whole array.
    pub(super) body: FrameBuilder,
    pub(super) attachments: Few<Frame>,
}

impl Unaddressed {
    /// The text of the array, with placeholders where attachments belong.
    #[must_use]
    pub fn json(&self) -> &str {
        // Only text is ever put in.
        std::str::from_utf8(self.body.as_slice()).unwrap_or("[]")
    }

    /// The binary parts, in the order in which placeholders count them.
    pub fn attachments(&self) -> impl Iterator<Item = &[u8]> {
        self.attachments.as_slice().iter().map(Frame::message)
    }

    /// The ack of the event with that id.
    #[must_use]
    pub fn into_ack(self, namespace: &str, id: u64) -> Group {
        let count = self.attachments.len();
        let kind = [EventWriter::kind(true, count).digit()];
        let (mut digits, mut id_digits) = (itoa::Buffer::new(), itoa::Buffer::new());
        let (count, dash) = if count > 0 { (digits.format(count), "-") } else { ("", "") };
        // The main namespace is not written.
        let (namespace, comma) = if namespace == "/" { ("", "") } else { (namespace, ",") };
        let id = id_digits.format(id);
        let text = [count, dash, namespace, comma, id].map(str::as_bytes);
        let [count, dash, namespace, comma, id] = text;
        super::group(self.body, &[&kind, count, dash, namespace, comma, id], self.attachments)
    }
}
