//! Headers of the application on the answers of the engine.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts};
use tracing::debug;

use super::{Hook, Hooks};
use crate::Body;

/// Changes the headers of an answer to the request with this head.
pub(crate) type HeaderHook = dyn Fn(&mut HeaderMap, &Parts) + Send + Sync;

/// What is still to be put on an answer.
pub(crate) struct Dress {
    hooks: Arc<Hooks>,
    /// Only if a hook wants to see it.
    head: Option<Parts>,
    cookie: Option<HeaderValue>,
    /// Whether the answer is the first of its session.
    first: bool,
}

impl Dress {
    /// For the answer to an ordinary request; `None` when nothing will be put on it.
    pub(crate) fn later(hooks: &Arc<Hooks>, head: &Parts) -> Option<Box<Self>> {
        hooks.headers.is_some().then(|| Box::new(Self::new(hooks, Some(head.clone()), false)))
    }

    /// For the answer to a handshake.
    pub(crate) fn first(hooks: &Arc<Hooks>, head: &Parts) -> Option<Box<Self>> {
        let hooked = hooks.headers.is_some() || hooks.initial_headers.is_some();
        (hooked || hooks.cookie.is_some())
            .then(|| Box::new(Self::new(hooks, hooked.then(|| head.clone()), true)))
    }

    fn new(hooks: &Arc<Hooks>, head: Option<Parts>, first: bool) -> Self {
        Self { hooks: Arc::clone(hooks), head, cookie: None, first }
    }

    /// Adds the cookie that names the session.
    pub(crate) fn name(&mut self, sid: &str) {
        self.cookie = self.hooks.cookie.as_ref().and_then(|cookie| cookie.header(sid));
    }

    /// Puts it on an answer that has succeeded.
    pub(crate) fn put_on(self, response: &mut Response<Body>) {
        if !matches!(response.status(), StatusCode::OK | StatusCode::SWITCHING_PROTOCOLS) {
            return;
        }
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        let Some(head) = &self.head else { return };
        let initial = self.hooks.initial_headers.as_ref().filter(|_| self.first);
        for hook in [initial, self.hooks.headers.as_ref()].into_iter().flatten() {
            run(hook, response.headers_mut(), head);
        }
    }
}

fn run(hook: &Hook<HeaderHook>, headers: &mut HeaderMap, head: &Parts) {
    if catch_unwind(AssertUnwindSafe(|| (hook.0)(headers, head))).is_err() {
        debug!(target: "sockeye::rejection", "a header hook panicked");
    }
}
