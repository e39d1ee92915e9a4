//! The bounds of a session's packets, and what happens beyond.

use super::MuxConfig;
use crate::{
    engine::{CloseReason, Limit, Transport},
    socket::Violation,
};

impl MuxConfig {
    /// What is bounded, and what happens beyond. `max_payload` is the session's own.
    #[must_use]
    pub fn limits(&self) -> Vec<Limit> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            connect_timeout,
            max_attachments,
            attachment_timeout,
            max_depth,
            max_payload: _,
            max_namespaces,
            max_namespace_len,
            max_stray,
        } = self;
        let closes = |limit: Limit, violation: Violation| {
            limit.closes(CloseReason::Protocol(violation.into(), Transport::WebSocket))
        };
        vec![
            closes(
                Limit::time("connect_timeout", *connect_timeout)
                    .beyond("A session that has not joined any namespace is closed; pings do not extend it."),
                Violation::ConnectTimeout,
            ),
            closes(
                Limit::count("max_attachments", *max_attachments)
                    .beyond("A packet that announces more closes the session."),
                Violation::TooManyAttachments,
            ),
            closes(
                Limit::time("attachment_timeout", *attachment_timeout)
                    .beyond("A packet whose attachments have not all come closes the session."),
                Violation::AttachmentTimeout,
            ),
            closes(
                Limit::count("max_depth", *max_depth).beyond("A payload that nests deeper closes the session."),
                Violation::PayloadTooDeep,
            ),
            closes(
                Limit::count("max_namespaces", *max_namespaces)
                    .beyond("A CONNECT to one more, joined or pending, closes the session."),
                Violation::TooManyNamespaces,
            ),
            closes(
                Limit::bytes("max_namespace_len", *max_namespace_len).beyond("A longer name closes the session."),
                Violation::NamespaceTooLong,
            ),
            closes(
                Limit::count("max_ignored", *max_stray as usize).beyond(
                    "More packets within a minute that mean nothing (acks that nobody waits for, events for a namespace \
                     that was just left) close the session.",
                ),
                Violation::TooManyStray,
            ),
        ]
    }
}
