//! Handlers that wait for the end of the server they run in.

use std::{cell::Cell, sync::Arc};

use parking_lot::Mutex;
use sockeye_engine::{Engine, Excused};

use super::{Connections, control::Control};

/// Whether handlers of one session wait for a shutdown. The shutdown in turn waits for all sessions, so this one must
/// be excused as soon as nothing but such handlers can be left of it. Nothing is allocated before one waits or the
/// session closes.
#[derive(Default)]
pub(super) struct Waits(Mutex<Option<Box<State>>>);

#[derive(Default)]
struct State {
    handlers: usize,
    closed: bool,
    engine: Option<Engine<Connections>>,
    excused: Option<Excused>,
}

impl Waits {
    /// Whether a handler of this session waits.
    pub(super) fn are_there(&self) -> bool {
        self.0.lock().as_ref().is_some_and(|state| state.handlers > 0)
    }

    /// The session has closed; what was queued for its client is written.
    pub(super) fn closed(&self) {
        let mut state = self.0.lock();
        let state = state.get_or_insert_default();
        state.closed = true;
        state.judge();
    }
}

/// Everything polled until the answer is dropped is code of this session.
pub(super) fn enter(session: &Arc<Control>) -> Entered {
    Entered(CURRENT.replace(Some(session.clone())))
}

impl State {
    fn judge(&mut self) {
        let Some(engine) = &self.engine else { return };
        if self.closed && self.handlers > 0 && self.excused.is_none() {
            self.excused = Some(engine.excuse());
        }
    }
}

/// Told at the beginning of a wait for a shutdown: if it is a handler that waits, its session will not be waited for.
pub(crate) fn begin(engine: &Engine<Connections>) -> Option<Wait> {
    let current = CURRENT.take();
    let session = current.clone();
    CURRENT.set(current);
    let session = session?;
    let mut waits = session.waits.0.lock();
    let state = waits.get_or_insert_default();
    state.handlers += 1;
    state.engine = Some(engine.clone());
    state.judge();
    drop(waits);
    Some(Wait(session))
}

/// One handler that waits for a shutdown.
pub(crate) struct Wait(Arc<Control>);

impl Drop for Wait {
    fn drop(&mut self) {
        let mut waits = self.0.waits.0.lock();
        let Some(state) = waits.as_mut() else { return };
        state.handlers -= 1;
        if state.handlers == 0 {
            // Dropped with no lock held, for the last handle of an engine takes everything with it.
            let last = (state.engine.take(), state.excused.take());
            drop(waits);
            drop(last);
        }
    }
}

/// Code of a session is being polled.
pub(super) struct Entered(Option<Arc<Control>>);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

thread_local! {
    /// The session whose code this thread runs at the moment.
    static CURRENT: Cell<Option<Arc<Control>>> = const { Cell::new(None) };
}
