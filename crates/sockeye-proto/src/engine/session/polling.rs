//! The requests of a session that polls: one GET that waits, one POST that is read.

use std::time::Instant;

use crate::engine::{Config, Req};

/// The requests that are open, and what the next GET is owed.
#[derive(Debug, Default)]
pub(super) struct Polling {
    waiting: Option<Waiting>,
    post: Option<Req>,
    carried: Option<Req>,
    ping: bool,
}

#[derive(Debug)]
struct Waiting {
    req: Req,
    until: Option<Instant>,
}

impl Polling {
    /// A GET begins to wait, at the longest for `poll_wait`.
    pub(super) fn wait(&mut self, req: Req, now: Instant, config: &Config) {
        self.waiting = Some(Waiting { req, until: config.poll_wait.map(|wait| now + wait) });
    }

    /// The GET that waits.
    pub(super) fn waiting(&self) -> Option<Req> {
        self.waiting.as_ref().map(|waiting| waiting.req)
    }

    /// The GET waits no more.
    pub(super) fn release(&mut self) -> Option<Req> {
        self.waiting.take().map(|waiting| waiting.req)
    }

    /// The GET that has waited long enough.
    pub(super) fn due(&mut self, now: Instant) -> Option<Req> {
        self.waiting
            .take_if(|waiting| waiting.until.is_some_and(|until| until <= now))
            .map(|waiting| waiting.req)
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        self.waiting.as_ref()?.until
    }

    /// This GET's answer takes packets from the outbox: when it is lost, so are they.
    pub(super) fn carries(&mut self, req: Req) {
        self.carried = Some(req);
    }

    /// A GET or its answer was dropped. Says whether that breaks the session.
    pub(super) fn dropped(&mut self, req: Req) -> bool {
        self.waiting.take_if(|waiting| waiting.req == req).is_some()
            || self.carried.take_if(|it| *it == req).is_some()
    }

    /// A POST begins. `false` when another one is open.
    pub(super) fn open_post(&mut self, req: Req) -> bool {
        let free = self.post.is_none();
        if free {
            self.post = Some(req);
        }
        free
    }

    /// Whether this is the POST that is read.
    pub(super) fn is_post(&self, req: Req) -> bool {
        self.post == Some(req)
    }

    /// The POST that is read is to be answered, or needs no answer any more.
    pub(super) fn end_post(&mut self) -> Option<Req> {
        self.post.take()
    }

    /// A ping is due and no GET waits.
    pub(super) fn owe_ping(&mut self) {
        self.ping = true;
    }

    /// Whether a ping is owed; it is not any more.
    pub(super) fn take_ping(&mut self) -> bool {
        std::mem::take(&mut self.ping)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_get_waits_as_long_as_it_may() {
        let (now, mut polling) = (Instant::now(), Polling::default());
        polling.wait(Req(1), now, &Config::default());
        assert_eq!((polling.waiting(), polling.timeout()), (Some(Req(1)), None));
        assert_eq!(polling.release(), Some(Req(1)));
        let wait = Duration::from_secs(2);
        polling.wait(Req(2), now, &Config { poll_wait: Some(wait), ..Config::default() });
        assert_eq!((polling.timeout(), polling.due(now)), (Some(now + wait), None));
        assert_eq!((polling.due(now + wait), polling.waiting()), (Some(Req(2)), None));
    }

    #[test]
    fn only_what_matters_breaks_the_session() {
        let (now, mut polling) = (Instant::now(), Polling::default());
        polling.carries(Req(1));
        polling.wait(Req(2), now, &Config::default());
        assert!(!polling.dropped(Req(3)));
        assert!(polling.dropped(Req(2)));
        assert!(!polling.dropped(Req(2)));
        assert!(polling.dropped(Req(1)));
    }

    #[test]
    fn one_post_is_open() {
        let mut polling = Polling::default();
        assert!(polling.open_post(Req(1)));
        assert!(!polling.open_post(Req(2)));
        assert!(polling.is_post(Req(1)) && !polling.is_post(Req(2)));
        assert_eq!((polling.end_post(), polling.end_post()), (Some(Req(1)), None));
    }

    #[test]
    fn a_ping_is_owed_once() {
        let mut polling = Polling::default();
        assert!(!polling.take_ping());
        polling.owe_ping();
        polling.owe_ping();
        assert!(polling.take_ping() && !polling.take_ping());
    }
}
