//! Arbitrary bytes, and the same bytes cut in arbitrary places.

use proptest::{prelude::*, sample};

use super::*;

/// A frame that mostly is a legal one.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        20 => sample::select(vec![FIN | TEXT, FIN | BINARY, TEXT, BINARY, CONTINUATION, FIN | CONTINUATION]),
        6 => sample::select(vec![FIN | PING, FIN | PONG]),
        1 => Just(FIN | CLOSE),
        1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        6 => "\\PC{0,40}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..200),
        1 => prop::collection::vec(any::<u8>(), 65_500..65_600),
    ];
    (first, payload).prop_map(|(first, payload)| masked(first, &payload))
}

/// Text whose fragments and control frames are legal, so that a whole conversation is read.
fn conversation() -> impl Strategy<Value = (Vec<u8>, Vec<Told>)> {
    let message = ("\\PC{0,30}", any::<bool>(), prop::collection::vec((0_usize..100, any::<bool>()), 0..5));
    prop::collection::vec(message, 1..6).prop_map(|messages| {
        let (mut input, mut told) = (Vec::new(), Vec::new());
        for (message, binary, fragments) in messages {
            let mut rest = message.as_bytes();
            let mut opcode = if binary { BINARY } else { TEXT };
            for (length, ping) in fragments {
                let (front, back) = rest.split_at(length.min(rest.len()));
                input.extend(masked(opcode, front));
                if ping {
                    input.extend(masked(FIN | PING, front.get(..125).unwrap_or(front)));
                    told.push(Told::Ping(front.get(..125).unwrap_or(front).to_vec()));
                }
                (rest, opcode) = (back, CONTINUATION);
            }
            input.extend(masked(FIN | opcode, rest));
            told.push(if binary { Told::Binary(message.into_bytes()) } else { Told::Text(message) });
        }
        (input, told)
    })
}

fn cut(reader: &mut Reader, input: &[u8], cuts: &[usize]) -> Vec<Told> {
    let mut told = Vec::new();
    let mut rest = input;
    for cut in cuts {
        let (piece, behind) = rest.split_at((*cut).min(rest.len()));
        feed(reader, piece.to_vec(), &mut told);
        rest = behind;
    }
    feed(reader, rest.to_vec(), &mut told);
    told
}

proptest! {
    #[test]
    fn attack_30_arbitrary_bytes_never_panic(
        input in prop::collection::vec(any::<u8>(), 0..300),
        cuts in prop::collection::vec(0_usize..20, 0..20),
    ) {
        let whole = read(&input);
        prop_assert_eq!(cut(&mut Reader::default(), &input, &cuts), whole);
    }

    #[test]
    fn any_cut_of_any_frames_tells_the_same(
        frames in prop::collection::vec(frame(), 1..8),
        cuts in prop::collection::vec(0_usize..300, 0..40),
    ) {
        let input = frames.concat();
        prop_assert_eq!(cut(&mut Reader::default(), &input, &cuts), read(&input));
    }

    #[test]
    fn a_conversation_is_read_as_it_was_meant(
        (input, expected) in conversation(),
        cuts in prop::collection::vec(0_usize..40, 0..40),
    ) {
        prop_assert_eq!(&read(&input), &expected);
        let mut reader = Reader::default();
        prop_assert_eq!(&cut(&mut reader, &input, &cuts), &expected);
        prop_assert_eq!(reader.buffered(), 0);
        let mut told = Vec::new();
        input.iter().for_each(|byte| feed(&mut reader, vec![*byte], &mut told));
        prop_assert_eq!(&told, &expected, "byte by byte");
    }
}
