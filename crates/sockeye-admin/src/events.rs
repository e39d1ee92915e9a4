//! An event inside of another one, with its binary parts.

use bytes::Bytes;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;
use sockeye::IntoArgs;
use sockeye_proto::socket::{EncodeError, encode::EventWriter};

/// A value whose placeholders are filled with what they stand for.
#[derive(Clone, Copy)]
pub(crate) struct Filled<'a> {
    pub(crate) value: &'a Value,
    pub(crate) attachments: &'a [Bytes],
}

/// Several of them: an array, or the arguments of an event.
#[derive(Clone, Copy)]
pub(crate) struct FilledAll<'a> {
    pub(crate) values: &'a [Value],
    pub(crate) attachments: &'a [Bytes],
}

impl<'a> Filled<'a> {
    fn inside(self, value: &'a Value) -> Self {
        Filled { value, ..self }
    }

    /// What this stands for, if it is a placeholder.
    fn attachment(self) -> Option<&'a Bytes> {
        let object = self.value.as_object().filter(|object| object.len() == 2)?;
        object.get("_placeholder").and_then(Value::as_bool).filter(|is| *is)?;
        let number = usize::try_from(object.get("num")?.as_u64()?).ok()?;
        self.attachments.get(number)
    }
}

impl Serialize for Filled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(bytes) = self.attachment() {
            return serializer.serialize_bytes(bytes);
        }
        match self.value {
            Value::Array(values) => FilledAll { values, attachments: self.attachments }.serialize(serializer),
            Value::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (name, value) in object {
                    map.serialize_entry(name, &self.inside(value))?;
                }
                map.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}

impl<'a> FilledAll<'a> {
    fn iter(self) -> impl Iterator<Item = Filled<'a>> {
        self.values.iter().map(move |value| Filled { value, attachments: self.attachments })
    }
}

impl Serialize for FilledAll<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// As many arguments as there are values.
pub(crate) struct Forwarded<'a>(pub(crate) FilledAll<'a>);

impl IntoArgs for Forwarded<'_> {
    fn write_args(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
        self.0.iter().try_for_each(|value| writer.arg(&value))
    }
}
