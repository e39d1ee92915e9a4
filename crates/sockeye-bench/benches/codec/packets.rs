//! Packets of Socket.IO: decoded, with the argument scanner, and encoded into their frame.

use std::{sync::Arc, time::Instant};

use divan::{Bencher, black_box, counter::BytesCount};
use sockeye_bench::order::Order;
use sockeye_proto::{
    engine::MessageRef,
    socket::{Incoming, Mux, MuxConfig, encode::EventWriter},
};

use crate::{LENGTHS, event};

#[divan::bench(args = LENGTHS)]
fn decode_event(bencher: Bencher<'_, '_>, len: usize) {
    decoded(bencher, &event(len));
}

/// Numbers, escapes and nesting, which the scanner has to walk through.
#[divan::bench]
fn decode_object(bencher: Bencher<'_, '_>) {
    decoded(bencher, &format!("2[\"typed\",{}]", order()));
}

#[divan::bench]
fn decode_with_namespace_and_ack(bencher: Bencher<'_, '_>) {
    decoded(bencher, &format!("2/chat,17{}", event(128).trim_start_matches('2')));
}

/// A packet and its attachment, put together.
#[divan::bench]
fn decode_binary(bencher: Bencher<'_, '_>) {
    let (mut mux, now) = joined();
    let packet = r#"51-["bin",{"_placeholder":true,"num":0}]"#;
    bencher.bench_local(|| {
        let head = mux.handle(MessageRef::Text(black_box(packet)), now);
        assert!(head.is_ok_and(|event| event.is_none()));
        let whole = mux.handle(MessageRef::Binary(black_box(&[7; 1024])), now);
        assert!(whole.is_ok_and(|event| event.is_some()));
    });
}

fn decoded(bencher: Bencher<'_, '_>, packet: &str) {
    let (mut mux, now) = joined();
    bencher.counter(BytesCount::new(packet.len())).bench_local(|| {
        let event = mux.handle(MessageRef::Text(black_box(packet)), now);
        assert!(event.is_ok_and(|event| event.is_some()));
    });
}

/// Of a client that is in `/` and in `/chat`.
fn joined() -> (Mux, Instant) {
    let now = Instant::now();
    let mut mux = Mux::new(Arc::new(MuxConfig::default()), now);
    for packet in ["0", "0/chat,"] {
        if let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(MessageRef::Text(packet), now) {
            mux.admitted(slot);
        }
    }
    (mux, now)
}

/// A string into the frame that goes on the wire.
#[divan::bench(args = LENGTHS)]
fn encode_event(bencher: Bencher<'_, '_>, len: usize) {
    let text = "x".repeat(len);
    bencher.counter(BytesCount::new(len)).bench(|| {
        let mut writer = EventWriter::event("/", None, "echo");
        assert!(writer.arg(black_box(&text)).is_ok());
        writer.finish()
    });
}

#[divan::bench]
fn encode_object(bencher: Bencher<'_, '_>) {
    let sample = Order::sample();
    bencher.counter(BytesCount::new(order().len())).bench(|| {
        let mut writer = EventWriter::event("/", None, "typed");
        assert!(writer.arg(black_box(&sample)).is_ok());
        writer.finish()
    });
}

fn order() -> String {
    serde_json::to_string(&Order::sample()).unwrap_or_default()
}
