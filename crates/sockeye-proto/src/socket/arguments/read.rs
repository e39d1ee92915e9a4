//! One typed pass over the text; others, of which the last notes the path, only when it fails.

use bytes::Bytes;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_path_to_error::Track;

use super::{
    PayloadError,
    fill::{Fill, Open},
    reader::Reader,
    row::Row,
};

/// The first element of `array`.
pub(super) fn first<T: DeserializeOwned>(array: &str, attachments: &[Bytes]) -> Result<T, PayloadError> {
    let rest = array.strip_prefix('[').unwrap_or_default().trim_ascii_start();
    // What follows the first value is never looked at: the text was scanned when it came.
    let value = if rest.starts_with(']') { "null" } else { rest };
    read::<One, T>(value, attachments)
}

/// The elements of `array`.
pub(super) fn tuple<T: DeserializeOwned>(array: &str, attachments: &[Bytes]) -> Result<T, PayloadError> {
    read::<Several, T>(array, attachments)
}

/// How the text is to be taken.
trait Shape {
    /// What a path begins with.
    const ROOT: Option<&str>;

    fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
        track: Option<&mut Track>,
    ) -> Result<T, D::Error>;
}

struct One;

impl Shape for One {
    const ROOT: Option<&str> = Some("0");

    fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
        track: Option<&mut Track>,
    ) -> Result<T, D::Error> {
        match track {
            None => T::deserialize(deserializer),
            Some(track) => T::deserialize(serde_path_to_error::Deserializer::new(deserializer, track)),
        }
    }
}

struct Several;

impl Shape for Several {
    const ROOT: Option<&str> = None;

    fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
        track: Option<&mut Track>,
    ) -> Result<T, D::Error> {
        One::read(Row(deserializer), track)
    }
}

fn read<S: Shape, T: DeserializeOwned>(text: &str, attachments: &[Bytes]) -> Result<T, PayloadError> {
    let json = || serde_json::Deserializer::from_str(text);
    let mut open = Open::Bytes;
    if attachments.is_empty() {
        if let Ok(value) = S::read(&mut Reader::new(text), None) {
            return Ok(value);
        }
        if let Ok(value) = S::read(&mut json(), None) {
            return Ok(value);
        }
    } else {
        // A type that takes anything cannot say whether it has a use for bytes: an untagged enum has one where a
        // variant holds bytes, a JSON value has none. So the plain object is tried when bytes were refused, and the
        // attempt that came further has the error worth telling.
        let mut furthest = (0, 0);
        for attempt in [Open::Bytes, Open::Object] {
            match S::read::<T, _>(Fill::new(&mut json(), attachments, attempt), None) {
                Ok(value) => return Ok(value),
                Err(error) if (error.line(), error.column()) > furthest => {
                    furthest = (error.line(), error.column());
                    open = attempt;
                }
                Err(_) => {}
            }
        }
    }
    let mut track = Track::new();
    S::read(Fill::new(&mut json(), attachments, open), Some(&mut track))
        .map_err(|error| PayloadError::new(S::ROOT, &track.path(), &error))
}
