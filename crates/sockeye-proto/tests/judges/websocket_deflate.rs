//! What a client writes on its websocket where compression was agreed on, behind one byte that says in pieces of which
//! length it arrives and whether the client keeps its window.

use sockeye_proto::websocket::{
    Incoming, Limits, Reader,
    deflate::{Inflater, PermessageDeflate},
};

const LIMITS: Limits = Limits { max_message: 2_000, max_fragments: 4 };

/// What the reader and the inflater reserve ahead of a message of that length.
const AHEAD: usize = 10 * 1024;

pub(crate) fn judge(data: &[u8]) {
    let Some((first, frames)) = data.split_first() else { return };
    let keeps = first % 2 == 1;
    let whole = read(frames, frames.len(), keeps);
    assert_eq!(read(frames, usize::from(first / 2), keeps), whole, "the same bytes in other pieces");
    for message in whole.iter().flatten() {
        assert!(message.len() <= LIMITS.max_message);
    }
    let ends = whole.iter().position(Result::is_err).map_or(whole.len(), |at| at + 1);
    assert_eq!(whole.len(), ends, "something came behind the end");
}

/// Messages, and the code of the close frame if one is due.
fn read(input: &[u8], piece: usize, keeps: bool) -> Vec<Result<Vec<u8>, u16>> {
    let settings = PermessageDeflate { client_context_takeover: keeps, ..PermessageDeflate::default() };
    let agreed = settings.negotiate(["permessage-deflate"]);
    let Ok(Some(agreed)) = agreed else { panic!("an offer that can be kept: {agreed:?}") };
    let mut reader = Reader::new(LIMITS).with_inflater(Inflater::new(&agreed));
    let mut told = Vec::new();
    for piece in input.chunks(piece.max(1)) {
        let mut piece = piece.to_vec();
        let mut rest = piece.as_mut_slice();
        loop {
            let (used, event) = reader.read(rest);
            match event {
                Ok(Some(Incoming::Text(text))) => told.push(Ok(text.as_bytes().to_vec())),
                Ok(Some(Incoming::Binary(bytes))) => told.push(Ok(bytes.to_vec())),
                Ok(Some(Incoming::Close(_))) => return told,
                Ok(Some(_)) => {}
                Ok(None) => {
                    assert_eq!(used, rest.len(), "something is left over");
                    break;
                }
                Err(violation) => {
                    assert!([1002, 1007, 1009].contains(&violation.code()));
                    told.push(Err(violation.code()));
                    return told;
                }
            }
            assert!(reader.buffered() <= LIMITS.max_message + AHEAD, "{} bytes", reader.buffered());
            rest = rest.split_at_mut(used).1;
        }
    }
    told
}
