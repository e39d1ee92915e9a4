//! How long sessions are kept, and how much of them.

use std::time::Duration;

use sockeye_proto::engine::Limit;

/// Connection state recovery: for how long, and with how much memory.
///
/// A client that loses its connection and comes back in time has the same id, rooms and [data](crate::Socket::data),
/// gets the events it has missed, in order, and [`Socket::recovered`](crate::Socket::recovered) is `true` on both sides.
/// One that comes too late, or whose missed events are no longer there, has a new session and is told so; what is
/// dropped for want of room never becomes a gap in a recovered one.
///
/// ```
/// use std::time::Duration;
/// use sockeye_core::Recovery;
///
/// let recovery = Recovery::for_at_most(Duration::from_secs(120)).bytes(64 << 20);
/// assert_eq!(recovery, Recovery::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it has to be given to the builder of the server"]
pub struct Recovery {
    pub(super) away: Duration,
    pub(super) bytes: usize,
    pub(super) sessions: usize,
    pub(super) missed: usize,
    pub(super) trust: bool,
    pub(super) detection: Duration,
}

impl Recovery {
    /// Keeps a session for so long after its disconnect. The reference's default is two minutes: a tunnel, a lift, a
    /// laptop that was closed for a moment.
    pub const fn for_at_most(away: Duration) -> Self {
        Self {
            away,
            bytes: 64 << 20,
            sessions: 100_000,
            missed: 4 << 20,
            trust: false,
            detection: Duration::from_secs(45),
        }
    }

    /// Bytes of events and of sessions that are kept, all namespaces together. Default 64 MiB, a quarter of what a small
    /// machine has. Beyond it the oldest go first.
    pub const fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// How many sessions are kept whose clients are away, all namespaces together. Default 100,000. Beyond it the oldest
    /// go first.
    pub const fn sessions(mut self, sessions: usize) -> Self {
        self.sessions = sessions;
        self
    }

    /// Bytes of events that one session may have missed; more than this make it a new one, which loads its whole state
    /// anew, and faster. Default 4 MiB. They wait for the client at once, beyond the bounds of what is emitted to it.
    pub const fn missed(mut self, bytes: usize) -> Self {
        self.missed = bytes;
        self
    }

    /// Restores sessions without asking the admission again: the secret of the session is enough, and what the admission
    /// has left before is kept with it. The default asks again, for a token may have expired and a user been banned
    /// meanwhile.
    pub const fn trust_session(mut self) -> Self {
        self.trust = true;
        self
    }

    /// Whether the secret of a session is enough.
    pub const fn trusts_sessions(&self) -> bool {
        self.trust
    }

    /// How long it takes at most until a dead connection is noticed. Events are kept for so much longer than sessions, for
    /// those that were sent into the void. Set by the builder of the server from its heartbeat.
    pub const fn detected_within(mut self, detection: Duration) -> Self {
        self.detection = detection;
        self
    }

    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Names the first setting that makes no sense.
    pub fn validate(&self) -> Result<(), &'static str> {
        let Self { away, bytes, sessions, missed, trust: _, detection: _ } = self;
        let rules = [
            (!away.is_zero(), "recovery must last longer than no time"),
            (*away <= LONGEST, "recovery must be for at most a year"),
            (*bytes > 0, "recovery needs more than zero bytes"),
            (*sessions > 0, "recovery needs room for more than zero sessions"),
            (*missed > 0, "recovery needs room for more than zero missed bytes"),
        ];
        rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, rule)| Err(rule))
    }

    /// What is bounded, and what happens beyond.
    pub fn limits(&self) -> Vec<Limit> {
        let Self { away, bytes, sessions, missed, trust: _, detection: _ } = self;
        vec![
            Limit::time("for_at_most", *away)
                .beyond("A client that comes back later has a new session.")
                .seen("`recovered` is `false`"),
            Limit::bytes("bytes", *bytes)
                .beyond(
                    "The oldest events and sessions are dropped; whoever would need them has a new session.",
                )
                .seen("`recovered` is `false`"),
            Limit::count("sessions", *sessions)
                .beyond("The session that is away for longest is dropped.")
                .seen("`recovered` is `false`"),
            Limit::bytes("missed", *missed)
                .beyond("A client that has missed more has a new session.")
                .seen("`recovered` is `false`"),
        ]
    }
}

impl Default for Recovery {
    /// Two minutes, 64 MiB, 100,000 sessions.
    fn default() -> Self {
        Self::for_at_most(Duration::from_secs(120))
    }
}

/// Keeps the arithmetic with instants far from its limits.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        assert_eq!(Recovery::default().validate(), Ok(()));
        let cases = [
            (Recovery::for_at_most(Duration::ZERO), "no time"),
            (Recovery::for_at_most(Duration::MAX), "a year"),
            (Recovery::default().bytes(0), "zero bytes"),
            (Recovery::default().sessions(0), "zero sessions"),
            (Recovery::default().missed(0), "zero missed"),
        ];
        for (recovery, named) in cases {
            assert!(recovery.validate().unwrap_err().contains(named), "{named}");
        }
        assert_eq!(Recovery::default().limits().len(), 4);
    }
}
