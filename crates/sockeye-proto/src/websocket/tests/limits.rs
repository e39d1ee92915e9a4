//! Each limit at the bound and one above it, and the memory that a client can make a reader hold.

use super::*;

const LIMITS: Limits = Limits { max_message: 1000, max_fragments: 4 };

fn limited(input: &[u8]) -> Vec<Told> {
    let mut told = Vec::new();
    feed(&mut Reader::new(LIMITS), input.to_vec(), &mut told);
    told
}

#[test]
fn attack_14_a_message_is_as_long_as_the_limit_and_no_longer() {
    for opcode in [TEXT, BINARY] {
        for fits in [999, 1000] {
            assert_eq!(limited(&masked(FIN | opcode, &vec![b'x'; fits])).len(), 1);
        }
        for above in [1001, 10_000, u64::from(u32::MAX), u64::MAX] {
            let told = limited(&declared(FIN | opcode, above));
            assert_eq!(told, [Told::Failed(Violation::TooLong)], "by the header alone");
        }
    }
    assert_eq!(Violation::TooLong.code(), 1009);
}

#[test]
fn attack_14_fragments_share_the_limit() {
    let begun = masked(BINARY, &[0; 600]);
    let fits = [begun.clone(), masked(FIN | CONTINUATION, &[0; 400])].concat();
    assert_eq!(limited(&fits), [Told::Binary(vec![0; 1000])]);
    let above = [begun, declared(CONTINUATION, 401)].concat();
    assert_eq!(limited(&above), [Told::Failed(Violation::TooLong)]);
}

#[test]
fn attack_14_half_a_character_counts() {
    let begun = [masked(TEXT, &[b'x'; 999]), masked(CONTINUATION, b"\xc3")].concat();
    let above = [begun, declared(FIN | CONTINUATION, 1)].concat();
    assert_eq!(limited(&above), [Told::Failed(Violation::TooLong)]);
}

#[test]
fn attack_33_a_message_has_as_many_fragments_as_the_limit_and_no_more() {
    let fragments = |count: usize| {
        let mut input = masked(TEXT, b"x");
        (2..count).for_each(|_| input.extend(masked(CONTINUATION, b"")));
        input.extend(masked(FIN | CONTINUATION, b""));
        input
    };
    assert_eq!(limited(&fragments(4)), [text("x")]);
    assert_eq!(limited(&fragments(5)), [Told::Failed(Violation::TooManyFragments)]);
    assert_eq!(Violation::TooManyFragments.code(), 1009);
    let twice = [fragments(4), fragments(4)].concat();
    assert_eq!(limited(&twice), [text("x"), text("x")], "counted for each message anew");
}

#[test]
fn attack_34_pings_leave_nothing_behind() {
    let mut reader = Reader::default();
    let mut told = Vec::new();
    feed(&mut reader, masked(BINARY, b"begun"), &mut told);
    let held = reader.buffered();
    for _ in 0..1000 {
        for byte in masked(FIN | PING, &[0; 125]) {
            feed(&mut reader, vec![byte], &mut told);
        }
    }
    assert_eq!(told.len(), 1000);
    assert_eq!(reader.buffered(), held);
}

#[test]
fn a_declared_length_reserves_nothing() {
    let mut reader = Reader::default();
    let mut told = Vec::new();
    let mut frame = masked(FIN | BINARY, &vec![7; 1_000_000]);
    let rest = frame.split_off(14);
    feed(&mut reader, frame, &mut told);
    assert!(reader.buffered() < 100, "{} bytes for none received", reader.buffered());

    let mut received = 0;
    for piece in rest.chunks(1000) {
        received += piece.len();
        feed(&mut reader, piece.to_vec(), &mut told);
        assert!(reader.buffered() <= received * 9 / 8 + 8 * 1024 + 8, "{} of {received}", reader.buffered());
        assert!(reader.buffered() <= 1_000_000, "never more than was declared");
    }
    assert_eq!(told, [Told::Binary(vec![7; 1_000_000])]);
}

#[test]
fn an_idle_reader_keeps_no_memory() {
    let mut reader = Reader::default();
    let mut told = Vec::new();
    let cut = |frame: Vec<u8>| frame.chunks(7).map(<[u8]>::to_vec).collect::<Vec<_>>();
    for frame in [
        masked(FIN | TEXT, "ä".repeat(500).as_bytes()),
        masked(FIN | BINARY, &[0; 1000]),
        masked(FIN | PING, &[0; 100]),
        [masked(TEXT, b"a"), masked(FIN | CONTINUATION, b"b")].concat(),
    ] {
        for piece in cut(frame) {
            feed(&mut reader, piece, &mut told);
        }
        assert_eq!(reader.buffered(), 0);
    }
    assert_eq!(told.len(), 4);
}
