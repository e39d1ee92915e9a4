//! From opening over open to closed, each step once.

use std::time::Instant;

use crate::engine::{CloseReason, TransportError};

/// How far a client has come.
#[derive(Debug)]
pub(super) enum Phase {
    /// The open packet has not come; it may until then.
    Opening(Instant),
    /// It lives.
    Open,
    /// The user asked to end; what waits is being sent, until then.
    Closing(CloseReason, Instant),
    /// It is over.
    Closed,
}

impl Phase {
    /// The open packet came.
    pub(super) fn opened(&mut self) {
        if matches!(self, Self::Opening(_)) {
            *self = Self::Open;
        }
    }

    /// Starts to close. `false` when that had begun before.
    pub(super) fn begin(&mut self, reason: CloseReason, deadline: Instant) -> bool {
        let lives = matches!(self, Self::Opening(_) | Self::Open);
        if lives {
            *self = Self::Closing(reason, deadline);
        }
        lives
    }

    /// Closes. Gives the reason to tell, which is the user's if the user asked; `None` when it was closed before.
    pub(super) fn end(&mut self, reason: CloseReason) -> Option<CloseReason> {
        match std::mem::replace(self, Self::Closed) {
            Self::Closing(reason, _) => Some(reason),
            Self::Opening(_) | Self::Open => Some(reason),
            Self::Closed => None,
        }
    }

    /// The reason to end for, once its time is over.
    pub(super) fn due(&self, now: Instant) -> Option<CloseReason> {
        match self {
            Self::Opening(deadline) if *deadline <= now => {
                Some(CloseReason::TransportError(TransportError::Io))
            }
            Self::Closing(reason, deadline) if *deadline <= now => Some(*reason),
            _ => None,
        }
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        match self {
            Self::Opening(deadline) | Self::Closing(_, deadline) => Some(*deadline),
            Self::Open | Self::Closed => None,
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        matches!(self, Self::Closing(..))
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }
}
