//! The listeners of one socket: kept in the order of their registration, and handed out for each event.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::Tap;
use crate::{Event, Reply};

/// Names one listener of a socket, so that it can be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListenerId(u64);

impl ListenerId {
    /// One that no other listener of this process has, so that the id of one socket removes nothing of another.
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A listener of a socket, with its types erased. Cloning is a reference count.
#[derive(Clone)]
pub struct Listener(Arc<dyn Fn(Event) -> BoxFuture<'static, Reply> + Send + Sync>);

impl Listener {
    pub(super) fn new(listener: impl Fn(Event) -> BoxFuture<'static, Reply> + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    /// Builds the future of one event. It is the application's code, and so is dropping it.
    pub fn answer(&self, event: Event) -> BoxFuture<'static, Reply> {
        (self.0)(event)
    }
}

/// Whom one event concerns besides the handler of its namespace.
#[derive(Debug, Default)]
pub struct ListenersOf {
    /// Those for every event, which run before the handler.
    pub any: Vec<Listener>,
    /// Those for this event, which run after it.
    pub named: Vec<Listener>,
}

/// The listeners of one socket. Made with the first of them.
#[derive(Default)]
pub(super) struct Listeners {
    state: Mutex<State>,
    /// What goes on after its event has been answered, until the session's task takes it over.
    unfinished: Mutex<Vec<BoxFuture<'static, ()>>>,
}

#[derive(Default)]
struct State {
    any: Vec<(ListenerId, Listener)>,
    named: HashMap<Arc<str>, Vec<Named>>,
    outgoing: Vec<(ListenerId, Tap)>,
}

struct Named {
    id: ListenerId,
    once: bool,
    listener: Listener,
}

impl Listeners {
    /// `live` is asked under the lock, so that a socket which is cleared at its end stays so.
    pub(super) fn add(
        &self,
        name: Arc<str>,
        once: bool,
        listener: Listener,
        live: impl FnOnce() -> bool,
    ) -> ListenerId {
        let id = ListenerId::next();
        let mut state = self.state.lock();
        if live() {
            state.named.entry(name).or_default().push(Named { id, once, listener });
            return id;
        }
        drop(state);
        drop(listener);
        id
    }

    pub(super) fn add_any(&self, listener: Listener, first: bool, live: impl FnOnce() -> bool) -> ListenerId {
        let id = ListenerId::next();
        let mut state = self.state.lock();
        if live() {
            let at = if first { 0 } else { state.any.len() };
            state.any.insert(at, (id, listener));
            return id;
        }
        drop(state);
        drop(listener);
        id
    }

    pub(super) fn add_outgoing(&self, tap: Tap, first: bool, live: impl FnOnce() -> bool) -> ListenerId {
        let id = ListenerId::next();
        let mut state = self.state.lock();
        if live() {
            let at = if first { 0 } else { state.outgoing.len() };
            state.outgoing.insert(at, (id, tap));
            return id;
        }
        drop(state);
        drop(tap);
        id
    }

    /// Who is told of what is emitted to the socket.
    pub(super) fn taps(&self) -> Vec<Tap> {
        self.state.lock().outgoing.iter().map(|(_, tap)| tap.clone()).collect()
    }

    /// Whom an event concerns. Those that listen once are removed by this.
    pub(super) fn of(&self, name: &str) -> ListenersOf {
        let mut state = self.state.lock();
        let any = state.any.iter().map(|(_, listener)| listener.clone()).collect();
        let Some(list) = state.named.get_mut(name) else { return ListenersOf { any, named: Vec::new() } };
        let named = list.iter().map(|named| named.listener.clone()).collect();
        if list.iter().any(|named| named.once) {
            // Each of them is in `named` as well, so nothing of the application is dropped under the lock.
            list.retain(|named| !named.once);
            if list.is_empty() {
                state.named.remove(name);
            }
        }
        ListenersOf { any, named }
    }

    // What is removed is dropped when the lock has been released: it is the application's code.

    pub(super) fn remove(&self, id: ListenerId) -> bool {
        let mut state = self.state.lock();
        if let Some(at) = state.any.iter().position(|(known, _)| *known == id) {
            let removed = state.any.remove(at);
            drop(state);
            drop(removed);
            return true;
        }
        if let Some(at) = state.outgoing.iter().position(|(known, _)| *known == id) {
            let removed = state.outgoing.remove(at);
            drop(state);
            drop(removed);
            return true;
        }
        let found = state.named.iter().find_map(|(name, list)| {
            list.iter().position(|named| named.id == id).map(|at| (name.clone(), at))
        });
        let Some((name, at)) = found else { return false };
        let removed = state.named.get_mut(&name).map(|list| (list.remove(at), list.is_empty()));
        if let Some((_, true)) = removed {
            state.named.remove(&name);
        }
        drop(state);
        drop(removed);
        true
    }

    pub(super) fn remove_named(&self, name: &str) -> usize {
        let removed = self.state.lock().named.remove(name);
        removed.map_or(0, |list| list.len())
    }

    pub(super) fn remove_all_named(&self) {
        let removed = std::mem::take(&mut self.state.lock().named);
        drop(removed);
    }

    pub(super) fn remove_any(&self) {
        let removed = std::mem::take(&mut self.state.lock().any);
        drop(removed);
    }

    pub(super) fn remove_outgoing(&self) {
        let removed = std::mem::take(&mut self.state.lock().outgoing);
        drop(removed);
    }

    pub(super) fn leave_unfinished(&self, running: BoxFuture<'static, ()>) {
        self.unfinished.lock().push(running);
    }

    pub(super) fn take_unfinished(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.unfinished.lock())
    }

    pub(super) fn named(&self, name: &str) -> Vec<ListenerId> {
        let state = self.state.lock();
        state.named.get(name).map_or_else(Vec::new, |list| list.iter().map(|named| named.id).collect())
    }

    pub(super) fn any(&self) -> Vec<ListenerId> {
        self.state.lock().any.iter().map(|(id, _)| *id).collect()
    }

    pub(super) fn outgoing(&self) -> Vec<ListenerId> {
        self.state.lock().outgoing.iter().map(|(id, _)| *id).collect()
    }

    pub(super) fn names(&self) -> Vec<Arc<str>> {
        self.state.lock().named.keys().cloned().collect()
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}
