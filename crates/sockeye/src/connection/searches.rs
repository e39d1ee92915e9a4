//! CONNECTs to names that no namespace has yet, while the application is asked whether there is to be one.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use sockeye_proto::socket::Slot;

use crate::sites::{Found, Search};

/// What a session is searching. Costs a pointer while it is nothing.
#[derive(Default)]
pub(super) struct Searches(Option<Box<FuturesUnordered<Searching>>>);

struct Searching {
    slot: Slot,
    name: Arc<str>,
    search: Search,
}

impl Searches {
    pub(super) fn push(&mut self, slot: Slot, name: &str, search: Search) {
        self.0.get_or_insert_default().push(Searching { slot, name: name.into(), search });
    }

    /// The next that has ended, if one has.
    pub(super) fn poll_found(&mut self, cx: &mut Context<'_>) -> Option<(Slot, Arc<str>, Found)> {
        let set = self.0.as_mut()?;
        match set.poll_next_unpin(cx) {
            Poll::Ready(Some(found)) => Some(found),
            Poll::Ready(None) => {
                self.0 = None;
                None
            }
            Poll::Pending => None,
        }
    }

    /// Whether nothing is asked.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Bytes that the client has sent along.
    pub(super) fn auth(&self) -> usize {
        self.0.as_ref().map_or(0, |set| set.iter().map(|searching| searching.search.auth()).sum())
    }

    /// Nobody waits for them any longer.
    pub(super) fn cut(&mut self) {
        self.0 = None;
    }
}

impl Future for Searching {
    type Output = (Slot, Arc<str>, Found);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let found = std::task::ready!(Pin::new(&mut self.search).poll(cx));
        Poll::Ready((self.slot, self.name.clone(), found))
    }
}
