//! Dropping what is too old or too much.

use tokio::time::{Duration, Instant};

use super::{Order, Place, Sequencer};

impl Order<'_> {
    /// Drops what is too old.
    pub(super) fn sweep(&mut self, now: Instant) {
        let (away, detection) = {
            let settings = &self.sequencer.settings;
            (settings.away, settings.detection)
        };
        self.state.sweep = now + PAUSE;
        if let Some(before) = now.checked_sub(away.saturating_add(detection)) {
            let freed = self.state.log.expire(before);
            self.sequencer.weigh_out(freed, 0);
        }
        while self.state.sessions.oldest().is_some_and(|since| since + away < now) {
            self.drop_oldest_session();
        }
    }

    /// `false`: nobody is away.
    fn drop_oldest_session(&mut self) -> bool {
        let Some(away) = self.state.sessions.drop_oldest() else { return false };
        self.sequencer.weigh_out(away.cost(), 1);
        self.gone.push(Place::Away(away));
        true
    }

    /// The oldest event or session. `false`: there is none.
    fn drop_oldest(&mut self) -> bool {
        match (self.state.log.oldest(), self.state.sessions.oldest()) {
            (None, None) => false,
            (None, Some(_)) => self.drop_oldest_session(),
            (Some(event), Some(session)) if session < event => self.drop_oldest_session(),
            (Some(_), _) => {
                let freed = self.state.log.drop_oldest();
                self.sequencer.weigh_out(freed, 0);
                true
            }
        }
    }
}

/// For the budget.
impl Sequencer {
    /// Drops what is oldest as long as there is too much. `false`: there was nothing to drop.
    pub(in crate::recovery) fn drop_oldest(&self, over: impl Fn() -> bool) -> bool {
        self.drop_while(over, |order| order.drop_oldest())
    }

    /// Drops sessions as long as there are too many. `false`: there was none.
    pub(in crate::recovery) fn drop_oldest_session(&self, over: impl Fn() -> bool) -> bool {
        self.drop_while(over, |order| order.drop_oldest_session())
    }

    fn drop_while(&self, over: impl Fn() -> bool, drop_one: impl Fn(&mut Order<'_>) -> bool) -> bool {
        let mut order = self.lock_unsettled();
        let mut dropped = false;
        while over() && drop_one(&mut order) {
            dropped = true;
        }
        dropped
    }
}

impl Drop for Sequencer {
    fn drop(&mut self) {
        // What it kept goes with it.
        self.budget.total.sub(self.weight.bytes(), self.weight.sessions());
    }
}

/// What is too old is looked for no more often.
const PAUSE: Duration = Duration::from_secs(1);
