//! WebSocket frames of a client.

use super::Random;

const FIN: u8 = 0x80;

pub(crate) fn websocket_frames(random: &mut Random) -> Vec<u8> {
    let mut input = vec![random.byte() % if random.one_in(2) { 4 } else { 255 }];
    let mut continues = false;
    for _ in 0..random.below(7) {
        let last = !random.one_in(3);
        let opcode = match random.below(12) {
            0 => 0x9,
            1 => 0xa,
            2 if random.one_in(3) => 0x8,
            3 if random.one_in(8) => random.byte(),
            _ if continues => 0x0,
            _ => 0x1 + random.below(2) as u8,
        };
        if opcode < 3 {
            continues = !last;
        }
        frame(random, opcode | if last || opcode > 7 { FIN } else { 0 }, &mut input);
    }
    if random.one_in(6) {
        input.truncate(random.below(input.len() + 1));
    }
    input
}

fn frame(random: &mut Random, first: u8, out: &mut Vec<u8>) {
    let control = first & 0x0f > 7;
    let payload: Vec<u8> = match random.below(12) {
        0 if control => {
            [3_u16, 999, 1000, 1003, 1005, 1011, 3000, 5000][random.below(8)].to_be_bytes().to_vec()
        }
        0 => vec![b'a'; 120 + random.below(20)],
        1 => vec![0xc3; random.below(3)],
        2 => random.bytes(20),
        3 if random.one_in(10) => vec![b'a'; 990 + random.below(20)],
        _ => random.pick(&["", "a", "hello", "é", "😀", "2probe", "42[\"a\"]"]).as_bytes().to_vec(),
    };
    let mask = if random.one_in(2) {
        [0; 4]
    } else {
        random.next().to_ne_bytes()[..4].try_into().unwrap_or_default()
    };
    let masked = if random.one_in(80) { 0 } else { 0x80 };
    out.push(first);
    let declared = payload.len() as u64 + if random.one_in(40) { 1 << random.below(64) } else { 0 };
    match declared {
        0..126 if !random.one_in(20) => out.push(masked | declared as u8),
        0..0x1_0000 => {
            out.push(masked | 126);
            out.extend_from_slice(&(declared as u16).to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend_from_slice(&declared.to_be_bytes());
        }
    }
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
}
