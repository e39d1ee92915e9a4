//! The requests of a client that polls: one GET always, one POST at a time.

use crate::engine::Req;

/// The requests under way, and what the next POST owes.
#[derive(Debug, Default)]
pub(super) struct Polling {
    get: Option<Req>,
    post: Option<Req>,
    pong: bool,
    farewell: bool,
}

/// The request to send now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Get,
    Post { pong: bool },
}

impl Polling {
    pub(super) fn got_get(&mut self, req: Req) {
        self.get = Some(req);
    }

    pub(super) fn got_post(&mut self, req: Req) {
        self.post = Some(req);
        self.pong = false;
    }

    /// That request is over. `false` for one that is not ours.
    pub(super) fn end(&mut self, req: Req) -> bool {
        self.get.take_if(|get| *get == req).or_else(|| self.post.take_if(|post| *post == req)).is_some()
    }

    /// Whether this is the GET.
    pub(super) fn is_get(&self, req: Req) -> bool {
        self.get == Some(req)
    }

    /// The next POST answers a ping.
    pub(super) fn owe_pong(&mut self) {
        self.pong = true;
    }

    pub(super) fn take_pong(&mut self) -> bool {
        std::mem::take(&mut self.pong)
    }

    /// The close packet left with the POST under way.
    pub(super) fn said_farewell(&mut self) {
        self.farewell = true;
    }

    /// Whether the server has heard the close packet.
    pub(super) fn is_done(&self) -> bool {
        self.farewell && self.post.is_none()
    }

    /// Whether nothing is under way.
    pub(super) fn is_quiet(&self) -> bool {
        self.get.is_none() && self.post.is_none()
    }

    /// What to send now, when something waits or the end has come.
    pub(super) fn next(&self, outgoing: bool) -> Option<Next> {
        if self.farewell {
            None
        } else if self.get.is_none() {
            Some(Next::Get)
        } else if self.post.is_none() && (self.pong || outgoing) {
            Some(Next::Post { pong: self.pong })
        } else {
            None
        }
    }

    /// Forgets the requests under way.
    pub(super) fn abandon(&mut self) -> [Option<Req>; 2] {
        [self.get.take(), self.post.take()]
    }
}
