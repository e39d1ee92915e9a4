//! Socket.IO packets.

use super::{NUMBERS, Random, SEPARATOR, json};

const NAMESPACES: [&str; 8] = ["", "", "/,", "/chat,", "/chat,", "/chat?a=b,", "/other,", "/chat"];

const NAMES: [&str; 10] = [
    "\"a\"",
    "\"news\"",
    "\"\"",
    "5",
    "-1.5e3",
    "\"connect\"",
    "\"disconnecting\"",
    "\"\\u0061\"",
    "\"\\ud800\"",
    "null",
];

pub(crate) fn socket_text(random: &mut Random) -> Vec<u8> {
    let kind = random.pick(&["2", "2", "2", "3", "0", "1", "4", "7"]);
    let count = if random.one_in(30) { "1-" } else { "" };
    packet(random, kind, count).into_bytes()
}

pub(crate) fn socket_binary(random: &mut Random) -> Vec<u8> {
    let kind = random.pick(&["5", "5", "6", "2"]);
    let announced = if random.one_in(20) { 8 + random.below(5) } else { random.below(4) };
    let count = if random.one_in(10) { random.pick(&NUMBERS).to_owned() } else { announced.to_string() };
    let mut parts = vec![packet(random, kind, &format!("{count}-")).into_bytes()];
    let given = if random.one_in(4) { random.below(6) } else { announced };
    parts.extend((0..given).map(|_| random.bytes(12)));
    if random.one_in(50) {
        parts.push(vec![0; 990 + random.below(20)]);
    }
    parts.join(&SEPARATOR)
}

pub(super) fn packet(random: &mut Random, kind: &str, count: &str) -> String {
    let mut text = format!("{kind}{count}{}", random.pick(&NAMESPACES));
    if random.one_in(3) {
        text.push_str(random.pick(&NUMBERS));
    }
    match kind {
        "2" | "5" => {
            text.push('[');
            text.push_str(random.pick(&NAMES));
            json::rest_of_array(random, &mut text);
        }
        "3" | "6" => {
            text.push('[');
            json::value(random, 3, &mut text);
            json::rest_of_array(random, &mut text);
        }
        _ if random.one_in(2) => json::value(random, 3, &mut text),
        _ => {}
    }
    if random.one_in(30) {
        text.push_str(random.pick(&[" ", "]", "é", "\u{1e}", "0"]));
    }
    text
}
