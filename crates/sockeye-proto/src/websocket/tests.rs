//! What the reader accepts, refuses and keeps. `splits` has arbitrary bytes and arbitrary cuts.

use super::*;

mod limits;
mod splits;

/// What a reader told, by value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
    Failed(Violation),
}

impl From<Incoming<'_>> for Told {
    fn from(incoming: Incoming<'_>) -> Self {
        match incoming {
            Incoming::Text(text) => Self::Text(text.to_owned()),
            Incoming::Binary(bytes) => Self::Binary(bytes.to_owned()),
            Incoming::Ping(payload) => Self::Ping(payload.to_owned()),
            Incoming::Pong => Self::Pong,
            Incoming::Close(code) => Self::Close(code),
        }
    }
}

/// Feeds one piece of input and appends what it tells.
fn feed(reader: &mut Reader, mut input: Vec<u8>, told: &mut Vec<Told>) {
    let mut rest = input.as_mut_slice();
    loop {
        let (used, event) = reader.read(rest);
        match event {
            Ok(Some(incoming)) => told.push(incoming.into()),
            Ok(None) => {
                assert_eq!(used, rest.len(), "nothing is left over");
                return;
            }
            Err(violation) => {
                if !told.contains(&Told::Failed(violation)) {
                    told.push(Told::Failed(violation));
                }
                return;
            }
        }
        rest = &mut rest[used..];
    }
}

/// What the whole input tells, read at once.
fn read(input: &[u8]) -> Vec<Told> {
    let mut told = Vec::new();
    feed(&mut Reader::default(), input.to_vec(), &mut told);
    told
}

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
const FIN: u8 = 0x80;

/// A masked frame with the shortest form of its length.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = declared(first, payload.len() as u64);
    frame.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// The header of a masked frame, whatever follows.
fn declared(first: u8, length: u64) -> Vec<u8> {
    let mut header = vec![first];
    match length {
        0..=125 => header.push(0x80 | length as u8),
        126..=0xffff => {
            header.push(0x80 | 126);
            header.extend((length as u16).to_be_bytes());
        }
        _ => {
            header.push(0x80 | 127);
            header.extend(length.to_be_bytes());
        }
    }
    header.extend(KEY);
    header
}

fn text(text: &str) -> Told {
    Told::Text(text.to_owned())
}

#[test]
fn whole_messages_are_read_at_every_form_of_length() {
    for length in [0, 1, 125, 126, 127, 65_535, 65_536, 100_000] {
        let payload = "m".repeat(length);
        assert_eq!(read(&masked(FIN | TEXT, payload.as_bytes())), [text(&payload)], "{length}");
        assert_eq!(read(&masked(FIN | BINARY, payload.as_bytes())), [Told::Binary(payload.into_bytes())]);
    }
}

#[test]
fn a_whole_message_is_lent_from_the_input() {
    let mut input = masked(FIN | TEXT, b"hello");
    let place = input[6..].as_ptr();
    let mut reader = Reader::default();
    let (used, event) = reader.read(&mut input);
    let Ok(Some(Incoming::Text(message))) = event else { panic!("{event:?}") };
    assert_eq!((used, message, message.as_ptr()), (11, "hello", place));
    assert_eq!(reader.buffered(), 0);
}

#[test]
fn a_longer_form_of_the_length_than_needed_is_taken() {
    let mut frame = vec![FIN | BINARY, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 1];
    frame.extend([0, 0, 0, 0, 7]);
    assert_eq!(read(&frame), [Told::Binary(vec![7])]);
}

#[test]
fn control_frames_are_read() {
    assert_eq!(read(&masked(FIN | PING, b"are you there")), [Told::Ping(b"are you there".to_vec())]);
    assert_eq!(read(&masked(FIN | PONG, b"unasked")), [Told::Pong]);
    assert_eq!(read(&masked(FIN | CLOSE, b"")), [Told::Close(None)]);
    assert_eq!(read(&masked(FIN | CLOSE, b"\x03\xe8bye \xc3\xa4")), [Told::Close(Some(1000))]);
}

#[test]
fn control_frames_may_come_between_fragments() {
    let input = [
        masked(TEXT, b"one "),
        masked(FIN | PING, b"p"),
        masked(CONTINUATION, b""),
        masked(FIN | PONG, b""),
        masked(FIN | CONTINUATION, b"message"),
        masked(FIN | TEXT, b"next"),
    ];
    let expected = [Told::Ping(b"p".to_vec()), Told::Pong, text("one message"), text("next")];
    assert_eq!(read(&input.concat()), expected);
}

#[test]
fn characters_may_be_cut_by_fragments() {
    for (at, _) in "aä€🦀z".bytes().enumerate() {
        let (front, back) = "aä€🦀z".as_bytes().split_at(at);
        let input = [masked(TEXT, front), masked(FIN | CONTINUATION, back)].concat();
        assert_eq!(read(&input), [text("aä€🦀z")]);
    }
}

