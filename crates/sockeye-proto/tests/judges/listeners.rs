//! A server's multiplexer and a client that hear the same messages and must understand the same.

use std::{sync::Arc, time::Instant};

use sockeye_proto::{
    engine::MessageRef,
    socket::{Arguments, Incoming, Mux, MuxConfig, Slot, Violation, client, is_reserved},
};

use super::arguments;

/// The namespaces that are joined from the start.
const JOINED: [&str; 2] = ["/", "/chat"];

/// Beyond it numbers are not exact everywhere.
const MAX_ACK: u64 = 1 << 53;

pub(crate) struct Listeners {
    pub(crate) mux: Mux,
    client: client::Client,
    slots: [Slot; 2],
    now: Instant,
    config: Arc<MuxConfig>,
}

/// What a message meant.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Event {
        namespace: String,
        ack: Option<u64>,
        name: String,
        arguments: Arguments,
    },
    Ack {
        namespace: String,
        id: u64,
        arguments: Arguments,
    },
    /// A connect, a disconnect, or something that asks for nothing.
    Other,
    Refused(Violation),
}

impl Listeners {
    pub(crate) fn new(config: MuxConfig) -> Self {
        let (config, now) = (Arc::new(config), Instant::now());
        let (mut mux, client) =
            (Mux::new(Arc::clone(&config), now), client::Client::new(Arc::clone(&config)));
        let slots = JOINED.map(|namespace| {
            let connect = format!("0{namespace}");
            let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(MessageRef::Text(&connect), now) else {
                panic!("{namespace} cannot be joined");
            };
            mux.admitted(slot);
            slot
        });
        Self { mux, client, slots, now, config }
    }

    /// Both hear a message; they may hear nothing behind one that was refused.
    pub(crate) fn hear(&mut self, message: MessageRef<'_>) -> Heard {
        let server = self.mux.handle(message, self.now);
        let heard = match (server, self.client.handle(message, self.now)) {
            (Err(server), Err(client)) => {
                assert_eq!(server, client, "two reasons to refuse one message");
                Heard::Refused(server)
            }
            // The client does not follow what is joined, and has no budget for a header alone.
            (Err(refused), Ok(_)) => {
                assert!(!refused.is_undecodable() || refused == Violation::PacketTooLarge, "{refused:?}");
                Heard::Refused(refused)
            }
            (Ok(server), Ok(client)) => understood(server, client, &self.slots),
            (Ok(_), Err(violation)) => panic!("the client alone refuses: {violation:?}"),
        };
        if let Heard::Event { arguments, .. } | Heard::Ack { arguments, .. } = &heard {
            arguments::check(arguments, self.config.max_depth);
            assert!(arguments.attachments().len() <= self.config.max_attachments);
            assert_eq!((self.mux.buffered(), self.client.buffered()), (0, 0), "something is kept");
        }
        heard
    }
}

fn understood(
    server: Option<Incoming<'_>>,
    client: Option<client::Incoming<'_>>,
    slots: &[Slot; 2],
) -> Heard {
    use client::Incoming as Client;
    let is = |slot: Slot, namespace: &str| {
        let namespace = if namespace == "/" { 0 } else { 1 };
        assert_eq!(slot, slots[namespace], "another namespace");
    };
    match (server, client) {
        (None, None) => Heard::Other,
        (
            Some(Incoming::Connect { namespace, auth, .. }),
            Some(Client::Connect { namespace: same, payload }),
        ) => {
            assert_eq!((namespace, auth), (same, payload));
            Heard::Other
        }
        (Some(Incoming::Disconnect { slot }), Some(Client::Disconnect { namespace })) => {
            is(slot, namespace);
            Heard::Other
        }
        (
            Some(Incoming::Event { slot, ack, name, arguments }),
            Some(Client::Event { namespace, ack: same_ack, name: same_name, arguments: same }),
        ) => {
            is(slot, &namespace);
            assert_eq!((ack, &name, &arguments), (same_ack, &same_name, &same));
            assert!(!is_reserved(&name) && ack.is_none_or(|ack| ack <= MAX_ACK));
            Heard::Event { namespace: namespace.into_owned(), ack, name: name.into_owned(), arguments }
        }
        (
            Some(Incoming::Ack { slot, id, arguments }),
            Some(Client::Ack { namespace, id: same_id, arguments: same }),
        ) => {
            is(slot, &namespace);
            assert_eq!((id, &arguments), (same_id, &same));
            assert!(id <= MAX_ACK);
            Heard::Ack { namespace: namespace.into_owned(), id, arguments }
        }
        (server, client) => panic!("the server heard {server:?}, the client {client:?}"),
    }
}
