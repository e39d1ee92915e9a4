//! The settings of a server, one by one.

use std::time::Duration;

use sockeye_core::Transport;

use super::Builder;
use crate::Io;

/// Where the server is and who speaks for it.
impl<S> Builder<S> {
    /// The handle that stands for this server. Without it, [`Sockeye::io`](crate::Sockeye::io) gives one.
    ///
    /// Made before the server, it can live in the application's state.
    pub fn handle(mut self, io: &Io) -> Self {
        self.io = Some(io.clone());
        self
    }

    /// Where the server is mounted by [`router`](crate::Sockeye::router) and [`layer`](crate::Sockeye::layer). Default
    /// `/socket.io/`, which is everything below it. Without the slash at the end that very path belongs to the server
    /// as well.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

/// Sessions and transports.
impl<S> Builder<S> {
    /// From the handshake, and from each pong, to the next ping. Default 25 s, shorter than the idle timeouts of common
    /// proxies.
    pub fn ping_interval(mut self, interval: Duration) -> Self {
        self.engine.ping_interval = interval;
        self
    }

    /// How long a pong may take. Default 20 s.
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.engine.ping_timeout = timeout;
        self
    }

    /// How long an upgrade to websocket may take; afterwards the session goes on by polling. Default 10 s.
    pub fn upgrade_timeout(mut self, timeout: Duration) -> Self {
        self.engine.upgrade_timeout = timeout;
        self
    }

    /// How long a session that is closing may take to write what waits. Default 30 s.
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.engine.close_timeout = timeout;
        self
    }

    /// How long a session may be unread because its own handlers do not keep up; then it closes, with the reason
    /// `stalled`. Default 30 s.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.engine.stall_timeout = timeout;
        self
    }

    /// Bytes of the longest packet, its attachments included, of a POST's body, and of all auth payloads of one session
    /// together. Default 1,000,000; clients are told.
    pub fn max_payload(mut self, bytes: usize) -> Self {
        self.engine.max_payload = bytes;
        self
    }

    /// Answers a waiting GET with a noop after this time. Default: it waits until there is something. Set it below the
    /// timeout of a timeout layer or an impatient proxy.
    pub fn poll_wait(mut self, wait: Duration) -> Self {
        self.engine.poll_wait = Some(wait);
        self
    }

    /// The transports a session may be opened with. Default: both.
    pub fn transports(mut self, transports: impl IntoIterator<Item = Transport>) -> Self {
        self.engine.transports = transports.into_iter().collect();
        self
    }

    /// Whether a polling session is told that it may move to a websocket. Default: yes. A client that comes with an
    /// upgrade unasked is served all the same; leave the websocket out of [`transports`](Self::transports) to refuse it.
    pub fn allow_upgrades(mut self, allow: bool) -> Self {
        self.engine.allow_upgrades = allow;
        self
    }

    /// Bytes waiting for one client above which `emit` waits and `try_emit` refuses. Default 256 KiB, what a phone's
    /// line drains in about a second.
    pub fn outbox_soft(mut self, bytes: usize) -> Self {
        self.engine.outbox.soft = bytes;
        self
    }

    /// Bytes waiting for one client beyond which it is closed as a slow consumer. Default 768 KiB.
    ///
    /// What keeping more than 64 frames takes beside their bytes counts too: 160 bytes each, at most a quarter of all.
    pub fn outbox_hard(mut self, bytes: usize) -> Self {
        self.engine.outbox.hard = bytes;
        self
    }

    /// How many packets of Engine.IO without a meaning in their place are ignored between two pings. Default 128: no known
    /// client sends any.
    pub fn max_stray(mut self, packets: u32) -> Self {
        self.engine.max_stray = packets;
        self
    }

    /// The most fragments of one websocket message. Default 1,024.
    pub fn max_fragments(mut self, fragments: usize) -> Self {
        self.engine.max_fragments = fragments;
        self
    }

    /// How many sessions a shutdown closes at once. Default 500.
    pub fn drain_batch(mut self, sessions: usize) -> Self {
        self.drain.batch = sessions;
        self
    }

    /// The time between two batches of a shutdown, so that not all clients come back at the same moment. Default
    /// 100 ms.
    pub fn drain_every(mut self, every: Duration) -> Self {
        self.drain.every = every;
        self
    }
}

