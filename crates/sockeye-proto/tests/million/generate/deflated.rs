//! Compressed WebSocket messages of a client, some of them damaged.

use std::sync::LazyLock;

use flate2::{Compress, Compression, FlushCompress};

use super::Random;

pub(crate) fn websocket_deflate(random: &mut Random) -> Vec<u8> {
    let mut input = vec![random.byte()];
    for _ in 0..random.below(4) {
        let mut payload = if random.one_in(6) { random.bytes(30) } else { compressed(random) };
        if random.one_in(8) && !payload.is_empty() {
            let at = random.below(payload.len());
            payload[at] ^= 1 << random.below(8);
        }
        if random.one_in(10) {
            payload.truncate(random.below(payload.len() + 1));
        }
        let opcode = 0x1 + random.below(2) as u8;
        if random.one_in(3) {
            let (one, two) = payload.split_at(random.below(payload.len() + 1));
            frame(0x40 | opcode, one, &mut input);
            frame(if random.one_in(20) { 0xc0 } else { 0x80 }, two, &mut input);
        } else {
            frame(if random.one_in(8) { 0x80 } else { 0xc0 } | opcode, &payload, &mut input);
        }
    }
    input
}

/// Short ones and long ones, flushed and finished. Made once: a compressor takes longer than what is tested.
static MESSAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let texts = ["", "a", "42[\"a\"]", "é😀", "hello hello hello "].into_iter();
    let texts = texts.flat_map(|text| [1, 2, 3, 100, 2_000].map(|times| text.repeat(times)));
    texts
        .flat_map(|text| [FlushCompress::Sync, FlushCompress::Finish].map(|flush| compress(&text, flush)))
        .collect()
});

fn compress(text: &str, flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 100);
    let compressed = Compress::new(Compression::fast(), false).compress_vec(text.as_bytes(), &mut out, flush);
    compressed.map(|_| out).unwrap_or_default()
}

fn compressed(random: &mut Random) -> Vec<u8> {
    let mut out = MESSAGES.get(random.below(MESSAGES.len())).cloned().unwrap_or_default();
    if out.ends_with(&[0, 0, 0xff, 0xff]) && !random.one_in(10) {
        out.truncate(out.len() - 4);
    }
    out
}

/// A frame whose mask is nought.
fn frame(first: u8, payload: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    match u8::try_from(payload.len()) {
        Ok(short @ ..126) => out.push(0x80 | short),
        _ => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}
