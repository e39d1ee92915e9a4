//! The requests of a session that polls: one GET that waits, one POST that is read.

use std::time::Instant;

use crate::engine::{Config, Req};

/// The requests that are open, and what the next GET is owed.
#[derive(Debug, Default)]
pub(super) struct Polling {
    carried: Option<Req>,
    /// Boxed: a session on a websocket has none.
    open: Option<Box<Requests>>,
}

#[derive(Debug, Default)]
struct Requests {
    waiting: Option<Waiting>,
    post: Option<Req>,
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
        self.made().waiting = Some(Waiting { req, until: config.poll_wait.map(|wait| now + wait) });
    }

    /// The GET that waits.
    pub(super) fn waiting(&self) -> Option<Req> {
        self.open.as_ref()?.waiting.as_ref().map(|waiting| waiting.req)
    }

    /// The GET waits no more.
    pub(super) fn release(&mut self) -> Option<Req> {
        self.open.as_mut()?.waiting.take().map(|waiting| waiting.req)
    }

    /// The GET that has waited long enough.
    pub(super) fn due(&mut self, now: Instant) -> Option<Req> {
        self.open
            .as_mut()?
            .waiting
            .take_if(|waiting| waiting.until.is_some_and(|until| until <= now))
            .map(|waiting| waiting.req)
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        self.open.as_ref()?.waiting.as_ref()?.until
    }

    /// This GET's answer takes packets from the outbox: when it is lost, so are they.
    pub(super) fn carries(&mut self, req: Req) {
        self.carried = Some(req);
    }

    /// A GET or its answer was dropped. Says whether that breaks the session.
    pub(super) fn dropped(&mut self, req: Req) -> bool {
        let waiting = self.open.as_mut().and_then(|open| open.waiting.take_if(|waiting| waiting.req == req));
        waiting.is_some() || self.carried.take_if(|it| *it == req).is_some()
    }

    /// A POST begins. `false` when another one is open.
    pub(super) fn open_post(&mut self, req: Req) -> bool {
        let post = &mut self.made().post;
        let free = post.is_none();
        if free {
            *post = Some(req);
        }
        free
    }

    /// Whether this is the POST that is read.
    pub(super) fn is_post(&self, req: Req) -> bool {
        self.open.as_ref().is_some_and(|open| open.post == Some(req))
    }

    /// The POST that is read is to be answered, or needs no answer any more.
    pub(super) fn end_post(&mut self) -> Option<Req> {
        self.open.as_mut()?.post.take()
    }

    /// A ping is due and no GET waits.
    pub(super) fn owe_ping(&mut self) {
        self.made().ping = true;
    }

    /// Whether a ping is owed; it is not any more.
    pub(super) fn take_ping(&mut self) -> bool {
        self.open.as_mut().is_some_and(|open| std::mem::take(&mut open.ping))
    }

    /// The session is on a websocket: gives back what was made for its polls, if none of them is open any more.
    pub(super) fn rest(&mut self) {
        self.open.take_if(|open| open.waiting.is_none() && open.post.is_none());
    }

    fn made(&mut self) -> &mut Requests {
        self.open.get_or_insert_default()
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
    fn rests_when_nothing_is_open() {
        let mut polling = Polling::default();
        polling.open_post(Req(1));
        polling.carries(Req(2));
        polling.rest();
        assert!(polling.is_post(Req(1)));
        polling.end_post();
        polling.rest();
        assert!(polling.dropped(Req(2)), "its answer may still be lost");
        assert!(polling.open.is_none());
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
