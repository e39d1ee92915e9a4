//! What a server's settings bound, and whether they make sense.

use sockeye_engine::Limit;

use super::Builder;

impl<S> Builder<S> {
    /// What is bounded by now, and what happens beyond; `docs/limits.md` is made of it.
    pub fn limits(&self) -> Vec<Limit> {
        let mut settings = self.settings.clone();
        settings.inbound_budget = self.inbound_budget.unwrap_or(self.engine.max_payload);
        [self.engine().limits(), self.mux.limits(), settings.limits(), self.sockets.limits()].concat()
    }

    /// # Errors
    /// What is wrong with the first setting that makes no sense. The engine checks its own.
    pub(super) fn validate(&self) -> Result<(), String> {
        self.mux.validate().map_err(|error| error.to_string())?;
        self.sockets.validate()?;
        Ok(self.settings.validate()?)
    }
}
