//! A message that arrives in pieces.

use std::str;

use super::{Incoming, Violation};

/// What has come of a message so far, unmasked. Text is checked as it comes and only once.
#[derive(Debug)]
pub(super) struct Message {
    body: Body,
    fragments: usize,
}

#[derive(Debug)]
enum Body {
    Text {
        text: String,
        tail: Tail,
    },
    Binary(Vec<u8>),
    /// Inflated when it is whole: until then it weighs what came.
    Deflated {
        is_text: bool,
        bytes: Vec<u8>,
    },
}

/// The beginning of a character whose rest has not come yet.
#[derive(Debug, Default)]
struct Tail {
    bytes: [u8; 4],
    len: usize,
}

impl Message {
    pub(super) fn text() -> Self {
        Self { body: Body::Text { text: String::new(), tail: Tail::default() }, fragments: 1 }
    }

    pub(super) fn binary() -> Self {
        Self { body: Body::Binary(Vec::new()), fragments: 1 }
    }

    /// A compressed message.
    pub(super) fn deflated(is_text: bool) -> Self {
        Self { body: Body::Deflated { is_text, bytes: Vec::new() }, fragments: 1 }
    }

    /// A whole message that was compressed.
    pub(super) fn inflated(is_text: bool, bytes: Vec<u8>) -> Result<Self, Violation> {
        let body = if is_text {
            let text = String::from_utf8(bytes).map_err(|_| Violation::InvalidUtf8)?;
            Body::Text { text, tail: Tail::default() }
        } else {
            Body::Binary(bytes)
        };
        Ok(Self { body, fragments: 1 })
    }

    /// What is to be inflated, and whether that is text; `None`: it is not compressed.
    pub(super) fn as_deflated(&self) -> Option<(bool, &[u8])> {
        match &self.body {
            Body::Deflated { is_text, bytes } => Some((*is_text, bytes)),
            Body::Text { .. } | Body::Binary(_) => None,
        }
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        match &self.body {
            Body::Text { text, tail } => text.len().saturating_add(tail.len),
            Body::Binary(bytes) | Body::Deflated { bytes, .. } => bytes.len(),
        }
    }

    /// Bytes of memory held.
    pub(super) fn capacity(&self) -> usize {
        match &self.body {
            Body::Text { text, .. } => text.capacity(),
            Body::Binary(bytes) | Body::Deflated { bytes, .. } => bytes.capacity(),
        }
    }

    /// Counts one more frame and answers how many there are.
    pub(super) fn count_fragment(&mut self) -> usize {
        self.fragments = self.fragments.saturating_add(1);
        self.fragments
    }

    /// Adds the next unmasked bytes, which at most `expected` more will follow.
    pub(super) fn extend(&mut self, bytes: &[u8], expected: usize) -> Result<(), Violation> {
        match &mut self.body {
            Body::Binary(body) | Body::Deflated { bytes: body, .. } => {
                if let Some(growth) = growth(body.len(), body.capacity(), bytes.len(), expected) {
                    body.reserve_exact(growth);
                }
                body.extend_from_slice(bytes);
                Ok(())
            }
            Body::Text { text, tail } => {
                // Room for a tail that becomes a character, too.
                let needed = tail.len.saturating_add(bytes.len());
                if let Some(growth) = growth(text.len(), text.capacity(), needed, expected) {
                    text.reserve_exact(growth);
                }
                let rest = tail.complete(bytes, text)?;
                let (valid, unfinished) = split_unfinished(rest)?;
                text.push_str(valid);
                tail.keep(unfinished);
                Ok(())
            }
        }
    }

    /// The message, now that its last frame is complete.
    pub(super) fn finish(&self) -> Result<Incoming<'_>, Violation> {
        match &self.body {
            Body::Binary(bytes) => Ok(Incoming::Binary(bytes)),
            // Whoever reads it has inflated it.
            Body::Deflated { .. } => Err(Violation::CorruptCompression),
            Body::Text { text, tail } if tail.len == 0 => Ok(Incoming::Text(text)),
            Body::Text { .. } => Err(Violation::InvalidUtf8),
        }
    }
}

impl Tail {
    /// Moves the character to `text` once `bytes` has the rest of it; answers what of `bytes` comes after.
    fn complete<'a>(&mut self, bytes: &'a [u8], text: &mut String) -> Result<&'a [u8], Violation> {
        let mut rest = bytes;
        while self.len > 0
            && let Some((byte, behind)) = rest.split_first()
        {
            let Some(slot) = self.bytes.get_mut(self.len) else {
                return Err(Violation::InvalidUtf8);
            };
            *slot = *byte;
            self.len = self.len.saturating_add(1);
            rest = behind;
            let character = self.bytes.get(..self.len).unwrap_or_default();
            let (valid, _) = split_unfinished(character)?;
            if !valid.is_empty() {
                text.push_str(valid);
                self.len = 0;
            }
        }
        Ok(rest)
    }

    /// Keeps the beginning of a character; empty when there is none.
    fn keep(&mut self, unfinished: &[u8]) {
        for (slot, byte) in self.bytes.iter_mut().skip(self.len).zip(unfinished) {
            *slot = *byte;
            self.len = self.len.saturating_add(1);
        }
    }
}

/// The text at the front of `bytes` and the at most three bytes of a character that has only begun.
fn split_unfinished(bytes: &[u8]) -> Result<(&str, &[u8]), Violation> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok((text, &[])),
        Err(fault) if fault.error_len().is_some() => Err(Violation::InvalidUtf8),
        Err(fault) => {
            let (valid, unfinished) = bytes.split_at_checked(fault.valid_up_to()).unwrap_or_default();
            let valid = str::from_utf8(valid).map_err(|_| Violation::InvalidUtf8)?;
            Ok((valid, unfinished))
        }
    }
}

/// How much to reserve beyond `len` so that `needed` bytes fit, or nothing when they do.
///
/// Ahead of what came it reserves as much again for a short message, then a chunk, then an eighth: a long message is not
/// copied over and over, and little of its memory waits unused. Never more than `expected`, which the client declared.
fn growth(len: usize, capacity: usize, needed: usize, expected: usize) -> Option<usize> {
    if needed <= capacity.saturating_sub(len) {
        return None;
    }
    let total = len.saturating_add(needed);
    let ahead = total.min(CHUNK).max(total / 8).min(expected);
    Some(needed.saturating_add(ahead))
}

/// Bytes reserved ahead of what came.
const CHUNK: usize = 8 * 1024;
