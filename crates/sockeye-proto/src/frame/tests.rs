//! Both forms of a frame, at each length where the header changes.

use std::io::Write as _;

use super::*;

/// Around every change of the header's form.
const LENGTHS: [usize; 10] = [0, 1, 123, 124, 125, 126, 127, 65_534, 65_535, 65_536];

#[test]
fn text_carries_its_packet_type_and_binary_does_not() {
    let text = Frame::text("2[\"hi\"]");
    assert_eq!(text.websocket(), b"\x81\x0842[\"hi\"]");
    assert_eq!(text.message(), b"2[\"hi\"]");
    assert!(!text.is_binary());

    let binary = Frame::binary(&[1, 2, 3]);
    assert_eq!(binary.websocket(), b"\x82\x03\x01\x02\x03");
    assert_eq!(binary.message(), [1, 2, 3]);
    assert!(binary.is_binary());
}

#[test]
fn the_message_is_found_behind_every_header() {
    for length in LENGTHS {
        let body = "x".repeat(length);
        assert_eq!(Frame::text(&body).message(), body.as_bytes());
        assert_eq!(Frame::binary(body.as_bytes()).message(), body.as_bytes());
    }
}

#[test]
fn polling_writes_text_as_it_is_and_binary_as_base64() {
    let mut out = b"before".to_vec();
    Frame::text("hello").write_polling(&mut out);
    Frame::binary(&[1, 2, 3]).write_polling(&mut out);
    Frame::binary(&[1]).write_polling(&mut out);
    Frame::binary(&[]).write_polling(&mut out);
    assert_eq!(out, b"before4hellobAQIDbAQ==b");
}

#[test]
fn polling_len_is_what_is_written() {
    for length in 0..200 {
        let body = "y".repeat(length);
        for frame in [Frame::text(&body), Frame::binary(body.as_bytes())] {
            let mut out = Vec::new();
            frame.write_polling(&mut out);
            assert_eq!(out.len(), frame.polling_len());
        }
    }
}

#[test]
fn a_built_frame_equals_one_made_at_once() {
    for length in LENGTHS {
        for (room, prefix) in [(0, ""), (0, "2/chat,"), (7, "2/chat,"), (64, "2/chat,"), (64, "")] {
            let body = "z".repeat(length);
            let mut builder = FrameBuilder::with_prefix(room);
            assert!(builder.is_empty());
            builder.write_all(body.as_bytes()).expect("memory takes everything");
            assert_eq!(builder.len(), length);
            assert_eq!(builder.finish(prefix.as_bytes()), Frame::text(&format!("{prefix}{body}")));
        }
    }
}

#[test]
fn a_frame_weighs_what_it_counts_however_large_it_is() {
    for length in [1, 20_000, 60_000, 70_000, 300_000] {
        let mut builder = FrameBuilder::with_prefix(22);
        builder.extend("x".repeat(length).as_bytes());
        let frame = builder.finish(b"2");
        assert_eq!(frame.message().len(), length + 1);
        let spare = Vec::from(frame.bytes).capacity() - (length + 1);
        assert!(spare < 64, "{spare} bytes beside {length}");
    }
}

#[test]
fn a_builder_takes_back_what_did_not_belong() {
    let mut builder = FrameBuilder::with_prefix(4);
    builder.extend(b"[1,oops");
    builder.truncate(2);
    builder.extend(b"]");
    builder.truncate(100);
    assert_eq!(builder.finish(b"2"), Frame::text("2[1]"));
}

#[test]
fn debug_output_keeps_the_message_to_itself() {
    assert_eq!(format!("{:?}", Frame::text("secret")), "Frame { binary: false, len: 9 }");
}

#[cfg(feature = "websocket")]
#[test]
fn headers_are_those_of_the_websocket_library() {
    use tungstenite::protocol::frame::{FrameHeader, coding::OpCode};

    for (ours, theirs) in [(Opcode::Text, 1), (Opcode::Binary, 2), (Opcode::Close, 8), (Opcode::Pong, 10)] {
        for length in LENGTHS.into_iter().chain([usize::try_from(u32::MAX).unwrap()]) {
            let mut expected = Vec::new();
            let header = FrameHeader { opcode: OpCode::from(theirs), ..FrameHeader::default() };
            header.format(length as u64, &mut expected).unwrap();
            assert_eq!(Header::new(ours, length).as_slice(), expected);
        }
    }
}
