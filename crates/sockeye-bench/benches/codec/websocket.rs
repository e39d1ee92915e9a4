//! Frames of clients: header, mask, and messages that come in pieces.

use divan::{Bencher, counter::BytesCount};
use sockeye_proto::websocket::{Incoming, Reader};

use crate::{
    LENGTHS, event,
    frames::{BINARY, TEXT, masked},
};

/// A text message that lies whole in what was read: unmasked in place, judged as UTF-8, handed out from there.
#[divan::bench(args = LENGTHS)]
fn text_whole(bencher: Bencher<'_, '_>, len: usize) {
    whole(bencher, &masked(TEXT, format!("4{}", event(len)).as_bytes()));
}

#[divan::bench(args = LENGTHS)]
fn binary_whole(bencher: Bencher<'_, '_>, len: usize) {
    whole(bencher, &masked(BINARY, &vec![7; len]));
}

/// The same frame, again and again: each time it is masked anew, for it was unmasked in place.
fn whole(bencher: Bencher<'_, '_>, frame: &[u8]) {
    let mut reader = Reader::default();
    bencher.counter(BytesCount::new(frame.len())).with_inputs(|| frame.to_vec()).bench_local_refs(|input| {
        let (_, read) = reader.read(input);
        assert!(read.is_ok_and(|message| message.is_some()));
    });
}

/// A message of 64 KiB that was read in so many pieces.
#[divan::bench(args = [2, 16, 64])]
fn text_in_pieces(bencher: Bencher<'_, '_>, pieces: usize) {
    let frame = masked(TEXT, format!("4{}", event(65_536)).as_bytes());
    let mut reader = Reader::default();
    bencher.counter(BytesCount::new(frame.len())).with_inputs(|| frame.clone()).bench_local_refs(|input| {
        let mut messages = 0;
        for mut piece in input.chunks_mut(frame.len().div_ceil(pieces)) {
            while let (used, Ok(Some(Incoming::Text(_)))) = reader.read(piece) {
                messages += 1;
                piece = piece.get_mut(used..).unwrap_or_default();
            }
        }
        assert_eq!(messages, 1);
    });
}

/// Sixteen short messages of one read.
#[divan::bench]
fn sixteen_short(bencher: Bencher<'_, '_>) {
    let frames = masked(TEXT, format!("4{}", event(128)).as_bytes()).repeat(16);
    let mut reader = Reader::default();
    bencher.counter(BytesCount::new(frames.len())).with_inputs(|| frames.clone()).bench_local_refs(|input| {
        let (mut messages, mut rest) = (0, input.as_mut_slice());
        while let (used, Ok(Some(_))) = reader.read(rest) {
            messages += 1;
            rest = rest.get_mut(used..).unwrap_or_default();
        }
        assert_eq!(messages, 16);
    });
}
