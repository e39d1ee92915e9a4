//! What of a captured event is the same in every run.

use serde_json::{Map, Value, json};

/// Names the ids of one run by the order in which they appear.
#[derive(Default)]
pub(crate) struct Shapes {
    pub(crate) ids: Vec<String>,
}

impl Shapes {
    /// Ids as numbers, dates and numbers as kinds, everything else as it is.
    pub(crate) fn of(&mut self, value: &Value) -> Value {
        match value {
            Value::Array(values) => values.iter().map(|value| self.of(value)).collect(),
            Value::Object(object) => Value::Object(self.object(object)),
            Value::String(text) => self.text(text),
            other => other.clone(),
        }
    }

    fn object(&mut self, object: &Map<String, Value>) -> Map<String, Value> {
        let shape = |(name, value): (&String, &Value)| {
            let shape = match (name.as_str(), value) {
                // Random, or of the moment.
                ("clientId", Value::String(id)) => json!({ "length": id.len() }),
                ("time" | "url", Value::String(_)) => json!("<text>"),
                ("issued" | "uptime" | "pid" | "timestamp" | "count", Value::Number(_)) => json!("<number>"),
                // Those of the client's connection; which they are is its own affair.
                ("headers" | "query", Value::Object(_)) => json!("<strings>"),
                (_, value) => self.of(value),
            };
            (name.clone(), shape)
        };
        object.iter().map(shape).collect()
    }

    fn text(&mut self, text: &str) -> Value {
        if text.len() == 24 && text.ends_with('Z') && text.as_bytes()[10] == b'T' {
            return json!("<date>");
        }
        if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return json!("<session>");
        }
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.len() == 20 && text.bytes().all(is_id) {
            let known = self.ids.iter().position(|id| id == text);
            let number = known.unwrap_or_else(|| {
                self.ids.push(text.to_owned());
                self.ids.len() - 1
            });
            return json!(format!("<id {number}>"));
        }
        json!(text)
    }
}
