//! What a message asks for, by its first bytes: nothing is parsed.

/// What a message asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// To join the default namespace.
    Connect,
    /// To be sent back as it is.
    Echo,
    /// To be acknowledged with its one argument.
    Ack { id: &'a [u8], value: &'a [u8] },
    /// To be sent to everybody as it is.
    All,
    /// To be sent to a room; `rest` is what follows the room's name and its comma.
    Room { room: &'a [u8], rest: &'a [u8] },
    /// To be in a room.
    Join { id: &'a [u8], room: &'a [u8] },
    /// To be in it no longer.
    Leave { id: &'a [u8], room: &'a [u8] },
    /// Nothing: a pong, or what is not known.
    Nothing,
}

impl<'a> Word<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        let Some(event) = message.strip_prefix(b"42") else {
            return match message {
                b"40" => Self::Connect,
                _ if message.starts_with(b"451-") => Self::Echo,
                _ => Self::Nothing,
            };
        };
        if event.starts_with(br#"["echo""#) || event.starts_with(br#"["typed""#) {
            Self::Echo
        } else if event.starts_with(br#"["all""#) {
            Self::All
        } else if let Some(event) = event.strip_prefix(br#"["room",""#) {
            Self::addressed(event).unwrap_or(Self::Nothing)
        } else {
            Self::asking(event).unwrap_or(Self::Nothing)
        }
    }

    /// What follows the quote before a room's name: `r1","text"]`.
    fn addressed(event: &'a [u8]) -> Option<Self> {
        let (room, rest) = event.split_at_checked(event.iter().position(|byte| *byte == b'"')?)?;
        Some(Self::Room { room, rest: rest.strip_prefix(b"\",")? })
    }

    /// An event that wants an ack: `7["join","r1"]`.
    fn asking(event: &'a [u8]) -> Option<Self> {
        let (id, array) = event.split_at_checked(event.iter().position(|byte| *byte == b'[')?)?;
        let array = array.strip_suffix(b"]")?;
        if let Some(value) = array.strip_prefix(br#"["ack","#) {
            return Some(Self::Ack { id, value });
        }
        if let Some(room) = array.strip_prefix(br#"["join",""#) {
            return Some(Self::Join { id, room: room.strip_suffix(b"\"")? });
        }
        let room = array.strip_prefix(br#"["leave",""#)?;
        Some(Self::Leave { id, room: room.strip_suffix(b"\"")? })
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
            (r#"4217["ack","x]"]"#, Word::Ack { id: b"17", value: br#""x]""# }),
            (r#"42["room","r1","x"]"#, Word::Room { room: b"r1", rest: br#""x"]"# }),
            (r#"420["join","r1"]"#, Word::Join { id: b"0", room: b"r1" }),
            (r#"421["leave","r1"]"#, Word::Leave { id: b"1", room: b"r1" }),
        ] {
            assert_eq!(Word::of(message.as_bytes()), word, "{message}");
        }
        for message in
            ["", "3", "4", "42", "42[", "421", "42[\"what\"]", "421[\"what\",1]", "42[\"room\",\"r"]
        {
            assert_eq!(Word::of(message.as_bytes()), Word::Nothing, "{message}");
        }
    }
}
