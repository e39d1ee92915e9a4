//! Replies by key, within their bounds.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use parking_lot::Mutex;
use sockeye_core::Reply;
use tokio::{sync::oneshot, time::Instant};

use super::Bounds;

/// The replies of one layer.
pub(super) struct Memory {
    bounds: Bounds,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    by_key: HashMap<Arc<str>, Known>,
    /// Those that were answered, the oldest first.
    order: VecDeque<(Instant, Arc<str>)>,
    bytes: usize,
}

enum Known {
    /// It is being handled, and these wait for the reply.
    Running(Vec<oneshot::Sender<Reply>>),
    Answered(Reply, usize),
}

/// What an event finds.
pub(super) enum Found {
    /// Nobody was here before: handle it, and say what has come of it.
    First(First),
    Answer(Reply),
    /// The reply will come, unless who handles it is dropped.
    Wait(oneshot::Receiver<Reply>),
}

/// The first event of a key, being handled. Dropped without an answer, the next one is the first.
pub(super) struct First {
    memory: Arc<Memory>,
    key: Arc<str>,
}

impl Memory {
    pub(super) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, state: Mutex::default() })
    }

    pub(super) fn find(self: &Arc<Self>, key: &Arc<str>) -> Found {
        let mut state = self.state.lock();
        let gone = state.forget(self.bounds, Instant::now());
        let found = match state.by_key.get_mut(&**key) {
            Some(Known::Answered(reply, _)) => Found::Answer(reply.clone()),
            Some(Known::Running(waiting)) => {
                let (sender, receiver) = oneshot::channel();
                waiting.push(sender);
                Found::Wait(receiver)
            }
            None => {
                state.by_key.insert(key.clone(), Known::Running(Vec::new()));
                Found::First(First { memory: self.clone(), key: key.clone() })
            }
        };
        drop(state);
        drop(gone);
        found
    }
}

impl State {
    /// Takes out what is too old or too much.
    fn forget(&mut self, bounds: Bounds, now: Instant) -> Vec<Known> {
        let mut gone = Vec::new();
        while let Some((at, _)) = self.order.front()
            && (self.order.len() > bounds.replies
                || self.bytes > bounds.bytes
                || now.saturating_duration_since(*at) >= bounds.time)
            && let Some((_, key)) = self.order.pop_front()
        {
            if let Some(Known::Answered(reply, cost)) = self.by_key.remove(&key) {
                self.bytes -= cost;
                gone.push(Known::Answered(reply, cost));
            }
        }
        gone
    }
}

impl First {
    /// What has come of it.
    pub(super) fn answer(self, reply: &Reply) {
        if reply.is_error() {
            // Dropping it lets the next one try, which waits for nothing better.
            return;
        }
        let said = reply.arguments().map_or(0, |arguments| arguments.len());
        let cost = said.saturating_add(self.key.len()).saturating_add(ENTRY);
        let bounds = self.memory.bounds;
        let mut state = self.memory.state.lock();
        let Some(Known::Running(waiting)) = state.by_key.remove(&self.key) else { return };
        if cost <= bounds.bytes {
            state.bytes += cost;
            state.by_key.insert(self.key.clone(), Known::Answered(reply.clone(), cost));
            let now = Instant::now();
            state.order.push_back((now, self.key.clone()));
            let gone = state.forget(bounds, now);
            drop(state);
            drop(gone);
        } else {
            drop(state);
        }
        for waits in waiting {
            // Who has gone away needs no reply.
            let _ = waits.send(reply.clone());
        }
    }
}

impl Drop for First {
    fn drop(&mut self) {
        let mut state = self.memory.state.lock();
        if let Some(Known::Running(_)) = state.by_key.get(&self.key) {
            let waiting = state.by_key.remove(&self.key);
            drop(state);
            // Those who wait see it, and the first of them is the next.
            drop(waiting);
        }
    }
}

/// What a reply costs beside its bytes.
const ENTRY: usize = 256;
