//! Our websocket framing and tungstenite's, over the same bytes: the same messages and the same verdict.
//!
//! Where both are right and yet differ:
//! - A close code that must not be sent: tungstenite hands out a close with 1002 in its place, we refuse the frame with
//!   1002. The peer sees the same.
//! - A frame with several faults of which one is its length: tungstenite looks at the length first (1009), we at the rest
//!   of the header (1002).
//! - An unfinished frame: tungstenite judges most of a frame when it is complete, we judge its header and its text as
//!   they come. So we may have refused where it still waits; never the other way round.
//! - Fragments: tungstenite does not count them, so the limit is off here.
#![cfg(feature = "websocket")]
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::io::{self, Read, Write};

use proptest::{prelude::*, sample};
use sockeye_proto::{
    Frame,
    websocket::{Incoming, Limits, Reader, close_frame, pong_frame, text_frame},
};
use tungstenite::{
    Error, Message, WebSocket,
    protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
};

/// Longest message on both sides.
const LIMIT: usize = 1000;

/// What a server learns from the bytes of a client.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    messages: Vec<Told>,
    verdict: Verdict,
}

#[derive(Debug, PartialEq, Eq)]
enum Told {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// All was legal so far.
    Waiting,
    Closed(Option<u16>),
    Refused(u16),
}

/// The bytes as they come from the network, some at a time; then nothing for now. What is written is kept.
struct Wire {
    input: Vec<u8>,
    cuts: Vec<usize>,
    output: Vec<u8>,
}

impl Wire {
    fn new(input: &[u8], cuts: &[usize]) -> Self {
        Self { input: input.to_vec(), cuts: cuts.to_vec(), output: Vec::new() }
    }

