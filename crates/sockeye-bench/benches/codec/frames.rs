//! Frames of a client.

/// A last frame with these bits of opcode and extension. The mask is none that leaves bytes as they are.
pub(crate) fn masked(bits: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | bits];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => frame.push(0x80 | short),
        (_, Ok(len)) => {
            frame.push(0x80 | 126);
            frame.extend(len.to_be_bytes());
        }
        _ => {
            frame.push(0x80 | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
/// Of a compressed message.
pub(crate) const RSV1: u8 = 0x40;
const MASK: [u8; 4] = [0x5a, 0xc3, 0x3c, 0xa5];
