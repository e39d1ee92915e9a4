//! One Socket.IO packet as text.

use serde_json::Value;
use sockeye_proto::{
    engine::MessageRef,
    socket::{MuxConfig, encode::EventWriter},
};

use super::listeners::{Heard, Listeners};

pub(crate) fn judge(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut listeners = Listeners::new(MuxConfig::default());
    let heard = listeners.hear(MessageRef::Text(&text));
    let (writer, arguments) = match &heard {
        Heard::Event { namespace, ack, name, arguments } => {
            (EventWriter::event(namespace, *ack, name), arguments)
        }
        Heard::Ack { namespace, id, arguments } => (EventWriter::ack(namespace, *id), arguments),
        Heard::Other | Heard::Refused(_) => return,
    };
    // What we write of it is understood as the same. Fractions may change in their last digit.
    let Ok(values) = arguments.deserialize_tuple::<Vec<Value>>() else { return };
    if values.iter().any(has_fraction) {
        return;
    }
    let again = listeners.hear(MessageRef::Text(&write(writer, &values)));
    match (&heard, &again) {
        (
            Heard::Event { namespace, ack, name, .. },
            Heard::Event { namespace: same_namespace, ack: same_ack, name: same_name, arguments },
        ) => {
            assert_eq!((namespace, ack, name), (same_namespace, same_ack, same_name));
            assert_eq!(arguments.deserialize_tuple(), Ok(values));
        }
        (
            Heard::Ack { namespace, id, .. },
            Heard::Ack { namespace: same_namespace, id: same_id, arguments },
        ) => {
            assert_eq!((namespace, id), (same_namespace, same_id));
            assert_eq!(arguments.deserialize_tuple(), Ok(values));
        }
        _ => panic!("written from {heard:?}, read as {again:?}"),
    }
}

fn write(mut writer: EventWriter, values: &[Value]) -> String {
    for value in values {
        assert!(writer.arg(value).is_ok(), "a value that cannot be written");
    }
    let group = writer.finish();
    let mut frames = group.frames();
    let text = frames.next().map(|frame| String::from_utf8_lossy(frame.message()).into_owned());
    assert!(frames.next().is_none(), "values have no attachments");
    text.unwrap_or_default()
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(entries) => entries.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}
