//! A binary packet that waits for its attachments.

use std::{mem, time::Instant};

use bytes::Bytes;

use super::{arguments::Arguments, decode::Content, violation::Violation};
use crate::{Payload, few::Few};

/// A packet, what has come of its attachments, and whose it is.
#[derive(Debug)]
pub(super) struct Assembly<K> {
    pub(super) key: K,
    pub(super) deadline: Instant,
    content: Content<'static>,
    arguments: Payload,
    expected: usize,
    attachments: Few<Bytes>,
    /// Bytes of the packet's text and of the attachments.
    size: usize,
}

impl<K> Assembly<K> {
    /// Begins with the packet's text, which has `size` bytes.
    pub(super) fn begin(
        key: K,
        content: Content<'_>,
        arguments: Payload,
        expected: usize,
        size: usize,
        deadline: Instant,
    ) -> Self {
        let content = content.into_owned();
        // Nothing is reserved for what is only announced.
        Self { key, deadline, content, arguments, expected, attachments: Few::new(), size }
    }

    /// Takes in one attachment; says whether it was the last.
    pub(super) fn add(&mut self, attachment: &[u8], max_payload: usize) -> Result<bool, Violation> {
        self.size = self.size.saturating_add(attachment.len());
        if self.size > max_payload {
            return Err(Violation::PacketTooLarge);
        }
        self.attachments.push(Bytes::copy_from_slice(attachment));
        Ok(self.attachments.len() >= self.expected)
    }

    /// The whole packet, of which nothing is left here.
    pub(super) fn finish(&mut self) -> (Content<'static>, Arguments) {
        let content = mem::replace(&mut self.content, Content::Ack { id: None });
        let arguments = mem::replace(&mut self.arguments, Payload::copy_from(b"[]"));
        (content, Arguments::new(arguments, mem::take(&mut self.attachments)))
    }

    /// Bytes held.
    pub(super) fn buffered(&self) -> usize {
        let name = match &self.content {
            Content::Event { name, .. } => name.len(),
            Content::Ack { .. } => 0,
        };
        let attachments = self.attachments.as_slice().iter().map(Bytes::len).fold(0, usize::saturating_add);
        name.saturating_add(self.arguments.len()).saturating_add(attachments)
    }
}
