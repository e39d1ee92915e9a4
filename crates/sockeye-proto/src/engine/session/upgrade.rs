//! The probe of a websocket while the session still polls (Engine.IO 4, "Upgrade").

use std::time::{Duration, Instant};

use crate::engine::{Conn, FrameRef};

/// At most one attempt at a time; whatever goes wrong with it, the session polls on.
///
/// Boxed: a session tries once, if at all.
#[derive(Debug, Default)]
pub(super) struct Upgrade {
    attempt: Option<Box<Attempt>>,
}

#[derive(Debug)]
struct Attempt {
    conn: Conn,
    deadline: Instant,
    /// Since when the deadline does not run, because nobody reads: a client whose last word was not heard has changed
    /// its transport already, and would lose its session.
    frozen: Option<Instant>,
    probed: bool,
}

/// What a frame on the probing websocket means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The probe, to be answered.
    Answer {
        /// Whether it had been answered before.
        again: bool,
    },
    /// The websocket is the transport from here on.
    Complete,
    /// Not what belongs here: the websocket is closed.
    Refuse,
}

impl Upgrade {
    /// A websocket is on trial, perhaps while nobody reads.
    pub(super) fn begin(&mut self, conn: Conn, now: Instant, limit: Duration, frozen: bool) {
        let frozen = frozen.then_some(now);
        self.attempt = Some(Box::new(Attempt { conn, deadline: now + limit, frozen, probed: false }));
    }

    /// Reading stopped or goes on.
    pub(super) fn freeze(&mut self, frozen: bool, now: Instant) {
        let Some(attempt) = &mut self.attempt else { return };
        match (frozen, attempt.frozen) {
            (true, None) => attempt.frozen = Some(now),
            (false, Some(since)) => {
                attempt.frozen = None;
                attempt.deadline += now.saturating_duration_since(since);
            }
            _ => {}
        }
    }

    /// The websocket that is on trial.
    pub(super) fn conn(&self) -> Option<Conn> {
        self.attempt.as_ref().map(|attempt| attempt.conn)
    }

    /// Whether the probe was answered: from then on no GET waits, so that the client can stop polling.
    pub(super) fn is_probed(&self) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.probed)
    }

    pub(super) fn frame(&mut self, frame: FrameRef<'_>) -> Step {
        let Some(attempt) = &mut self.attempt else { return Step::Refuse };
        match frame {
            FrameRef::Text("2probe") => Step::Answer { again: std::mem::replace(&mut attempt.probed, true) },
            // A type alone decides; the reference reads no more of it either.
            FrameRef::Text(text) if attempt.probed && text.starts_with('5') => Step::Complete,
            _ => Step::Refuse,
        }
    }

    /// Ends the attempt.
    pub(super) fn end(&mut self) -> Option<Conn> {
        self.attempt.take().map(|attempt| attempt.conn)
    }

    /// Ends the attempt if it took too long.
    pub(super) fn due(&mut self, now: Instant) -> Option<Conn> {
        self.attempt
            .take_if(|attempt| attempt.frozen.is_none() && attempt.deadline <= now)
            .map(|attempt| attempt.conn)
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        self.attempt.as_ref().filter(|attempt| attempt.frozen.is_none()).map(|attempt| attempt.deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> (Instant, Upgrade) {
        let (now, mut upgrade) = (Instant::now(), Upgrade::default());
        upgrade.begin(Conn(1), now, Duration::from_secs(10), false);
        (now, upgrade)
    }

    #[test]
    fn a_probe_then_an_upgrade() {
        let (_, mut upgrade) = begun();
        assert!(!upgrade.is_probed());
        assert_eq!(upgrade.frame(FrameRef::Text("2probe")), Step::Answer { again: false });
        assert!(upgrade.is_probed());
        assert_eq!(upgrade.frame(FrameRef::Text("2probe")), Step::Answer { again: true });
        assert_eq!(upgrade.frame(FrameRef::Text("5")), Step::Complete);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["5", "2", "2probes", "3probe", "4hello", "6", "1", "", "abc", "0{}"] {
            assert_eq!(begun().1.frame(FrameRef::Text(text)), Step::Refuse, "{text}");
        }
        assert_eq!(begun().1.frame(FrameRef::Binary(b"2probe")), Step::Refuse);
        for text in ["4hello", "2", "6", "1", "", "abc"] {
            let (_, mut upgrade) = begun();
            upgrade.frame(FrameRef::Text("2probe"));
            assert_eq!(upgrade.frame(FrameRef::Text(text)), Step::Refuse, "{text}");
        }
    }

    #[test]
    fn ends_at_its_deadline() {
        let (start, mut upgrade) = begun();
        let deadline = upgrade.timeout().unwrap();
        assert_eq!(upgrade.due(start), None);
        assert_eq!(upgrade.due(deadline), Some(Conn(1)));
        assert_eq!((upgrade.conn(), upgrade.timeout(), upgrade.end()), (None, None, None));
    }

    #[test]
    fn its_deadline_stands_still_while_nobody_reads() {
        let second = Duration::from_secs(1);
        let (start, mut upgrade) = begun();
        upgrade.freeze(true, start + 9 * second);
        assert_eq!((upgrade.timeout(), upgrade.due(start + 99 * second)), (None, None));
        upgrade.freeze(false, start + 20 * second);
        assert_eq!(upgrade.timeout(), Some(start + 21 * second));
        // One that begins in a pause has all its time afterwards.
        upgrade.end();
        upgrade.freeze(true, start + 30 * second);
        upgrade.begin(Conn(2), start + 35 * second, 10 * second, true);
        upgrade.freeze(false, start + 40 * second);
        assert_eq!(upgrade.timeout(), Some(start + 50 * second));
    }
}
