//! Lives of sessions and multiplexers.

use super::{Random, engine::engine_packet, socket::packet};

/// At most so many lines behind the beginning.
const LONGEST: usize = 24;

pub(crate) fn session_inputs(random: &mut Random) -> Vec<u8> {
    let beginnings =
        ["p", "r", "w", "v", "p\nS\nT92probe", "r\nG\nU\nU", "p\nU\nU\nU", "r\nM\nM\nM\nC", "p\nP"];
    let mut script = random.pick(&beginnings).as_bytes().to_vec();
    for _ in 0..random.below(LONGEST) {
        let line: Vec<u8> = match random.below(16) {
            0..3 => engine_packet(random),
            3 => b"G".to_vec(),
            4 => b"P".to_vec(),
            5 => [b"K9".to_vec(), engine_packet(random)].concat(),
            6 => [b"T9".to_vec(), engine_packet(random)].concat(),
            7 => b"E9".to_vec(),
            8 => b"U".to_vec(),
            9 => b"M".to_vec(),
            10 => b"I".to_vec(),
            11 => format!("W{}", random.below(400)).into_bytes(),
            12 => random.pick(&["Z", "z", "W25000", "F0", "F1", "Y9x"]).as_bytes().to_vec(),
            13 if random.one_in(4) => b"C".to_vec(),
            14 if random.one_in(4) => {
                random.pick(&["g", "p", "O", "V", "N", "D0", "A9", "L9", "X9", "R9", "S"]).as_bytes().to_vec()
            }
            _ => format!("{}{}", random.pick(&["E", "D", "T", "K", "X"]), random.below(4)).into_bytes(),
        };
        push(&mut script, &line);
    }
    script
}

pub(crate) fn mux_inputs(random: &mut Random) -> Vec<u8> {
    let beginnings = ["0\n+0", "0/chat,\n+0", "0\n+0\n0/chat,\n+1", "0", ""];
    let mut script = random.pick(&beginnings).as_bytes().to_vec();
    for _ in 0..random.below(LONGEST) {
        let line: Vec<u8> = match random.below(16) {
            0..3 => packet(random, "2", "").into_bytes(),
            3 => packet(random, "3", "").into_bytes(),
            // Half a packet, and mostly what it waits for.
            4 | 5 => {
                let (kind, count) = (random.pick(&["5", "6"]), random.below(5));
                let header = packet(random, kind, &format!("{count}-"));
                push(&mut script, header.as_bytes());
                for _ in 0..count {
                    push(&mut script, &[b"#".to_vec(), random.bytes(9)].concat());
                }
                continue;
            }
            6 | 7 => random.pick(&["0", "0/chat,", "0/a,{}", "0/b,"]).as_bytes().to_vec(),
            8 | 9 => format!("+{}", random.below(6)).into_bytes(),
            10 => format!("{}{}", random.pick(&["-", "<"]), random.below(6)).into_bytes(),
            11 => random.pick(&["1", "1/chat,", "3", "30", "3[]", "?"]).as_bytes().to_vec(),
            12 => random.pick(&["(", ")"]).as_bytes().to_vec(),
            13 => format!("~{}", random.below(5_000)).into_bytes(),
            14 if random.one_in(4) => {
                random.pick(&["~45000", "~30000", "!", "#x", "4{}", ""]).as_bytes().to_vec()
            }
            _ => continue,
        };
        push(&mut script, &line);
    }
    script
}

/// Adds a line; newlines in it go on behind a tab.
fn push(script: &mut Vec<u8>, line: &[u8]) {
    script.push(b'\n');
    for byte in line {
        script.push(*byte);
        if *byte == b'\n' {
            script.push(b'\t');
        }
    }
}
