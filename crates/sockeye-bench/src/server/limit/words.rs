//! What a message asks for, by its first bytes: nothing is parsed.

/// What a message asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// To join the default namespace.
    Connect,
    /// To be sent back as it is.
    Echo,
    /// To be acknowledged with its one argument.
    Ack { id: &'a str, value: &'a str },
    /// To be sent to everybody as it is.
    All,
    /// To be sent to a room; `rest` is what follows the room's name and its comma.
    Room { room: &'a str, rest: &'a str },
    /// To be in a room.
    Join { id: &'a str, room: &'a str },
    /// To be in it no longer.
    Leave { id: &'a str, room: &'a str },
    /// Nothing: a pong, or what is not known.
    Nothing,
}

impl<'a> Word<'a> {
    pub(crate) fn of(message: &'a str) -> Self {
        let Some(event) = message.strip_prefix("42") else {
            return match message {
                "40" => Self::Connect,
                _ if message.starts_with("451-") => Self::Echo,
                _ => Self::Nothing,
            };
        };
        if event.starts_with(r#"["echo""#) || event.starts_with(r#"["typed""#) {
            Self::Echo
        } else if event.starts_with(r#"["all""#) {
            Self::All
        } else if let Some(event) = event.strip_prefix(r#"["room",""#) {
            event.split_once("\",").map_or(Self::Nothing, |(room, rest)| Self::Room { room, rest })
        } else {
            Self::asking(event).unwrap_or(Self::Nothing)
        }
    }

    /// An event that wants an ack: `7["join","r1"]`.
    fn asking(event: &'a str) -> Option<Self> {
        let (id, array) = event.split_at_checked(event.find('[')?)?;
        let array = array.strip_suffix(']')?;
        if let Some(value) = array.strip_prefix(r#"["ack","#) {
            return Some(Self::Ack { id, value });
        }
        if let Some(room) = array.strip_prefix(r#"["join",""#) {
            return Some(Self::Join { id, room: room.strip_suffix('"')? });
        }
        let room = array.strip_prefix(r#"["leave",""#)?;
        Some(Self::Leave { id, room: room.strip_suffix('"')? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_known_by_how_they_begin() {
        for (message, word) in [
            ("40", Word::Connect),
            (r#"42["echo","x"]"#, Word::Echo),
            (r#"42["typed",{}]"#, Word::Echo),
            (r#"451-["bin",{"_placeholder":true,"num":0}]"#, Word::Echo),
            (r#"42["all","x"]"#, Word::All),
            (r#"4217["ack","x]"]"#, Word::Ack { id: "17", value: r#""x]""# }),
            (r#"42["room","r1","x"]"#, Word::Room { room: "r1", rest: r#""x"]"# }),
            (r#"420["join","r1"]"#, Word::Join { id: "0", room: "r1" }),
            (r#"421["leave","r1"]"#, Word::Leave { id: "1", room: "r1" }),
        ] {
            assert_eq!(Word::of(message), word, "{message}");
        }
        for message in
            ["", "3", "4", "42", "42[", "421", "42[\"what\"]", "421[\"what\",1]", "42[\"room\",\"r"]
        {
            assert_eq!(Word::of(message), Word::Nothing, "{message}");
        }
    }
}
