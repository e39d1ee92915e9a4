//! permessage-deflate, without contexts, as is agreed by default.

use std::sync::Arc;

use divan::{Bencher, counter::BytesCount};
use sockeye_bench::order::Order;
use sockeye_proto::{
    Frame,
    deflate::Pool,
    websocket::{
        Incoming, Limits, Reader,
        deflate::{Agreed, Deflater, Inflater, PermessageDeflate},
    },
};

use crate::frames::{RSV1, TEXT, masked};

/// A list of orders, in one go.
#[divan::bench(args = [4_096, 65_536])]
fn deflate(bencher: Bencher<'_, '_>, len: usize) {
    let Some(agreed) = agreed() else { return };
    let frame = Frame::text(&orders(len));
    let mut deflater = Deflater::new(&agreed, Arc::new(Pool::new(3, 4)));
    bencher.counter(BytesCount::new(len)).bench_local(|| deflater.step(&frame, usize::MAX));
}

#[divan::bench(args = [4_096, 65_536])]
fn inflate(bencher: Bencher<'_, '_>, len: usize) {
    let Some(agreed) = agreed() else { return };
    let mut deflater = Deflater::new(&agreed, Arc::new(Pool::new(3, 4)));
    let Some(compressed) = deflater.step(&Frame::text(&orders(len)), usize::MAX) else { return };
    // What a client sends is masked; the frame of a server is not, so its payload is taken out of it.
    let frame = masked(RSV1 | TEXT, compressed.websocket().get(4..).unwrap_or_default());
    let mut reader = Reader::new(Limits::default()).with_inflater(Inflater::new(&agreed));
    bencher.counter(BytesCount::new(len)).with_inputs(|| frame.clone()).bench_local_refs(|input| {
        let (_, message) = reader.read(input);
        assert!(matches!(message, Ok(Some(Incoming::Text(_)))));
    });
}

fn agreed() -> Option<Agreed> {
    PermessageDeflate::default().negotiate(["permessage-deflate"]).ok().flatten()
}

fn orders(len: usize) -> String {
    let order = serde_json::to_string(&Order::sample()).unwrap_or_default();
    let mut orders = order.repeat(len.div_ceil(order.len()));
    orders.truncate(len);
    orders
}
