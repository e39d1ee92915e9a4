//! What clients mostly send, read without a detour: a message in one frame, not compressed, that lies whole in the input.

use std::ops::Range;

use super::mask::Mask;

/// A message that was found at the front of the input, and unmasked there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Usual {
    pub(super) is_text: bool,
    /// Where its payload lies. The next frame begins behind it.
    pub(super) payload: Range<usize>,
}

impl Usual {
    /// Looks at the front of `input`. `None`, with nothing changed: it is anything else, of which nothing is known.
    #[inline]
    pub(super) fn find(input: &mut [u8], longest: usize) -> Option<Self> {
        let (&mut [first, second], rest) = input.split_first_chunk_mut()?;
        let is_text = match first {
            FINAL_TEXT => true,
            FINAL_BINARY => false,
            _ => return None,
        };
        // A length of another form, or too long, or no mask: whoever reads the rest knows what that is.
        let length = second.checked_sub(MASKED)?;
        let (header, length, rest) = match length {
            0..=125 => (2, usize::from(length), rest),
            126 => {
                let (length, rest) = rest.split_first_chunk_mut()?;
                (4, usize::from(u16::from_be_bytes(*length)), rest)
            }
            _ => {
                let (length, rest) = rest.split_first_chunk_mut()?;
                (10, usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
            }
        };
        if length > longest {
            return None;
        }
        let (key, rest) = rest.split_first_chunk_mut()?;
        Mask::new(*key).apply(rest.get_mut(..length)?);
        let start = key.len().saturating_add(header);
        Some(Self { is_text, payload: start..start.saturating_add(length) })
    }
}

/// The last frame of a text message, no reserved bit (RFC 6455, section 5.2).
const FINAL_TEXT: u8 = 0x81;
/// The same of a binary message.
const FINAL_BINARY: u8 = 0x82;
/// The bit above the length.
const MASKED: u8 = 0x80;

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;
    use tungstenite::protocol::frame::{
        FrameHeader,
        coding::{Data, OpCode},
    };

    use super::*;

    /// What the websocket library reads.
    fn judge(input: &[u8], longest: usize) -> Option<(Usual, Vec<u8>)> {
        let mut cursor = Cursor::new(input);
        let (header, length) = FrameHeader::parse(&mut cursor).ok()??;
        let plain = header.is_final && !header.rsv1 && !header.rsv2 && !header.rsv3;
        let is_text = match header.opcode {
            OpCode::Data(Data::Text) if plain => true,
            OpCode::Data(Data::Binary) if plain => false,
            _ => return None,
        };
        let (key, length) = (header.mask?, usize::try_from(length).ok()?);
        let start = usize::try_from(cursor.position()).unwrap();
        let masked = input.get(start..start.checked_add(length)?).filter(|_| length <= longest)?;
        let payload = masked.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
        Some((Usual { is_text, payload: start..start + length }, payload))
    }

    proptest! {
        #[test]
        fn finds_what_the_websocket_library_reads_and_leaves_the_rest_alone(
            first in prop_oneof![4 => 0x81_u8..=0x82, 1 => any::<u8>()],
            second in prop_oneof![4 => 0x80_u8.., 2 => 0xfe_u8.., 1 => any::<u8>()],
            length in prop_oneof![0_u64..400, any::<u64>()],
            rest in prop::collection::vec(any::<u8>(), 0..400),
            cut in 0_usize..400,
            longest in 0_usize..400,
        ) {
            let mut input = vec![first, second];
            match second & 0x7f {
                126 => input.extend((length as u16).to_be_bytes()),
                127 => input.extend(length.to_be_bytes()),
                _ => {}
            }
            input.extend(&rest);
            input.truncate(cut);
            let before = input.clone();
            let expected = judge(&before, longest);
            let found = Usual::find(&mut input, longest);
            prop_assert_eq!(&found, &expected.as_ref().map(|(usual, _)| usual.clone()));
            let Some((usual, payload)) = expected else {
                prop_assert_eq!(input, before);
                return Ok(());
            };
            prop_assert_eq!(&input[usual.payload.clone()], payload);
            prop_assert_eq!(&input[..usual.payload.start], &before[..usual.payload.start]);
            prop_assert_eq!(&input[usual.payload.end..], &before[usual.payload.end..]);
        }
    }
}
