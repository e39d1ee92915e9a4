//! What one turn of a session's task has moved.

use sockeye_proto::{Frame, engine::payload};

/// Counted on the stack of a session's task, and added to the engine's counters once at the end of a turn: a busy
/// session touches memory that others see once for a batch, an idle one never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    /// The session has moved from polling to a websocket.
    pub(crate) upgraded: bool,
}

impl Tally {
    /// A message of so many bytes was decoded.
    pub(crate) const fn received(&mut self, bytes: usize) {
        self.packets_in += 1;
        self.bytes_in += bytes as u64;
    }

    /// This frame was taken to be written.
    pub(crate) fn sent(&mut self, frame: &Frame) {
        if frame.is_joined() {
            frame.parts().for_each(|part| self.count_sent(part.message().len()));
        } else {
            self.count_sent(frame.message().len());
        }
    }

    /// These packets, a part of a polling payload, were taken to be written.
    pub(crate) fn sent_payload(&mut self, packets: &[u8]) {
        for packet in payload::packets(packets).filter(|packet| !packet.is_empty()) {
            self.count_sent(match packet {
                [b'b', base64 @ ..] => {
                    let padding = base64.iter().rev().take_while(|byte| **byte == b'=').count();
                    (base64.len() / 4 * 3).saturating_sub(padding)
                }
                [_, text @ ..] => text.len(),
                [] => 0,
            });
        }
    }

    const fn count_sent(&mut self, bytes: usize) {
        self.packets_out += 1;
        self.bytes_out += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_message_count_the_same() {
        let frames: Vec<Frame> = (0..7_u8)
            .map(|length| Frame::binary(&vec![1; length.into()]))
            .chain([Frame::text("héllo")])
            .collect();
        let mut websocket = Tally::default();
        frames.iter().for_each(|frame| websocket.sent(frame));
        let mut payload = Vec::new();
        for frame in &frames {
            if !payload.is_empty() {
                payload.push(payload::SEPARATOR);
            }
            frame.write_polling(&mut payload);
        }
        let mut polling = Tally::default();
        polling.sent_payload(&payload);
        assert_eq!(polling, websocket);
        assert_eq!((polling.packets_out, polling.bytes_out), (8, (0..7).sum::<u64>() + 6));
    }
}
