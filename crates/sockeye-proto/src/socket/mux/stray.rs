//! Packets that are ignored, and how many of them are too many.

use std::time::{Duration, Instant};

use crate::socket::Violation;

/// A count that begins anew each minute.
#[derive(Debug, Default)]
pub(super) struct Stray {
    since: Option<Instant>,
    count: u32,
}

/// Honest clients are late with a few packets now and then, over days with many.
const WINDOW: Duration = Duration::from_secs(60);

impl Stray {
    /// One more.
    pub(super) fn count(&mut self, now: Instant, max: u32) -> Result<(), Violation> {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            self.since = Some(now);
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        if self.count > max { Err(Violation::TooManyStray) } else { Ok(()) }
    }
}
