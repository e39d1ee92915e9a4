//! What may happen.

use std::time::Duration;

use proptest::prelude::*;
use sockeye_test::Transport;

use crate::server::NAMESPACES;

/// One thing that happens; numbers choose among the visitors or sockets that are there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Arrive {
        transport: Transport,
        namespace: &'static str,
    },
    /// A visitor joins one more namespace on the same session.
    Join {
        visitor: usize,
        namespace: &'static str,
    },
    /// So many numbers in one burst.
    Count {
        socket: usize,
        numbers: u8,
    },
    /// One number that is to be acknowledged.
    Ask {
        socket: usize,
    },
    /// The server asks the client something, and answers with what it heard.
    BeAsked {
        socket: usize,
    },
    /// News for a whole namespace, from outside of any handler.
    News {
        namespace: &'static str,
    },
    Cut {
        visitor: usize,
    },
    Heal {
        visitor: usize,
    },
    Delay {
        visitor: usize,
        by: Duration,
    },
    Leave {
        socket: usize,
    },
    /// The server throws a socket out.
    ThrowOut {
        socket: usize,
    },
    Close {
        visitor: usize,
    },
    Vanish {
        visitor: usize,
    },
    Return {
        visitor: usize,
    },
    Wait {
        time: Duration,
    },
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let namespace = || prop::sample::select(&NAMESPACES[..]);
    let which = 0..100_usize;
    let short = (0..3_000_u64).prop_map(Duration::from_millis);
    prop_oneof![
        6 => (prop::sample::select(&Transport::ALL[..]), namespace())
            .prop_map(|(transport, namespace)| Act::Arrive { transport, namespace }),
        3 => (which.clone(), namespace()).prop_map(|(visitor, namespace)| Act::Join { visitor, namespace }),
        8 => (which.clone(), 1..12_u8).prop_map(|(socket, numbers)| Act::Count { socket, numbers }),
        6 => which.clone().prop_map(|socket| Act::Ask { socket }),
        4 => which.clone().prop_map(|socket| Act::BeAsked { socket }),
        5 => namespace().prop_map(|namespace| Act::News { namespace }),
        3 => which.clone().prop_map(|visitor| Act::Cut { visitor }),
        5 => which.clone().prop_map(|visitor| Act::Heal { visitor }),
        3 => (which.clone(), short.clone()).prop_map(|(visitor, by)| Act::Delay { visitor, by }),
        2 => which.clone().prop_map(|socket| Act::Leave { socket }),
        1 => which.clone().prop_map(|socket| Act::ThrowOut { socket }),
        1 => which.clone().prop_map(|visitor| Act::Close { visitor }),
        3 => which.clone().prop_map(|visitor| Act::Vanish { visitor }),
        5 => which.prop_map(|visitor| Act::Return { visitor }),
        5 => short.prop_map(|time| Act::Wait { time }),
        2 => (1..50_u64).prop_map(|seconds| Act::Wait { time: Duration::from_secs(seconds) }),
    ]
}
