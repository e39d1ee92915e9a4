//! The codecs by themselves: `cargo bench --package sockeye-bench --bench codec [name]`.
//!
//! What a whole server does with them is counted by `cargo xtask bench --counts`.

#![forbid(unsafe_code)]

mod arguments;
mod compression;
mod frames;
mod packets;
mod payloads;
mod websocket;

fn main() {
    divan::main();
}

/// An event whose packet has so many bytes, without the `4` of Engine.IO.
fn event(len: usize) -> String {
    let around = r#"2["echo",""]"#.len();
    format!(r#"2["echo","{}"]"#, "x".repeat(len.saturating_sub(around)))
}

/// From what fits into a packet of TCP to what comes in many pieces.
const LENGTHS: [usize; 3] = [128, 1024, 65_536];
