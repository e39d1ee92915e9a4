//! Opaque bytes that leave the machines.
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

use std::{fmt, ops::Deref};

/// Bytes that somebody keeps after the input they came in is gone.
///
/// Short ones lie in place, longer ones in one allocation of exactly their length; a slice of somebody else's
/// buffer, which would keep all of that buffer alive, is never among them.
///
/// No enum, on purpose: every value of these fields is a valid one, so that an `Option` or `Poll` around a payload keeps
/// its tag beside it. Were the tag a byte in here, moving the payload would be reading that byte and then what is around
/// it, across the borders of what was written a moment ago, for which a processor waits until it is in its cache.
#[derive(Clone)]
pub struct Payload {
    heap: Option<Box<[u8]>>,
    bytes: [u8; INLINE],
    /// Up to [`INLINE`], so many of `bytes`; else [`HEAP`] or [`PLACEHOLDER`].
    place: u8,
}

/// Numbers, flags and short words fit; with the rest the whole is 32 bytes. On its way to a handler it is moved a dozen
/// times, so that room for longer ones costs more than the allocation it saves.
const INLINE: usize = 15;
/// All bytes are in the allocation.
const HEAP: u8 = 16;
/// They are [`ALONE`].
const PLACEHOLDER: u8 = 17;
/// The arguments of most binary events.
const ALONE: &[u8] = br#"[{"_placeholder":true,"num":0}]"#;

impl Payload {
    /// `{}`: what has come of a client that has sent nothing where an object may stand.
    pub const EMPTY_OBJECT: Self = {
        let mut bytes = [0; INLINE];
        [bytes[0], bytes[1]] = *b"{}";
        Self { heap: None, bytes, place: 2 }
    };

    /// One placeholder for the first attachment, in an array: nothing is copied.
    pub(crate) const PLACEHOLDER: Self = Self { heap: None, bytes: [0; INLINE], place: PLACEHOLDER };

    /// Copies the bytes.
    pub fn copy_from(bytes: &[u8]) -> Self {
        Self::concat(&[bytes])
    }

    /// Copies several pieces one after the other.
    pub fn concat(pieces: &[&[u8]]) -> Self {
        let len = pieces.iter().map(|piece| piece.len()).sum::<usize>();
        let mut bytes = [0; INLINE];
        let Some(mut free) = bytes.get_mut(..len) else { return Self::boxed(pieces.concat()) };
        for piece in pieces {
            let Some((head, tail)) = free.split_at_mut_checked(piece.len()) else { break };
            head.copy_from_slice(piece);
            free = tail;
        }
        // `len` is at most `INLINE`, which fits a byte.
        Self { heap: None, bytes, place: len as u8 }
    }

    /// Copies the elements of a JSON array, and puts brackets around them.
    pub(crate) fn array(values: &[u8]) -> Self {
        let len = values.len().saturating_add(2);
        if len <= INLINE {
            return Self::concat(&[b"[", values, b"]"]);
        }
        let mut array = Vec::with_capacity(len);
        array.push(b'[');
        array.extend_from_slice(values);
        array.push(b']');
        Self::boxed(array)
    }

    fn boxed(bytes: Vec<u8>) -> Self {
        Self { heap: Some(bytes.into_boxed_slice()), bytes: [0; INLINE], place: HEAP }
    }

    /// All the bytes.
    pub fn as_slice(&self) -> &[u8] {
        match self.place {
            HEAP => self.heap.as_deref().unwrap_or_default(),
            PLACEHOLDER => ALONE,
            len => self.bytes.get(..usize::from(len)).unwrap_or_default(),
        }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Deref for Payload {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for Payload {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl Default for Payload {
    fn default() -> Self {
        Self::concat(&[])
    }
}

/// Shows the length alone: what users send does not belong into a log.
impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.len())
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Payload {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_bytes_on_both_sides_of_the_inline_bound() {
        for len in [0, 1, INLINE - 1, INLINE, INLINE + 1, 70_000] {
            let bytes: Vec<u8> = (0..len).map(|at| at as u8).collect();
            let (left, right) = bytes.split_at(len / 3);
            assert_eq!(Payload::copy_from(&bytes).as_slice(), bytes);
            assert_eq!(Payload::concat(&[left, b"", right]).as_slice(), bytes);
            assert_eq!(Payload::array(&bytes).as_slice(), [b"[", &bytes[..], b"]"].concat());
            assert_eq!(Payload::copy_from(&bytes).heap.is_none(), len <= INLINE);
        }
        assert_eq!(Payload::PLACEHOLDER, Payload::copy_from(ALONE));
        assert_eq!(Payload::EMPTY_OBJECT, Payload::copy_from(b"{}"));
    }

    #[test]
    fn is_small_and_tells_nothing_in_a_log() {
        assert_eq!(size_of::<Payload>(), 32);
        assert_eq!(size_of::<Option<Payload>>(), 40, "the tag is beside it");
        assert_eq!(format!("{:?}", Payload::copy_from(b"secret")), "Payload(6 bytes)");
    }
}
