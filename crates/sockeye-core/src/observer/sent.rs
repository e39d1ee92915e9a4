//! An event on its way out, as observers see it.

use std::fmt;

use sockeye_proto::Group;

use crate::Encoded;

/// An event that was emitted. Borrowed: nothing is copied for those who look on.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    name: &'a str,
    json: &'a str,
    group: &'a Group,
}

impl<'a> Sent<'a> {
    /// An event, the text of its name and arguments, and the packet it travels as.
    pub const fn new(name: &'a str, json: &'a str, group: &'a Group) -> Self {
        Self { name, json, group }
    }

    /// An event that was encoded once for many.
    pub fn of(event: &'a Encoded) -> Self {
        Self::new(event.name(), event.json(), event.body().group())
    }

    /// The event's name.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Name and arguments as the text of a JSON array, with placeholders where attachments belong.
    pub const fn json(&self) -> &'a str {
        self.json
    }

    /// The binary parts, in the order of their placeholders' numbers.
    pub fn attachments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.group.frames().skip(1).map(|frame| frame.message())
    }
}

/// Without the payload, which does not belong into logs.
impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent").field("name", &self.name).finish_non_exhaustive()
    }
}