/// Packets.
impl<S> Builder<S> {
    /// How long a session may stay without having joined a namespace. Default 45 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.mux.connect_timeout = timeout;
        self
    }

    /// The most attachments of one packet. Default 10.
    pub fn max_attachments(mut self, attachments: usize) -> Self {
        self.mux.max_attachments = attachments;
        self
    }

    /// How long the attachments of a packet may take to arrive. Default 30 s.
    pub fn attachment_timeout(mut self, timeout: Duration) -> Self {
        self.mux.attachment_timeout = timeout;
        self
    }

    /// How deep a payload may nest. Default 64, at most 128.
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.mux.max_depth = depth;
        self
    }

    /// The most namespaces of one session, joined or pending. Default 64.
    pub fn max_namespaces(mut self, namespaces: usize) -> Self {
        self.mux.max_namespaces = namespaces;
        self
    }

    /// Bytes of the longest name of a namespace that a client may ask for, its query included. Default 512.
    pub fn max_namespace_len(mut self, bytes: usize) -> Self {
        self.mux.max_namespace_len = bytes;
        self
    }

    /// How many packets that mean nothing are ignored within a minute: acks that nobody waits for, and events for a
    /// namespace that was just left. Default 10,000.
    pub fn max_ignored(mut self, packets: u32) -> Self {
        self.mux.max_stray = packets;
        self
    }
}

/// Handlers and emits.
impl<S> Builder<S> {
    /// How many events of one socket may run at the same time, where its namespace does not say. Default 16.
    ///
    /// They start in the order of their arrival: the next when the one before is in its handler's body, past layers and
    /// extractors. After the first `await` in there, their effects may interleave.
    ///
    /// # Panics
    /// When `events` is 0.
    #[track_caller]
    pub fn events_in_flight(mut self, events: usize) -> Self {
        assert!(events > 0, "at least one event must be allowed to run");
        self.settings.events_in_flight = events;
        self
    }

    /// Bytes of the events of one session that wait or run, beyond which nothing more is read from it. One event is
    /// always allowed. Default: as much as [`max_payload`](Self::max_payload).
    pub fn inbound_budget(mut self, bytes: usize) -> Self {
        self.inbound_budget = Some(bytes);
        self
    }

    /// How long an admission may take. Default 10 s.
    pub fn admit_timeout(mut self, timeout: Duration) -> Self {
        self.settings.admit_timeout = timeout;
        self
    }

    /// How long handlers may go on after their socket has left. Default 30 s; then they are dropped.
    pub fn handler_grace(mut self, grace: Duration) -> Self {
        self.settings.handler_grace = grace;
        self
    }

    /// How long an awaited `emit` waits for room. Default 30 s.
    pub fn send_timeout(mut self, timeout: Duration) -> Self {
        self.sockets.send_timeout = timeout;
        self
    }

    /// How long `emit_with_ack` waits for an answer when the caller does not say. Default 30 s.
    pub fn ack_timeout(mut self, timeout: Duration) -> Self {
        self.sockets.ack_timeout = timeout;
        self
    }

    /// How many acks of one socket may be awaited at once. Default 1024.
    pub fn max_pending_acks(mut self, acks: usize) -> Self {
        self.sockets.max_pending_acks = acks;
        self
    }

    /// How many rooms one socket may be in, that of its own id not counted. Default 1024; to join one more fails with
    /// [`JoinError::TooManyRooms`](crate::JoinError::TooManyRooms).
    pub fn max_rooms(mut self, rooms: usize) -> Self {
        self.sockets.max_rooms = rooms;
        self
    }

    /// Bytes of the longest name of a room that may be joined. Default 512; a longer one fails with
    /// [`JoinError::NameTooLong`](crate::JoinError::NameTooLong).
    pub fn max_room_len(mut self, bytes: usize) -> Self {
        self.sockets.max_room_len = bytes;
        self
    }

    /// How many rooms that a socket has joined or left may wait for its namespace's handlers of that
    /// ([`on_join`](crate::Namespace::on_join) and its like). Default 4096; to join more fails with
    /// [`JoinError::Full`](crate::JoinError::Full).
    pub fn max_room_hooks(mut self, rooms: usize) -> Self {
        self.sockets.max_room_hooks = rooms;
        self
    }

    /// Bytes of the text of [`Socket::data`](crate::Socket::data). Default 16 KiB; more fails with
    /// [`DataError::TooLarge`](crate::DataError::TooLarge).
    pub fn max_data(mut self, bytes: usize) -> Self {
        self.sockets.max_data = bytes;
        self
    }
}
