//! Why arguments did not fit the type asked for.

use std::fmt;

use serde_path_to_error::{Path, Segment};

/// Arguments that do not fit the handler's type: where, and what is wrong there.
///
/// Both are made for the peer that sent them. They may quote it, so they are kept short, and do not belong into logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadError {
    path: String,
    message: String,
}

/// Enough for any hand-written type; a peer's own text cannot make a reply long.
const LONGEST: usize = 200;

impl PayloadError {
    /// Where the fault is, such as `0.room`: the argument's number, then keys and indices. Empty when it is the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, such as ``invalid type: integer `1`, expected a string``.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// A fault of the arguments as a whole.
    pub(super) fn whole(message: &str) -> Self {
        Self { path: String::new(), message: message.to_owned() }
    }

    /// A fault found at `path` below `root`.
    pub(super) fn new(root: Option<&str>, path: &Path, error: &serde_json::Error) -> Self {
        let mut text = root.unwrap_or_default().to_owned();
        for segment in path {
            if text.len() > LONGEST {
                break;
            }
            if !text.is_empty() {
                text.push('.');
            }
            match segment {
                Segment::Seq { index } => text.push_str(&index.to_string()),
                Segment::Map { key } => text.push_str(key),
                Segment::Enum { variant } => text.push_str(variant),
                Segment::Unknown => text.push('?'),
            }
        }
        let message = error.to_string();
        // Line and column of a text the peer never wrote down help nobody.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        Self { path: shorten(&text), message: shorten(message) }
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "at {}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for PayloadError {}

fn shorten(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LONGEST);
    format!("{}…", text.get(..end).unwrap_or_default())
}