#[test]
fn frames_that_break_the_protocol_are_refused() {
    let mut unmasked = masked(FIN | TEXT, b"x");
    unmasked[1] &= 0x7f;
    let cases = [
        (unmasked, Violation::Unmasked),
        (masked(FIN | 0x40 | TEXT, b"x"), Violation::ReservedBit),
        (masked(FIN | 0x20 | TEXT, b"x"), Violation::ReservedBit),
        (masked(FIN | 0x10 | PING, b"x"), Violation::ReservedBit),
        (masked(FIN | 0x3, b"x"), Violation::UnknownOpcode),
        (masked(FIN | 0xb, b"x"), Violation::UnknownOpcode),
        (masked(PING, b"x"), Violation::FragmentedControl),
        (masked(CLOSE, b""), Violation::FragmentedControl),
        (masked(FIN | PING, &[b'x'; 126]), Violation::LongControl),
        (declared(FIN | CLOSE, u64::MAX), Violation::LongControl),
        (masked(FIN | CONTINUATION, b"x"), Violation::UnexpectedContinuation),
        (masked(CONTINUATION, b"x"), Violation::UnexpectedContinuation),
        ([masked(TEXT, b"x"), masked(FIN | TEXT, b"y")].concat(), Violation::UnfinishedMessage),
        ([masked(TEXT, b""), masked(BINARY, b"y")].concat(), Violation::UnfinishedMessage),
        (masked(FIN | CLOSE, b"\x03"), Violation::MalformedClose),
    ];
    for (input, violation) in cases {
        assert_eq!(read(&input), [Told::Failed(violation)]);
        assert_eq!(violation.code(), 1002);
    }
    assert_eq!(read(&masked(FIN | PING, &[b'x'; 125])), [Told::Ping(vec![b'x'; 125])], "the longest");
}

#[test]
fn close_codes_are_those_that_may_be_sent() {
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999] {
        assert_eq!(read(&masked(FIN | CLOSE, &u16::to_be_bytes(code))), [Told::Close(Some(code))]);
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
        let told = read(&masked(FIN | CLOSE, &u16::to_be_bytes(code)));
        assert_eq!(told, [Told::Failed(Violation::MalformedClose)], "{code}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    let refused = [Told::Failed(Violation::InvalidUtf8)];
    for bad in
        [&b"\xff"[..], b"a\x80", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe2\x82"]
    {
        assert_eq!(read(&masked(FIN | TEXT, bad)), refused);
        assert_eq!(read(&[masked(TEXT, b"ok"), masked(FIN | CONTINUATION, bad)].concat()), refused);
        assert_eq!(read(&[masked(TEXT, bad), masked(FIN | CONTINUATION, b"ok")].concat()), refused);
        assert_eq!(read(&masked(FIN | CLOSE, &[&[0x03, 0xe8], bad].concat())), refused);
    }
    assert_eq!(Violation::InvalidUtf8.code(), 1007);
}

#[test]
fn a_wrong_byte_is_found_before_the_message_ends() {
    let unfinished = masked(TEXT, b"fine\xff");
    assert_eq!(read(&unfinished), [Told::Failed(Violation::InvalidUtf8)]);
    let frame = masked(FIN | TEXT, &[b"\xf0\x9f".as_slice(), &[b'x'; 100]].concat());
    assert_eq!(read(&frame[..12]), [Told::Failed(Violation::InvalidUtf8)], "in an unfinished frame");
}

#[test]
fn nothing_comes_after_a_close() {
    let input = [masked(FIN | CLOSE, b"\x03\xe8"), masked(FIN | TEXT, b"late"), b"garbage".to_vec()].concat();
    assert_eq!(read(&input), [Told::Close(Some(1000))]);
}

#[test]
fn a_violation_is_final() {
    let mut reader = Reader::default();
    let mut told = Vec::new();
    feed(&mut reader, masked(TEXT, b"begun"), &mut told);
    feed(&mut reader, masked(FIN | TEXT, b"x"), &mut told);
    let mut input = masked(FIN | CONTINUATION, b"x");
    let (used, event) = reader.read(&mut input);
    assert_eq!((used, event), (7, Err(Violation::UnfinishedMessage)));
    assert_eq!(reader.buffered(), 0, "what had been kept is freed");
}

#[test]
fn a_server_frames_what_it_sends_beside_messages() {
    assert_eq!(&close_frame(None)[..], b"\x88\x00");
    assert_eq!(&close_frame(Some(1009))[..], b"\x88\x02\x03\xf1");
    assert_eq!(&pong_frame(b"payload")[..], b"\x8a\x07payload");
    assert_eq!(pong_frame(&[0; 126]).len(), 2 + 125);
    assert_eq!(&text_frame("3probe")[..], b"\x81\x063probe");
    assert!(text_frame(&"x".repeat(300)).starts_with(b"\x81\x7e\x01\x2cxxx"));
}
