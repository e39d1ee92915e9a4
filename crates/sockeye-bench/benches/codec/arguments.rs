//! Arguments, read into the type that a handler asks for.

use bytes::Bytes;
use divan::{Bencher, black_box, counter::BytesCount};
use serde_json::{Value, value::RawValue};
use sockeye_bench::order::Order;
use sockeye_proto::socket::Arguments;

/// An object of about 512 bytes, straight into its struct.
#[divan::bench]
fn object_typed(bencher: Bencher<'_, '_>) {
    read::<Order>(bencher);
}

/// The same into a tree, as a comparison.
#[divan::bench]
fn object_as_value(bencher: Bencher<'_, '_>) {
    read::<Value>(bencher);
}

#[divan::bench]
fn object_raw(bencher: Bencher<'_, '_>) {
    read::<Box<RawValue>>(bencher);
}

fn read<T: serde::de::DeserializeOwned>(bencher: Bencher<'_, '_>) {
    let text = serde_json::to_string(&[Order::sample()]).unwrap_or_default();
    let arguments = Arguments::json(&text).unwrap_or_default();
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        let read = black_box(&arguments).deserialize_first::<T>();
        assert!(read.is_ok());
        read
    });
}

#[divan::bench]
fn tuple(bencher: Bencher<'_, '_>) {
    let arguments = Arguments::json(r#"["lobby",17,true]"#).unwrap_or_default();
    bencher.bench(|| {
        let read = black_box(&arguments).deserialize_tuple::<(String, u32, bool)>();
        assert!(read.is_ok());
        read
    });
}

/// Bytes in place of their placeholder, shared.
#[divan::bench]
fn attachment(bencher: Bencher<'_, '_>) {
    let bytes = vec![Bytes::from_static(&[7; 1024])];
    let arguments = Arguments::with_attachments(r#"[{"_placeholder":true,"num":0}]"#, bytes);
    let arguments = arguments.unwrap_or_default();
    bencher.bench(|| {
        let read = black_box(&arguments).deserialize_first::<Bytes>();
        assert!(read.is_ok());
        read
    });
}
