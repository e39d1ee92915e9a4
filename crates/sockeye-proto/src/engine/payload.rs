//! Payloads: several packets in one HTTP body (Engine.IO 4, "Payload").
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

/// Separates the packets of a payload (ASCII record separator).
pub const SEPARATOR: u8 = 0x1e;

/// The packets of a body, in order. An empty body is one empty packet, which no parser takes.
pub fn packets(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut cursor = Cursor::default();
    std::iter::from_fn(move || cursor.next(body))
}

/// A place between two packets of a body that is owned elsewhere, so that decoding can pause there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(Option<usize>);

impl Cursor {
    /// The next packet of this body, which must be the same each time; `None` when all have been given.
    pub fn next<'a>(&mut self, body: &'a [u8]) -> Option<&'a [u8]> {
        let rest = body.get(self.0?..).unwrap_or_default();
        let end = memchr::memchr(SEPARATOR, rest);
        self.0 = match (self.0, end) {
            (Some(start), Some(end)) => Some(start.saturating_add(end).saturating_add(1)),
            _ => None,
        };
        Some(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default())
    }

    /// Whether all packets have been given.
    pub fn is_done(&self) -> bool {
        self.0.is_none()
    }
}

/// Starts before the first packet.
impl Default for Cursor {
    fn default() -> Self {
        Self(Some(0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(body: &str) -> Vec<&str> {
        packets(body.as_bytes()).map(|packet| std::str::from_utf8(packet).unwrap()).collect()
    }

    #[test]
    fn splits_at_the_separator_alone() {
        assert_eq!(split("4a\x1ebAQID\x1e2"), ["4a", "bAQID", "2"]);
        assert_eq!(split("4a\n"), ["4a\n"]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("4a\x1e"), ["4a", ""]);
    }

    proptest! {
        #[test]
        fn gives_what_was_joined(parts in proptest::collection::vec(proptest::collection::vec(0x20u8.., 0..9), 1..9)) {
            let body = parts.join(&SEPARATOR);
            prop_assert_eq!(packets(&body).collect::<Vec<_>>(), parts);
        }
    }
}
