//! What shall happen in a simulated run.

use std::time::Duration;

use sockeye_proto::engine::{MessageRef, Packet, Transport};

/// One run; everything else follows from the seed.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) transport: Transport,
    pub(super) upgrade: bool,
    /// Messages the server sends.
    pub(super) from_server: u32,
    /// Messages the client sends.
    pub(super) from_client: u32,
    /// All messages are sent within this time.
    pub(super) span: Duration,
    /// The longest delay of anything on its way.
    pub(super) delay: Duration,
    /// Of 100 HTTP messages, so many are lost.
    pub(super) losses: u64,
    /// Then the server asks to end.
    pub(super) server_closes: Option<Duration>,
    /// Then the client asks to end.
    pub(super) client_closes: Option<Duration>,
    /// Then the websocket breaks, if there is one.
    pub(super) socket_breaks: Option<Duration>,
    /// From then on nothing arrives any more, and nobody is told.
    pub(super) black_hole: Option<Duration>,
}

impl Plan {
    /// A run in which nothing goes wrong.
    pub(super) fn calm(seed: u64) -> Self {
        Self {
            seed,
            transport: Transport::Polling,
            upgrade: true,
            from_server: 40,
            from_client: 40,
            span: Duration::from_secs(8),
            delay: Duration::from_millis(200),
            losses: 0,
            server_closes: None,
            client_closes: None,
            socket_breaks: None,
            black_hole: None,
        }
    }
}

/// A small generator of numbers that look random (SplitMix64), so that a seed is a run.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    pub(super) fn within(&mut self, span: Duration) -> Duration {
        Duration::from_micros(self.below(span.as_micros() as u64))
    }
}

/// A message on its way: text or bytes.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) binary: bool,
    pub(super) bytes: Vec<u8>,
}

impl Message {
    /// The message of that number, of any length up to about 40.
    pub(super) fn new(number: u32) -> Self {
        let padding = "-".repeat(number as usize * 7 % 36);
        Self { binary: number.is_multiple_of(3), bytes: format!("{number}{padding}").into_bytes() }
    }

    pub(super) fn text(&self) -> &str {
        str::from_utf8(&self.bytes).unwrap()
    }

    pub(super) fn packet(&self) -> Packet<'_> {
        if self.binary { Packet::Binary((&*self.bytes).into()) } else { Packet::Text(self.text()) }
    }
}

/// The number of a message that came.
pub(super) fn number(message: MessageRef<'_>) -> u32 {
    let text = match message {
        MessageRef::Text(text) => text,
        MessageRef::Binary(bytes) => str::from_utf8(bytes).unwrap(),
    };
    text.trim_end_matches('-').parse().unwrap()
}
