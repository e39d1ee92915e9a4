//! Handlers that wait for the end of the server they run in.

use std::sync::Arc;

use parking_lot::Mutex;
use scoped_tls::scoped_thread_local;
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

/// Runs code of this session.
pub(super) fn enter<R>(session: &Arc<Control>, code: impl FnOnce() -> R) -> R {
    CURRENT.set(session, code)
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
    let session = if CURRENT.is_set() { CURRENT.with(Arc::clone) } else { return None };
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

scoped_thread_local! {
    // The session whose code this thread runs at the moment. Lent, for each event would count a handle otherwise.
    static CURRENT: Arc<Control>
}