    fn next(&mut self, most: usize) -> Vec<u8> {
        let cut = self.cuts.pop().unwrap_or(usize::MAX);
        self.input.drain(..cut.max(1).min(most).min(self.input.len())).collect()
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.next(buffer.len());
        if piece.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

impl Write for Wire {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.output.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn ours(input: &[u8], cuts: &[usize]) -> Reading {
    let mut reader = Reader::new(Limits { max_message: LIMIT, max_fragments: usize::MAX });
    let mut wire = Wire::new(input, cuts);
    let mut messages = Vec::new();
    loop {
        let mut piece = wire.next(usize::MAX);
        if piece.is_empty() {
            return Reading { messages, verdict: Verdict::Waiting };
        }
        let mut rest = piece.as_mut_slice();
        loop {
            let (used, event) = reader.read(rest);
            match event {
                Ok(None) => break,
                Ok(Some(Incoming::Text(text))) => messages.push(Told::Text(text.to_owned())),
                Ok(Some(Incoming::Binary(bytes))) => messages.push(Told::Binary(bytes.to_owned())),
                Ok(Some(Incoming::Ping(payload))) => messages.push(Told::Ping(payload.to_owned())),
                Ok(Some(Incoming::Pong)) => messages.push(Told::Pong),
                Ok(Some(Incoming::Close(code))) => {
                    return Reading { messages, verdict: Verdict::Closed(code) };
                }
                Err(violation) => return Reading { messages, verdict: Verdict::Refused(violation.code()) },
            }
            rest = &mut rest[used..];
        }
    }
}

fn theirs(input: &[u8], cuts: &[usize]) -> Reading {
    let config = WebSocketConfig::default().max_message_size(Some(LIMIT)).max_frame_size(Some(LIMIT));
    read_by_tungstenite(Role::Server, config, Wire::new(input, cuts))
}

fn read_by_tungstenite(role: Role, config: WebSocketConfig, wire: Wire) -> Reading {
    let mut socket = WebSocket::from_raw_socket(wire, role, Some(config));
    let mut messages = Vec::new();
    let verdict = loop {
        match socket.read() {
            Ok(Message::Text(text)) => messages.push(Told::Text(text.as_str().to_owned())),
            Ok(Message::Binary(bytes)) => messages.push(Told::Binary(bytes.to_vec())),
            Ok(Message::Ping(payload)) => messages.push(Told::Ping(payload.to_vec())),
            Ok(Message::Pong(_)) => messages.push(Told::Pong),
            Ok(Message::Close(None)) => break Verdict::Closed(None),
            Ok(Message::Close(Some(CloseFrame { code: CloseCode::Protocol, reason })))
                if reason == REPLACED =>
            {
                break Verdict::Refused(1002);
            }
            Ok(Message::Close(Some(frame))) => break Verdict::Closed(Some(frame.code.into())),
            Ok(Message::Frame(frame)) => panic!("{frame:?}"),
            Err(Error::Io(fault)) if fault.kind() == io::ErrorKind::WouldBlock => break Verdict::Waiting,
            Err(Error::Protocol(_)) => break Verdict::Refused(1002),
            Err(Error::Utf8(_)) => break Verdict::Refused(1007),
            Err(Error::Capacity(_)) => break Verdict::Refused(1009),
            Err(fault) => panic!("{fault:?}"),
        }
    };
    Reading { messages, verdict }
}

/// The reason that tungstenite gives a close whose code must not be sent.
const REPLACED: &str = "Protocol violation";

/// Whether the two verdicts say the same, given what the head of this file explains.
fn agree(ours: Verdict, theirs: Verdict, unfinished: bool) -> bool {
    ours == theirs
        || (ours, theirs) == (Verdict::Refused(1002), Verdict::Refused(1009))
        || (unfinished && matches!((ours, theirs), (Verdict::Refused(_), Verdict::Waiting)))
}

/// A client's frame, legal or not.
#[derive(Clone, Debug)]
struct Spec {
    first: u8,
    payload: Vec<u8>,
    key: Option<[u8; 4]>,
    /// How many bytes longer than needed the length is written.
    stretched: u8,
}

impl Spec {
    fn bytes(&self) -> Vec<u8> {
        let mask_bit = if self.key.is_some() { 0x80 } else { 0 };
        let length = self.payload.len();
        let mut frame = vec![self.first];
        match (self.stretched, length) {
            (0, 0..=125) => frame.push(mask_bit | length as u8),
            (0 | 1, 0..=0xffff) => {
                frame.push(mask_bit | 126);
                frame.extend((length as u16).to_be_bytes());
            }
            _ => {
                frame.push(mask_bit | 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        let key = self.key.unwrap_or_default();
        frame.extend(self.key.iter().flatten());
        frame.extend(self.payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
        frame
    }
}

fn rarely<T: Clone + std::fmt::Debug + 'static>(usual: T, else_one_of: Vec<T>) -> impl Strategy<Value = T> {
    prop_oneof![30 => Just(usual), 1 => sample::select(else_one_of)]
}

fn data() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        10 => "\\PC{0,30}".prop_map(String::into_bytes),
        // Cuts in the middle of characters, which the next fragment may or may not complete.
        4 => sample::select(vec![&b"\xf0\x9f"[..], b"\xa6\x80", b"\xc3", b"\xa4", b"\xe2", b"\x82\xac", b"\xed\xa0"])
            .prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        2 => (0..LIMIT + 2).prop_map(|length| vec![b'x'; length]),
        1 => sample::select(vec![125, 126, LIMIT - 1, LIMIT, LIMIT + 1]).prop_map(|length| vec![b'y'; length]),
    ]
}

fn close() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![3 => Just(1000_u16), 2 => 990_u16..1020, 1 => sample::select(vec![2999, 3000, 4999, 5000])];
    let reason =
        prop_oneof![Just(Vec::new()), Just(b"bye".to_vec()), Just(b"\xff".to_vec()), Just(vec![b'r'; 124])];
    prop_oneof![
        1 => Just(Vec::new()),
        1 => Just(vec![3]),
        8 => (code, reason).prop_map(|(code, reason)| [&code.to_be_bytes()[..], &reason].concat()),
    ]
}

fn spec() -> impl Strategy<Value = Spec> {
    let data_opcode = sample::select(vec![0x00, 0x80, 0x80, 0x01, 0x81, 0x81, 0x02, 0x82]);
    let control = prop::collection::vec(any::<u8>(), 0..130);
    let content = prop_oneof![
        12 => (data_opcode, data()),
        4 => (sample::select(vec![0x89, 0x8a]), control),
        1 => (Just(0x88), close()),
        1 => (any::<u8>(), data()),
    ];
    let key = prop_oneof![30 => any::<[u8; 4]>().prop_map(Some), 1 => Just(None)];
    (content, key, rarely(0, vec![0x40, 0x20, 0x10]), rarely(0, vec![1, 2])).prop_map(
        |((first, payload), key, reserved, stretched)| Spec {
            first: first | reserved,
            payload,
            key,
            stretched,
        },
    )
}

/// Mostly legal messages in fragments, so that sequences run long before a fault ends them.
fn message() -> impl Strategy<Value = Vec<Spec>> {
    let fragments = prop::collection::vec((data(), any::<[u8; 4]>()), 1..5);
    (sample::select(vec![1, 2]), fragments).prop_map(|(opcode, fragments)| {
        let last = fragments.len() - 1;
        let frame = |(at, (payload, key)): (usize, (Vec<u8>, [u8; 4]))| {
            let fin = if at == last { 0x80 } else { 0 };
            let opcode = if at == 0 { opcode } else { 0 };
            Spec { first: fin | opcode, payload, key: Some(key), stretched: 0 }
        };
        fragments.into_iter().enumerate().map(frame).collect()
    })
}

fn sequence() -> impl Strategy<Value = Vec<Spec>> {
    let part = prop_oneof![3 => message(), 2 => spec().prop_map(|spec| vec![spec])];
    prop::collection::vec(part, 1..8).prop_map(|parts| parts.concat())
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1_usize..200, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whole_frames_are_read_alike(sequence in sequence(), cuts in cuts()) {
        let input = sequence.iter().flat_map(Spec::bytes).collect::<Vec<_>>();
        let (ours, theirs) = (ours(&input, &cuts), theirs(&input, &cuts));
        prop_assert_eq!(&ours.messages, &theirs.messages);
        prop_assert!(agree(ours.verdict, theirs.verdict, false), "{:?} {:?}", ours.verdict, theirs.verdict);
    }

    #[test]
    fn what_ends_anywhere_is_read_alike(sequence in sequence(), end in any::<sample::Index>(), cuts in cuts()) {
        let mut input = sequence.iter().flat_map(Spec::bytes).collect::<Vec<_>>();
        input.truncate(end.index(input.len()));
        let (ours, theirs) = (ours(&input, &cuts), theirs(&input, &cuts));
        prop_assert_eq!(&ours.messages, &theirs.messages);
        prop_assert!(agree(ours.verdict, theirs.verdict, true), "{:?} {:?}", ours.verdict, theirs.verdict);
    }

    #[test]
    fn arbitrary_bytes_are_read_alike(input in prop::collection::vec(any::<u8>(), 0..200), cuts in cuts()) {
        let (ours, theirs) = (ours(&input, &cuts), theirs(&input, &cuts));
        prop_assert_eq!(&ours.messages, &theirs.messages);
        prop_assert!(agree(ours.verdict, theirs.verdict, true), "{:?} {:?}", ours.verdict, theirs.verdict);
    }

    #[test]
    fn what_their_client_sends_we_read(messages in prop::collection::vec(("\\PC{0,200}", any::<bool>()), 1..6), cuts in cuts()) {
        let mut client = WebSocket::from_raw_socket(Wire::new(&[], &[]), Role::Client, None);
        let mut expected = Vec::new();
        for (text, binary) in messages {
            let bytes = text.clone().into_bytes();
            client.send(if binary { Message::from(bytes.clone()) } else { Message::from(text.clone()) }).unwrap();
            expected.push(if binary { Told::Binary(bytes) } else { Told::Text(text) });
        }
        client.close(None).unwrap();
        let reading = ours(&client.get_ref().output, &cuts);
        prop_assert_eq!(reading, Reading { messages: expected, verdict: Verdict::Closed(None) });
    }

    #[test]
    fn what_we_send_their_client_reads(
        messages in prop::collection::vec(("\\PC{0,200}", any::<bool>()), 1..6),
        code in prop_oneof![Just(None), Just(Some(1000)), Just(Some(1009))],
        cuts in cuts(),
    ) {
        let mut output = text_frame("2probe").to_vec();
        let mut expected = vec![Told::Text("2probe".to_owned())];
        for (text, binary) in messages {
            let frame = if binary { Frame::binary(text.as_bytes()) } else { Frame::text(&text) };
            output.extend_from_slice(frame.websocket());
            expected.push(if binary { Told::Binary(text.into_bytes()) } else { Told::Text(format!("4{text}")) });
        }
        output.extend_from_slice(&pong_frame(b"payload"));
        expected.push(Told::Pong);
        output.extend_from_slice(&close_frame(code));
        let reading = read_by_tungstenite(Role::Client, WebSocketConfig::default(), Wire::new(&output, &cuts));
        prop_assert_eq!(reading, Reading { messages: expected, verdict: Verdict::Closed(code) });
    }
}
