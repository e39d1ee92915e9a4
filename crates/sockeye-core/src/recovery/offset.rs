//! The number of an event, as the text that clients keep and show again.

use std::fmt::Write as _;

/// Stands for an offset until it is known: as many bytes as one has.
pub(crate) const PLACEHOLDER: &str = "00000000000000000000";

/// What follows an offset in the text of an event: the quote and the bracket.
pub(super) const AFTER: usize = "\"]".len();

/// Marks the numbers of one run of one namespace: a client may come back with the number of another, which is no number
/// here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(pub(super) u32);

/// What a client has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The last event it has seen.
    At(u64),
    /// It has seen none of these: it shows nothing, or what it kept from another server.
    Nothing,
}

impl Epoch {
    /// Twenty characters, whatever the number.
    pub(super) fn text(self, seq: u64) -> String {
        let mut text = String::with_capacity(PLACEHOLDER.len());
        // Twelve digits are 2^48 events; writing to a string cannot fail.
        let _ = write!(text, "{:08x}{:012x}", self.0, seq & LAST);
        text
    }

    /// Reads what a client shows; `None` for what no server of ours has written.
    pub(super) fn read(self, text: Option<&str>) -> Option<Shown> {
        let Some(text) = text else { return Some(Shown::Nothing) };
        let digits = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        if text.len() != PLACEHOLDER.len() || !text.as_bytes().iter().all(digits) {
            return None;
        }
        let (epoch, seq) = text.split_at_checked(8)?;
        if u32::from_str_radix(epoch, 16).ok()? != self.0 {
            return Some(Shown::Nothing);
        }
        u64::from_str_radix(seq, 16).ok().map(Shown::At)
    }
}

const LAST: u64 = (1 << 48) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_twenty_characters_and_is_read_as_it_was_written() {
        let epoch = Epoch(0xfeed);
        for seq in [0, 1, 0xffff_ffff, LAST] {
            let text = epoch.text(seq);
            assert_eq!(text.len(), PLACEHOLDER.len());
            assert_eq!(epoch.read(Some(&text)), Some(Shown::At(seq)));
            assert_eq!(Epoch(1).read(Some(&text)), Some(Shown::Nothing), "of another run");
        }
        assert!(epoch.text(9) < epoch.text(10), "later ones sort behind");
        assert_eq!(epoch.read(None), Some(Shown::Nothing));
    }

    #[test]
    fn what_is_no_offset_is_told_apart() {
        for text in
            ["", "abc", "0000feed00000000000G", "0000feed0000000000001", "0000FEED000000000001", "éééééééééé"]
        {
            assert_eq!(Epoch(0xfeed).read(Some(text)), None, "{text}");
        }
    }
}
