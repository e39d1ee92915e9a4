//! How fast one socket may ask.

use std::collections::VecDeque;
use std::sync::Arc;

use sockeye::{Event, IntoReply, Reply};
use tokio::time::Instant;
use tower::BoxError;
use tower::filter::FilterLayer;

use super::Chat;
use super::error::ChatError;
use super::limits;

/// A layer of tower's that counts every event of the namespace, known or not, before anything else looks at it.
pub(super) fn limit(
    chat: Arc<Chat>,
) -> FilterLayer<impl Fn(Event) -> Result<Event, ChatError> + Clone + Send + Sync + 'static> {
    FilterLayer::new(move |event: Event| {
        chat.count_event(event.socket().id().as_str(), Instant::now())?;
        Ok(event)
    })
}

/// What the client is told by an event that did not pass.
pub(super) fn refused(error: BoxError) -> Reply {
    match error.downcast::<ChatError>() {
        Ok(error) => error.into_reply(),
        Err(_) => Reply::error("internal", "Something went wrong on the server."),
    }
}

/// The instants of the last events. A window that slides: no second, wherever it begins, has more than
/// [`limits::EVENTS`] in it.
#[derive(Debug, Default)]
pub(super) struct Rate {
    events: VecDeque<Instant>,
}

impl Rate {
    /// Counts one event at `now`, if it still fits. What was refused is not counted.
    pub(super) fn allow(&mut self, now: Instant) -> bool {
        while self
            .events
            .front()
            .is_some_and(|event| now.saturating_duration_since(*event) >= limits::EVENTS_WITHIN)
        {
            self.events.pop_front();
        }
        let fits = self.events.len() < limits::EVENTS;
        if fits {
            self.events.push_back(now);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn twenty_events_fit_into_a_second_and_the_next_does_not() {
        let start = Instant::now();
        let mut rate = Rate::default();
        for event in 0..20 {
            assert!(rate.allow(start + Duration::from_millis(event)));
        }
        assert!(!rate.allow(start + Duration::from_millis(999)));
        assert!(rate.allow(start + Duration::from_secs(1)));
        assert!(!rate.allow(start + Duration::from_secs(1)));
    }
}
