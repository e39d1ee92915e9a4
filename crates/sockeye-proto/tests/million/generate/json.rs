//! JSON, and what is nearly JSON.

use super::{NUMBERS, Random};

const STRINGS: [&str; 16] = [
    "a",
    "",
    "é",
    "😀",
    "\\u0061",
    "\\ud800",
    "\\ud83d\\ude00",
    "\\\"",
    "\\n",
    "\\u00",
    "\\x",
    "_placeholder",
    "num",
    "connect",
    "__proto__",
    "\u{1f}",
];

const LITERALS: [&str; 12] =
    ["null", "true", "false", "-0", "1.5", "-1e-3", "1e999", "1E+2", "nul", "01", "NaN", "\"open"];

/// One value, nested at most so deep.
pub(super) fn value(random: &mut Random, depth: usize, out: &mut String) {
    match random.below(if depth == 0 { 4 } else { 9 }) {
        0 => string(random, out),
        1 => out.push_str(random.pick(&NUMBERS)),
        2 => out.push_str(random.pick(&LITERALS)),
        3 => placeholder(random, out),
        4..6 => list(random, '[', ']', out, |random, out| value(random, depth - 1, out)),
        6..8 => list(random, '{', '}', out, |random, out| {
            string(random, out);
            out.push(if random.one_in(50) { ';' } else { ':' });
            value(random, depth - 1, out);
        }),
        _ if random.one_in(20) => {
            let levels = [6, 7, 8, 62, 63, 64, 65, 127, 128, 129][random.below(10)];
            out.extend(std::iter::repeat_n('[', levels));
            out.extend(std::iter::repeat_n(']', levels));
        }
        _ => blank(random, out),
    }
}

/// The rest of an array whose first element is there, and its bracket.
pub(super) fn rest_of_array(random: &mut Random, out: &mut String) {
    for _ in 0..random.below(4) {
        out.push(',');
        value(random, 3, out);
        blank(random, out);
    }
    if !random.one_in(50) {
        out.push(']');
    }
}

pub(super) fn string(random: &mut Random, out: &mut String) {
    out.push('"');
    for _ in 0..random.below(3) {
        // Most of what is in the table breaks the text.
        out.push_str(if random.one_in(4) { random.pick(&STRINGS) } else { random.pick(&STRINGS[..6]) });
    }
    out.push('"');
}

fn list(
    random: &mut Random,
    open: char,
    close: char,
    out: &mut String,
    mut element: impl FnMut(&mut Random, &mut String),
) {
    out.push(open);
    for at in 0..random.below(4) {
        if at > 0 {
            out.push(',');
        }
        blank(random, out);
        element(random, out);
        blank(random, out);
    }
    if !random.one_in(50) {
        out.push(close);
    }
}

fn placeholder(random: &mut Random, out: &mut String) {
    let number = random.below(4);
    match random.below(6) {
        0 => out.push_str(&format!("{{\"num\":{number},\"_placeholder\":true}}")),
        1 => out.push_str(&format!("{{\"_placeholder\":true,\"num\":{number},\"x\":[{{}}]}}")),
        2 => out.push_str(random.pick(&["{\"_placeholder\":true}", "{\"_placeholder\":true,\"num\":\"0\"}"])),
        3 => out.push_str(&format!("{{\"_placeholder\":false,\"num\":{number}}}")),
        _ => out.push_str(&format!("{{\"_placeholder\":true,\"num\":{number}}}")),
    }
}

fn blank(random: &mut Random, out: &mut String) {
    if random.one_in(8) {
        out.push_str(random.pick(&[" ", "\t", "\r\n", "\n", "\u{a0}"]));
    }
}
