//! A contract as the browser's side writes it.

use std::fmt::Write as _;

use super::{Contract, Declared};

impl Contract {
    /// The two maps of events that `io<ServerToClientEvents, ClientToServerEvents>()` takes, as the text of a TypeScript
    /// module.
    ///
    /// The types are those that each event [gives](super::EventType::typescript): written by hand in
    /// `#[event("message", ts = "{ text: string }")]`, or by whatever expression stands there, such as the `inline` of the
    /// crate `ts-rs`. Where nothing is given stands `unknown`. Names of types that stand there are for you to declare or
    /// import. Every ack may tell an error, so its type is a union with `EventError`.
    pub fn typescript(&self) -> String {
        let mut text = String::from(
            "// Written by sockeye from the contract of a namespace.\n\n\
             /** How the server tells that an event has failed. */\n\
             export interface EventError {\n  error: { code: string; message: string };\n}\n",
        );
        write_map(&mut text, "What the client emits.", "ClientToServerEvents", &self.accepts);
        write_map(&mut text, "What the server emits.", "ServerToClientEvents", &self.emits);
        text
    }
}

fn write_map(text: &mut String, comment: &str, name: &str, events: &[Declared]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n/** {comment} */\nexport interface {name} {{");
    for event in events {
        let types = (event.typescript)();
        let name = serde_json::Value::from(event.name);
        let ack = match &types.ack {
            Some(ack) => format!("answer: {ack} | EventError"),
            None => String::from("error?: EventError"),
        };
        let _ = writeln!(text, "  {name}: (data: {}, ack?: ({ack}) => void) => void;", types.data);
    }
    text.push_str("}\n");
}
