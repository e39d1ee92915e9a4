//! The arguments of an ack, encoded before it is known which event they answer.

use super::{ADDRESS, EventWriter, Frame, FrameBuilder, Group, PREFIX, write_id, write_namespace};

/// The arguments of an ack, encoded before it is known which event they answer: [`EventWriter::unaddressed`].
///
/// Namespace and id are written in front of them into the room kept free there, so that a reply is serialized once,
/// into the allocation it leaves in.
#[derive(Clone, Debug)]
pub struct Unaddressed {
    /// The whole array.
    pub(super) body: FrameBuilder,
    pub(super) attachments: Vec<Frame>,
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
        self.attachments.iter().map(Frame::message)
    }

    /// The ack of the event with that id.
    #[must_use]
    pub fn into_ack(self, namespace: &str, id: u64) -> Group {
        let attachments = self.attachments.len();
        let mut prefix = String::with_capacity(USUAL_PREFIX);
        prefix.push(char::from(EventWriter::kind(true, attachments).digit()));
        if attachments > 0 {
            write_id(&mut prefix, attachments as u64);
            prefix.push('-');
        }
        write_namespace(&mut prefix, namespace);
        write_id(&mut prefix, id);
        Group::with_attachments(self.body.finish(prefix.as_bytes()), self.attachments)
    }
}

const USUAL_PREFIX: usize = PREFIX + ADDRESS;
