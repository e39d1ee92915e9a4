//! Who asks for a namespace that does not exist: which of the parents makes it.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use serde_json::Value;
use sockeye_core::{Parameters, Payload};

use super::{Seat, Sites, child::invalid};
use crate::{admit, catch::drop_caught};

/// What a CONNECT to a name comes to.
pub(crate) enum Found {
    /// A namespace to be admitted to, and what the client sent along.
    Seat(Seat, Payload),
    /// The application has to be asked first.
    Asking(Search),
    /// Nothing, and what the client is told.
    Nothing(Value),
}

/// The application is being asked whether there is to be a namespace.
pub(crate) struct Search {
    /// What the client sent along, in bytes.
    auth: usize,
    asking: Option<BoxFuture<'static, Found>>,
}

impl Sites {
    /// The namespace that a client asks for: one that exists, or one that is made for it.
    pub(crate) fn ask(self: &Arc<Self>, name: &str, auth: Payload, timeout: Duration) -> Found {
        if let Some(seat) = self.seat(name) {
            return Found::Seat(seat, auth);
        }
        let Some((at, parameters)) = self.next(name, 0) else { return Found::Nothing(invalid()) };
        if self.parents.get(at).is_some_and(|parent| parent.allow.is_none()) {
            return match self.claim(name, at, parameters) {
                Ok(seat) => Found::Seat(seat, auth),
                Err(told) => Found::Nothing(told),
            };
        }
        let (sites, name, bytes) = (self.clone(), name.to_owned(), auth.len());
        let asking = async move {
            match tokio::time::timeout(timeout, sites.search(&name, &auth)).await {
                Ok(Ok(seat)) => Found::Seat(seat, auth),
                Ok(Err(told)) => Found::Nothing(told),
                Err(_) => Found::Nothing(admit::plain("admission timed out")),
            }
        };
        Found::Asking(Search { auth: bytes, asking: Some(asking.boxed()) })
    }

    /// Asks one after the other, until one wants it.
    async fn search(self: &Arc<Self>, name: &str, auth: &Payload) -> Result<Seat, Value> {
        let mut from = 0;
        while let Some((at, parameters)) = self.next(name, from) {
            let Some(parent) = self.parents.get(at) else { break };
            if parent.allows(name, auth).await {
                return self.claim(name, at, parameters);
            }
            from = at + 1;
        }
        // One that stays may have been added meanwhile.
        self.seat(name).ok_or_else(invalid)
    }

    /// The next parent whose pattern fits.
    fn next(&self, name: &str, from: usize) -> Option<(usize, Parameters)> {
        let parents = self.parents.iter().enumerate().skip(from);
        parents.filter_map(|(at, parent)| Some((at, parent.pattern.parameters(name)?))).next()
    }
}

impl Search {
    /// Bytes that the client has sent along.
    pub(crate) const fn auth(&self) -> usize {
        self.auth
    }
}

impl Future for Search {
    type Output = Found;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Found> {
        let Some(asking) = &mut self.asking else { return Poll::Pending };
        let found = std::task::ready!(asking.poll_unpin(cx));
        self.asking = None;
        Poll::Ready(found)
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        // With it may go a future of the application.
        let _ = drop_caught(self.asking.take());
    }
}
