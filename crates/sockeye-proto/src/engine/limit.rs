//! One bound, as a page or a log shows it.

use std::time::Duration;

use crate::engine::CloseReason;

/// One bound of a server: what it is called, what it is, and what happens beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// The setting's name.
    pub name: &'static str,
    /// Its value, with the unit.
    pub value: String,
    /// What happens beyond, in one sentence.
    pub beyond: &'static str,
    /// How that is seen: the reason of a close, the status of an answer, the caller's error.
    pub seen: String,
}

impl Limit {
    /// A bound in words of its own.
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), beyond: "", seen: String::new() }
    }

    /// A bound in time.
    pub fn time(name: &'static str, time: Duration) -> Self {
        let millis = time.as_millis();
        let value =
            if millis.is_multiple_of(1000) { format!("{} s", millis / 1000) } else { format!("{millis} ms") };
        Self::new(name, value)
    }

    /// A bound in time that need not be set.
    pub fn time_if_set(name: &'static str, time: Option<Duration>) -> Self {
        time.map_or_else(|| Self::new(name, "none"), |time| Self::time(name, time))
    }

    /// A bound in bytes.
    pub fn bytes(name: &'static str, bytes: usize) -> Self {
        Self::new(name, format!("{} bytes", grouped(bytes)))
    }

    /// A bound in number.
    pub fn count(name: &'static str, count: usize) -> Self {
        Self::new(name, if count == usize::MAX { "none".to_owned() } else { grouped(count) })
    }

    /// What happens beyond.
    #[must_use]
    pub const fn beyond(mut self, what: &'static str) -> Self {
        self.beyond = what;
        self
    }

    /// How that is seen.
    #[must_use]
    pub fn seen(mut self, seen: impl Into<String>) -> Self {
        self.seen = seen.into();
        self
    }

    /// It is seen by the reason of a session's close.
    #[must_use]
    pub fn closes(self, reason: CloseReason) -> Self {
        let seen = match reason.detail() {
            Some(detail) => format!("close `{}`: {detail}", reason.as_str()),
            None => format!("close `{}`", reason.as_str()),
        };
        self.seen(seen)
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Transport, TransportError, Violation};

    #[test]
    fn values_have_their_units() {
        assert_eq!(Limit::time("x", Duration::from_secs(25)).value, "25 s");
        assert_eq!(Limit::time("x", Duration::from_millis(1500)).value, "1500 ms");
        assert_eq!(Limit::time_if_set("x", None).value, "none");
        for (bytes, text) in
            [(0, "0"), (512, "512"), (1000, "1,000"), (65_536, "65,536"), (1_000_000, "1,000,000")]
        {
            assert_eq!(Limit::bytes("x", bytes).value, format!("{text} bytes"));
            assert_eq!(Limit::count("x", bytes).value, text);
        }
        assert_eq!(Limit::count("x", usize::MAX).value, "none");
    }

    #[test]
    fn the_reason_of_a_close_is_shown_with_its_detail() {
        let seen = |reason| Limit::count("x", 1).closes(reason).seen;
        assert_eq!(seen(CloseReason::Stalled), "close `stalled`");
        let error = TransportError::PostAborted;
        assert_eq!(
            seen(CloseReason::TransportError(error)),
            "close `transport error`: post connection closed prematurely"
        );
        let violation = CloseReason::Protocol(Violation::new("much too much"), Transport::WebSocket);
        assert_eq!(seen(violation), "close `forced close`: much too much");
    }
}
