//! From the name of an event to its handler; the innermost service, which the layers of a namespace wrap.

use std::sync::Arc;

use futures_util::future::{self, BoxFuture, FutureExt as _};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use sockeye_core::{Event, Reply};

use super::sharing::Sharing;
use crate::route::{Endpoint, Route};

/// Finds the handler of an event, or the fallback, or says that nobody knows it.
pub(super) struct Dispatcher {
    /// Clients only look into it, so nobody can make names that collide in it: the quickest hasher will do.
    routes: FxHashMap<Arc<str>, Route>,
    fallback: Option<Route>,
}

impl Dispatcher {
    pub(super) const fn new(routes: FxHashMap<Arc<str>, Route>, fallback: Option<Route>) -> Self {
        Self { routes, fallback }
    }

    /// Its routes, for events that may go there at once.
    pub(super) fn routes(&self) -> FxHashMap<SmolStr, Route> {
        self.routes.iter().map(|(name, route)| (SmolStr::new(name), route.clone())).collect()
    }
}

impl Endpoint for Dispatcher {
    fn call(&self, event: Event) -> BoxFuture<'static, Reply> {
        let known = self.routes.get(event.name());
        if let Some(of) = event.socket().listeners_of(event.name()) {
            return Sharing::new(event, of, known, self.fallback.as_ref()).boxed();
        }
        match known.or(self.fallback.as_ref()) {
            Some(route) => route.answer(event),
            None => future::ready(Reply::unknown_event()).boxed(),
        }
    }
}
