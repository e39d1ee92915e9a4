//! The settings of a session as bounds.

use super::Config;
use crate::{
    engine::{CloseReason, Limit, TransportError},
    outbox::Bounds,
};

impl Config {
    /// What is bounded, and what happens beyond. Settings that bound nothing are left out.
    pub fn limits(&self) -> Vec<Limit> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            ping_interval,
            ping_timeout,
            upgrade_timeout,
            max_payload,
            close_timeout,
            stall_timeout,
            poll_wait,
            transports: _,
            allow_upgrades: _,
            outbox: Bounds { soft, hard },
            max_stray,
            max_fragments,
        } = self;
        vec![
            Limit::time("ping_interval", *ping_interval).beyond("A ping is sent.").seen("—"),
            Limit::time("ping_timeout", *ping_timeout)
                .beyond("A client that has not answered the ping is gone; its session closes.")
                .closes(CloseReason::PingTimeout),
            Limit::time("upgrade_timeout", *upgrade_timeout)
                .beyond("The websocket of an unfinished upgrade is closed; the session goes on by polling.")
                .seen("—"),
            Limit::bytes("max_payload", *max_payload)
                .beyond(
                    "A larger message closes a websocket with code 1009, judged on its header; a larger POST is answered \
                     413 and the session goes on. An answer to a GET holds no more, unless it is one packet. A CONNECT with \
                     which the auth payloads of one session would be more is refused.",
                )
                .closes(CloseReason::TransportError(TransportError::Framing(1009))),
            Limit::time("close_timeout", *close_timeout)
                .beyond("A session that is closing and could not write what waits is cut.")
                .seen("the close's own reason"),
            Limit::time("stall_timeout", *stall_timeout)
                .beyond("A session whose handlers do not let it read is closed; after half of the time those who wait \
                     for its acks are told.")
                .closes(CloseReason::Stalled),
            Limit::time_if_set("poll_wait", *poll_wait).beyond("A waiting GET is answered with a noop.").seen("—"),
            Limit::bytes("outbox_soft", *soft)
                .beyond(
                    "`emit` waits for room, `try_emit` refuses, volatile events are dropped, and no event of this client \
                     is started. However short, a frame for each 64 bytes is as much.",
                )
                .seen("`EmitError::Full`"),
            Limit::bytes("outbox_hard", *hard)
                .beyond(
                    "A client that reads too slowly is closed. Beyond 64 frames, keeping each counts as 160 bytes more, at \
                     most a quarter of all.",
                )
                .closes(CloseReason::SlowConsumer),
            Limit::count("max_stray", *max_stray as usize)
                .beyond("More packets of Engine.IO without a meaning in their place, between two pings, close the session.")
                .closes(CloseReason::TransportError(TransportError::TooManyStray)),
            Limit::count("max_fragments", *max_fragments)
                .beyond("A websocket message in more fragments closes it with code 1009.")
                .closes(CloseReason::TransportError(TransportError::Framing(1009))),
        ]
    }
}
