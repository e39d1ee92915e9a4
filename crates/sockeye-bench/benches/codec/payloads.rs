//! Bodies of polling.

use divan::{Bencher, black_box, counter::BytesCount};
use sockeye_proto::{Frame, Outbox, engine::Packet, engine::payload, outbox::Bounds};

use crate::event;

/// The packets of a POST.
#[divan::bench(args = [1, 16, 64])]
fn post(bencher: Bencher<'_, '_>, packets: usize) {
    let body = vec![format!("4{}", event(128)); packets].join("\x1e");
    bencher.counter(BytesCount::new(body.len())).bench(|| {
        let parsed = payload::packets(black_box(body.as_bytes())).map(|packet| Packet::parse(packet).is_ok());
        assert_eq!(parsed.filter(|whole| *whole).count(), packets);
    });
}

/// The answer to a GET, of events that were framed for a websocket.
#[divan::bench(args = [1, 16, 64])]
fn get(bencher: Bencher<'_, '_>, packets: usize) {
    answer(bencher, &Frame::text(&event(128)), packets);
}

/// Attachments become base64.
#[divan::bench(args = [1, 16])]
fn get_binary(bencher: Bencher<'_, '_>, packets: usize) {
    answer(bencher, &Frame::binary(&[7; 1024]), packets);
}

fn answer(bencher: Bencher<'_, '_>, frame: &Frame, packets: usize) {
    let queued = || {
        let outbox = Outbox::new(Bounds::default());
        (0..packets).for_each(|_| assert!(outbox.push(frame.clone().into()).is_ok()));
        outbox
    };
    let bytes = BytesCount::new(frame.polling_len() * packets);
    bencher.counter(bytes).with_inputs(queued).bench_local_refs(|outbox| {
        let mut body = Vec::new();
        outbox.take_polling(usize::MAX, &mut body);
        body
    });
}
