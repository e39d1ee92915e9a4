//! What a client writes on its websocket, behind one byte that says in pieces of which length it arrives.

use sockeye_proto::websocket::{Incoming, Limits, Reader, Violation};

/// Close to what a fuzzer can reach.
const LIMITS: Limits = Limits { max_message: 1_000, max_fragments: 4 };

/// What the reader reserves ahead of a short message, and the longest control frame.
const AHEAD: usize = 8 * 1024 + 125;

/// What a reader told, by value.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
    Failed(Violation),
}

pub(crate) fn judge(data: &[u8]) {
    let Some((piece, frames)) = data.split_first() else { return };
    let whole = read(frames, frames.len());
    assert_eq!(read(frames, usize::from(*piece)), whole, "the same bytes in other pieces");
    for told in &whole {
        match told {
            Told::Text(text) => assert!(text.len() <= LIMITS.max_message),
            Told::Binary(bytes) => assert!(bytes.len() <= LIMITS.max_message),
            Told::Ping(payload) => assert!(payload.len() <= 125),
            Told::Failed(violation) => assert!([1002, 1007, 1009].contains(&violation.code())),
            Told::Pong | Told::Close(_) => {}
        }
    }
    let over = |told: &Told| matches!(told, Told::Close(_) | Told::Failed(_));
    let ends = whole.iter().position(over).map_or(whole.len(), |at| at + 1);
    assert_eq!(whole.len(), ends, "something came behind the end");
}

fn read(input: &[u8], piece: usize) -> Vec<Told> {
    let (mut reader, mut told, mut fed) = (Reader::new(LIMITS), Vec::new(), 0);
    for piece in input.chunks(piece.max(1)) {
        let mut piece = piece.to_vec();
        fed += piece.len();
        let mut rest = piece.as_mut_slice();
        loop {
            let (used, event) = reader.read(rest);
            let event = match event {
                Ok(Some(Incoming::Text(text))) => Told::Text(text.to_owned()),
                Ok(Some(Incoming::Binary(bytes))) => Told::Binary(bytes.to_owned()),
                Ok(Some(Incoming::Ping(payload))) => Told::Ping(payload.to_owned()),
                Ok(Some(Incoming::Pong)) => Told::Pong,
                Ok(Some(Incoming::Close(code))) => Told::Close(code),
                Ok(None) => {
                    assert_eq!(used, rest.len(), "something is left over");
                    break;
                }
                Err(violation) => {
                    final_is(&mut reader, Err(violation));
                    told.push(Told::Failed(violation));
                    return told;
                }
            };
            assert!(reader.buffered() <= fed + fed / 8 + AHEAD, "memory ahead of what came");
            let closed = matches!(event, Told::Close(_));
            told.push(event);
            if closed {
                final_is(&mut reader, Ok(()));
                return told;
            }
            rest = rest.split_at_mut(used).1;
        }
    }
    told
}

/// Whatever follows the end is swallowed, and nothing is held.
fn final_is(reader: &mut Reader, end: Result<(), Violation>) {
    for _ in 0..2 {
        let mut more = *b"\x81\x80\x00\x00\x00\x00more";
        let (used, event) = reader.read(&mut more);
        assert_eq!((used, event.map(|event| event.is_none())), (more.len(), end.map(|()| true)));
        assert_eq!(reader.buffered(), 0, "memory behind the end");
    }
}
