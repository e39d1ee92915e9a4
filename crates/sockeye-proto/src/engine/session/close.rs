//! From open over closing to closed, each step once.

use std::time::Instant;

use crate::engine::{Answer, CloseReason, Control};

/// How far the end of a session has come.
#[derive(Debug, Default)]
pub(super) enum Phase {
    /// It lives.
    #[default]
    Open,
    /// It was asked to end; what waits is being written, until the deadline.
    Closing(Box<Closing>),
    /// It is over.
    Closed,
}

/// Boxed: a session is open for much longer.
#[derive(Debug)]
pub(super) struct Closing {
    reason: CloseReason,
    deadline: Instant,
}

impl Phase {
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    pub(super) fn is_closing(&self) -> bool {
        matches!(self, Self::Closing(_))
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }

    /// Starts to close. `false` when that had begun before.
    pub(super) fn begin(&mut self, reason: CloseReason, deadline: Instant) -> bool {
        let open = self.is_open();
        if open {
            *self = Self::Closing(Box::new(Closing { reason, deadline }));
        }
        open
    }

    /// Closes. Gives the reason to tell: the one it began with, if it had begun. `None` when it was closed before.
    pub(super) fn end(&mut self, reason: CloseReason) -> Option<CloseReason> {
        match std::mem::replace(self, Self::Closed) {
            Self::Open => Some(reason),
            Self::Closing(closing) => Some(closing.reason),
            Self::Closed => None,
        }
    }

    /// The reason it is closing for, once its time is over.
    pub(super) fn due(&self, now: Instant) -> Option<CloseReason> {
        match self {
            Self::Closing(closing) if closing.deadline <= now => Some(closing.reason),
            _ => None,
        }
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        match self {
            Self::Closing(closing) => Some(closing.deadline),
            _ => None,
        }
    }
}

/// What the requests that are still open at the end are told.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastWords {
    /// To the waiting GET.
    pub(super) poll: Control<'static>,
    /// To the POST whose body is not finished.
    pub(super) post: Answer<'static>,
}

impl LastWords {
    /// The client has left: nothing more for its GET.
    pub(super) const FAREWELL: Self = Self { poll: Control::Noop, post: Answer::Ok };
    /// This side wants to end: the client's part was fine.
    pub(super) const WISH: Self = Self { poll: Control::Close, post: Answer::Ok };
    /// Something went wrong.
    pub(super) const FAULT: Self = Self { poll: Control::Close, post: Answer::Empty(400) };
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_first_reason_is_told_once() {
        let now = Instant::now();
        let mut phase = Phase::default();
        assert!(phase.begin(CloseReason::ServerShuttingDown, now + Duration::from_secs(1)));
        assert!(!phase.begin(CloseReason::SlowConsumer, now));
        assert_eq!(phase.end(CloseReason::TransportClose), Some(CloseReason::ServerShuttingDown));
        assert_eq!(phase.end(CloseReason::TransportClose), None);
        assert!(!phase.begin(CloseReason::SlowConsumer, now));
        assert!(phase.is_closed());
    }

    #[test]
    fn closing_has_a_deadline() {
        let (now, mut phase) = (Instant::now(), Phase::default());
        assert_eq!((phase.timeout(), phase.due(now)), (None, None));
        let deadline = now + Duration::from_secs(1);
        phase.begin(CloseReason::ServerShuttingDown, deadline);
        assert_eq!((phase.timeout(), phase.due(now)), (Some(deadline), None));
        assert_eq!(phase.due(deadline), Some(CloseReason::ServerShuttingDown));
    }
}
