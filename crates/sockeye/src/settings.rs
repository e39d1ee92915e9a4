//! How events are taken in and run.

use std::time::Duration;

use sockeye_core::Recovery;
use sockeye_engine::Limit;

/// How events are taken in and run; the setters of [`Builder`](crate::Builder) say what each is.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) events_in_flight: usize,
    pub(crate) inbound_budget: usize,
    pub(crate) admit_timeout: Duration,
    pub(crate) handler_grace: Duration,
    pub(crate) max_dynamic_namespaces: usize,
    /// Nothing where it is off.
    pub(crate) recovery: Option<Recovery>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            events_in_flight: 16,
            inbound_budget: 1_000_000,
            admit_timeout: Duration::from_secs(10),
            handler_grace: Duration::from_secs(30),
            max_dynamic_namespaces: 10_000,
            recovery: None,
        }
    }
}

impl Settings {
    /// # Errors
    /// Says what is wrong with the first setting that makes no sense.
    pub(crate) fn validate(&self) -> Result<(), &'static str> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            events_in_flight,
            inbound_budget,
            admit_timeout,
            handler_grace,
            recovery,
            // None at all is a wish like another.
            max_dynamic_namespaces: _,
        } = self;
        let rules = [
            (*events_in_flight > 0, "events_in_flight must be more than zero"),
            (*inbound_budget > 0, "inbound_budget must be more than zero"),
            (!admit_timeout.is_zero(), "admit_timeout must be more than zero"),
            (*admit_timeout <= LONGEST, "admit_timeout must be at most a year"),
            // No grace at all is a wish like another.
            (*handler_grace <= LONGEST, "handler_grace must be at most a year"),
        ];
        let wrong = rules.into_iter().find(|(kept, _)| !kept).map(|(_, rule)| rule);
        wrong.map_or_else(|| recovery.as_ref().map_or(Ok(()), Recovery::validate), Err)
    }

    /// What is bounded, and what happens beyond.
    pub(crate) fn limits(&self) -> Vec<Limit> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            events_in_flight,
            inbound_budget,
            admit_timeout,
            handler_grace,
            max_dynamic_namespaces,
            recovery,
        } = self;
        let mut limits = vec![
            Limit::count("events_in_flight", *events_in_flight)
                .beyond("The next event of the same socket waits for one that runs.")
                .seen("—"),
            Limit::bytes("inbound_budget", *inbound_budget)
                .beyond(
                    "Nothing more is read of a session whose events wait or run; its pong deadline stands still and \
                     `stall_timeout` runs. One event is always allowed.",
                )
                .seen("—"),
            Limit::time("admit_timeout", *admit_timeout)
                .beyond("The client is refused.")
                .seen("`connect_error`: admission timed out"),
            Limit::time("handler_grace", *handler_grace)
                .beyond("Handlers that run on after their socket has left are dropped.")
                .seen("log, DEBUG: handlers were cut"),
            Limit::count("max_dynamic_namespaces", *max_dynamic_namespaces)
                .beyond("No further namespace is made for a pattern; the client is refused.")
                .seen("`connect_error`: Too many namespaces"),
        ];
        limits.extend(recovery.iter().flat_map(Recovery::limits));
        limits
    }
}

/// Keeps the arithmetic with instants far from its limits.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        let default = Settings::default;
        assert_eq!(default().validate(), Ok(()));
        let cases = [
            (Settings { events_in_flight: 0, ..default() }, "events_in_flight"),
            (Settings { inbound_budget: 0, ..default() }, "inbound_budget"),
            (Settings { admit_timeout: Duration::ZERO, ..default() }, "admit_timeout"),
            (Settings { admit_timeout: Duration::MAX, ..default() }, "admit_timeout"),
            (Settings { handler_grace: Duration::MAX, ..default() }, "handler_grace"),
            (Settings { recovery: Some(Recovery::for_at_most(Duration::ZERO)), ..default() }, "recovery"),
        ];
        for (settings, named) in cases {
            assert!(settings.validate().unwrap_err().contains(named), "{named}");
        }
        assert_eq!(Settings { handler_grace: Duration::ZERO, ..default() }.validate(), Ok(()));
    }
}
