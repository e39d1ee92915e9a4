//! Where a peer's bytes are decoded nothing may panic, and no arithmetic goes unchecked.

use std::path::Path;

use crate::root::Root;

const SOURCES: &str = "crates/sockeye-proto/src";

/// The modules that decode. Their submodules inherit what they deny.
const DECODERS: [&str; 7] = [
    "engine/client/terms.rs",
    "engine/packet.rs",
    "engine/payload.rs",
    "engine/request.rs",
    "payload.rs",
    "socket.rs",
    "websocket.rs",
];

const DENIED: &str = "#![cfg_attr(not(test),deny(clippy::arithmetic_side_effects,clippy::expect_used,\
                      clippy::indexing_slicing,clippy::panic,clippy::unwrap_used))]";

pub(super) fn faults(root: &Root) -> Vec<String> {
    let mut faults = Vec::new();
    for decoder in DECODERS {
        let file = Path::new(SOURCES).join(decoder);
        if !root.text(&file).is_some_and(|text| squeezed(&text).contains(DENIED)) {
            faults.push(format!("{} does not deny what a decoder must not do", file.display()));
        }
    }
    for file in root.files_with(&["rs"]).into_iter().filter(|file| decodes(file)) {
        if root.text(&file).is_some_and(|text| text.contains("allow(clippy::")) {
            faults.push(format!("{} allows something again", file.display()));
        }
    }
    faults
}

/// Whether the file is a decoder or lies below one.
fn decodes(file: &Path) -> bool {
    let Ok(inner) = file.strip_prefix(SOURCES) else { return false };
    DECODERS
        .iter()
        .any(|decoder| inner == Path::new(decoder) || inner.starts_with(decoder.trim_end_matches(".rs")))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submodules_are_decoders_as_well() {
        let inside = |file: &str| decodes(&Path::new(SOURCES).join(file));
        assert!(inside("socket.rs") && inside("socket/mux/slots.rs") && inside("engine/request/error.rs"));
        assert!(!inside("engine/session.rs") && !inside("outbox.rs") && !decodes(Path::new("socket.rs")));
    }

    #[test]
    fn the_attribute_is_found_however_it_is_broken() {
        let broken = DENIED.replace(',', ",\n        ").replace("deny(", "\n    deny(\n");
        assert!(squeezed(&broken).contains(DENIED));
    }
}
