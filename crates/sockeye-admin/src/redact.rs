//! What of an event admins see.

use parking_lot::Mutex;
use serde_json::Value;
use sockeye::Id;
use tokio::time::{Duration, Instant};

/// Which way an event went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Direction {
    /// A client has sent it.
    Received,
    /// It was emitted to a client.
    Sent,
}

/// An event that is about to be shown to admins.
#[derive(Debug)]
pub struct ReportedEvent<'a> {
    pub(crate) direction: Direction,
    pub(crate) namespace: &'a str,
    pub(crate) socket: Id,
    pub(crate) name: &'a str,
    pub(crate) arguments: &'a [Value],
}

impl ReportedEvent<'_> {
    /// Which way it went.
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// The namespace.
    pub const fn namespace(&self) -> &str {
        self.namespace
    }

    /// The socket that sent or got it.
    pub const fn socket(&self) -> Id {
        self.socket
    }

    /// Its name; when it was received, the client's text.
    pub const fn name(&self) -> &str {
        self.name
    }

    /// Its arguments; binary parts are the placeholders that they are on the wire.
    pub const fn arguments(&self) -> &[Value] {
        self.arguments
    }
}

/// What of an event admins see.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Redaction {
    /// All of it.
    Show,
    /// Its name.
    HideArguments,
    /// Its name, and these arguments instead of its own.
    Replace(Vec<Value>),
    /// Nothing: it is not reported.
    Omit,
}

pub(crate) type Redact = dyn Fn(&ReportedEvent<'_>) -> Redaction + Send + Sync;

/// Decides what is shown, and how often.
pub(crate) struct Redactor {
    pub(crate) redact: Option<Box<Redact>>,
    /// Events a second.
    pub(crate) most: u32,
    /// Bytes of arguments.
    pub(crate) longest: usize,
    second: Mutex<Option<(Instant, u32)>>,
}

impl Default for Redactor {
    fn default() -> Self {
        Self { redact: None, most: 500, longest: 16 * 1024, second: Mutex::default() }
    }
}

impl Redactor {
    /// Whether one more event may be reported now. Asked before anything is spent on it.
    pub(crate) fn has_room(&self) -> bool {
        let now = Instant::now();
        let mut second = self.second.lock();
        let (began, count) =
            second.filter(|(began, _)| now < *began + Duration::from_secs(1)).unwrap_or((now, 0));
        *second = Some((began, count.saturating_add(1)));
        count < self.most
    }

    pub(crate) fn redact(&self, event: &ReportedEvent<'_>) -> Redaction {
        self.redact.as_ref().map_or(Redaction::Show, |redact| redact(event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_second_has_room_for_so_many_events_and_no_more() {
        let redactor = Redactor { most: 3, ..Redactor::default() };
        assert_eq!((0..10).filter(|_| redactor.has_room()).count(), 3);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!((0..10).filter(|_| redactor.has_room()).count(), 3);
    }
}
