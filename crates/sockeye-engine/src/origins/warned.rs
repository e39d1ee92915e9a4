//! Who has been warned of.

use std::collections::HashSet;

use parking_lot::Mutex;
use tracing::{debug, warn};

/// The foreign origins that the operator has been told of: each once, and so many at the most.
#[derive(Debug, Default)]
pub(crate) struct Warned {
    names: Mutex<HashSet<String>>,
}

/// What the log does with one refused origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Named,
    /// The last line for now: there are too many of them.
    Enough,
    Silent,
}

impl Warned {
    /// A handshake was refused. An honest page of the application is refused by a setting that forgets it, so its name
    /// is worth a warning; whoever makes names up gets [`MOST`] lines.
    pub(crate) fn refused(&self, origin: &[u8]) {
        let origin = readable(origin);
        match self.tell(&origin) {
            Told::Named => {
                warn!(
                    target: "sockeye::rejection",
                    origin,
                    "handshakes of this origin are refused; the setting `origins` says which are allowed"
                );
            }
            Told::Enough => {
                warn!(
                    target: "sockeye::rejection",
                    origin,
                    "handshakes of many origins are refused; the setting `origins` says which are allowed, and no more are named"
                );
            }
            Told::Silent => {
                debug!(target: "sockeye::rejection", origin, "a handshake of a foreign origin was refused")
            }
        }
    }

    #[cfg(test)]
    pub(super) fn named(&self) -> usize {
        self.names.lock().len()
    }

    pub(super) fn tell(&self, origin: &str) -> Told {
        let mut names = self.names.lock();
        if names.len() >= MOST || !names.insert(origin.to_owned()) {
            return Told::Silent;
        }
        if names.len() < MOST { Told::Named } else { Told::Enough }
    }
}

/// Printable ASCII of a bounded length, whatever came.
pub(super) fn readable(origin: &[u8]) -> String {
    let mut text = origin.get(..LONGEST).unwrap_or(origin).escape_ascii().to_string();
    if origin.len() > LONGEST {
        text.push_str("...");
    }
    text
}

/// More origins than an application forgets to list.
pub(super) const MOST: usize = 64;

/// Bytes of an origin that are shown; a host name has at most 253.
const LONGEST: usize = 300;
