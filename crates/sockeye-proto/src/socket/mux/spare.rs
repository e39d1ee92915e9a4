//! Room for a packet that waits for its attachments, passed on from one to the next.

use std::cell::Cell;

use super::{Assembly, Slot};

thread_local! {
    /// One, with nothing in it. A session keeps none: most packets have no attachments, and those of the others mostly
    /// come with their packet in one read.
    static SPARE: Cell<Option<Box<Assembly<Slot>>>> = const { Cell::new(None) };
}

/// Puts it into the spare room, or into a new one.
pub(super) fn fill(assembly: Assembly<Slot>) -> Box<Assembly<Slot>> {
    // The thread may be ending.
    match SPARE.try_with(Cell::take).ok().flatten() {
        Some(mut spare) => {
            *spare = assembly;
            spare
        }
        None => Box::new(assembly),
    }
}

/// Keeps the room of one that has been [finished](Assembly::finish).
pub(super) fn give_back(empty: Box<Assembly<Slot>>) {
    let _ = SPARE.try_with(|spare| spare.set(Some(empty)));
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Instant};

    use bytes::Bytes;

    use super::*;
    use crate::{
        engine::MessageRef,
        socket::{Incoming, Mux, MuxConfig},
    };

    #[test]
    fn the_room_is_used_again_and_nothing_is_left_in_it() {
        let now = Instant::now();
        let mut mux = Mux::new(Arc::new(MuxConfig::default()), now);
        let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(MessageRef::Text("0"), now) else {
            panic!()
        };
        mux.admitted(slot);
        let mut place = None;
        for attachment in [&b"one"[..], b"two"] {
            let text = r#"51-["file",{"_placeholder":true,"num":0}]"#;
            assert!(mux.handle(MessageRef::Text(text), now).unwrap().is_none());
            let used = mux.assembly.as_deref().map(std::ptr::from_ref).unwrap();
            assert_eq!(*place.get_or_insert(used), used);
            match mux.handle(MessageRef::Binary(attachment), now) {
                Ok(Some(Incoming::Event { name, arguments, .. })) => {
                    assert_eq!(
                        (&*name, arguments.attachments()),
                        ("file", &[Bytes::from_static(attachment)][..])
                    );
                }
                other => panic!("{other:?}"),
            }
            let spare = SPARE.take().unwrap();
            assert_eq!(spare.buffered(), b"[]".len());
            SPARE.set(Some(spare));
        }
    }
}
