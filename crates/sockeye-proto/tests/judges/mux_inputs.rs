//! A multiplexer's life: what a client sends and what the server does, in any order, against a model.
//!
//! A line is a text message, unless it begins with one of these:
//! `#` an attachment; `+`, `-`, `<` and a digit: that slot is admitted, refused, left by the server; `?` nobody waits for
//! the ack; `(` and `)` reading pauses and goes on; `~` and a number: so many milliseconds pass; `!` the timeout comes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde::de::IgnoredAny;
use sockeye_proto::{
    engine::MessageRef,
    socket::{Incoming, Mux, MuxConfig, Slot, Violation, is_reserved},
};

use super::{arguments, lines::lines};

const MOST_LINES: usize = 200;

/// Close to what a fuzzer can reach.
fn config() -> MuxConfig {
    MuxConfig {
        max_attachments: 3,
        max_depth: 8,
        max_payload: 300,
        max_namespaces: 3,
        max_namespace_len: 20,
        max_stray: 3,
        ..MuxConfig::default()
    }
}

struct Model {
    config: Arc<MuxConfig>,
    mux: Mux,
    now: Instant,
    slots: Vec<(Slot, String, State)>,
    paused: bool,
    /// Some namespace was joined once.
    arrived: bool,
    /// A packet waits for attachments.
    assembling: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Pending,
    Joined,
    Gone,
}

pub(crate) fn judge(data: &[u8]) {
    let (config, now) = (Arc::new(config()), Instant::now());
    let mux = Mux::new(Arc::clone(&config), now);
    let mut model =
        Model { config, mux, now, slots: Vec::new(), paused: false, arrived: false, assembling: false };
    for line in lines(data).iter().take(MOST_LINES) {
        // Nothing may be handled behind a violation.
        if model.line(line).is_err() {
            return;
        }
        model.check();
    }
}

impl Model {
    fn line(&mut self, line: &[u8]) -> Result<(), Violation> {
        let (kind, rest) = line.split_first().map_or((0, line), |(kind, rest)| (*kind, rest));
        match kind {
            b'#' => self.binary(rest),
            b'+' => {
                if let Some((slot, state)) = self.nth(rest) {
                    self.mux.admitted(slot);
                    self.arrived |= state == State::Pending;
                    self.change(slot, State::Pending, State::Joined);
                }
                Ok(())
            }
            b'-' => {
                if let Some((slot, _)) = self.nth(rest) {
                    self.mux.refused(slot);
                    self.change(slot, State::Pending, State::Gone);
                }
                Ok(())
            }
            b'<' => {
                if let Some((slot, _)) = self.nth(rest) {
                    self.mux.left(slot);
                    self.change(slot, State::Pending, State::Gone);
                    self.change(slot, State::Joined, State::Gone);
                }
                Ok(())
            }
            b'?' => self.mux.unasked(self.now),
            b'(' | b')' => {
                self.paused = kind == b'(';
                self.mux.paused(self.paused, self.now);
                Ok(())
            }
            b'~' => {
                let pass = str::from_utf8(rest).ok().and_then(|number| number.parse::<u32>().ok());
                self.now += Duration::from_millis(pass.unwrap_or_default().into());
                self.timeout()
            }
            b'!' => {
                self.now = self.mux.timeout().unwrap_or(self.now).max(self.now);
                self.timeout()
            }
            _ => self.text(&String::from_utf8_lossy(line)),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Violation> {
        let assembling = self.assembling;
        let handled = self.mux.handle(MessageRef::Text(text), self.now);
        if assembling {
            assert_eq!(handled.as_ref().err(), Some(&Violation::InterruptedAttachments));
        }
        match handled? {
            Some(Incoming::Connect { slot, namespace, auth }) => {
                assert!(auth.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(&auth).is_ok());
                assert!(slot.index() < self.config.max_namespaces);
                assert!(namespace.len() <= self.config.max_namespace_len);
                let taken = |(other, name, state): &(Slot, String, State)| {
                    *state != State::Gone && (other.index() == slot.index() || name == namespace)
                };
                assert!(!self.slots.iter().any(taken), "a slot or a namespace is given twice");
                assert!(self.slots.iter().all(|(other, ..)| *other != slot), "a slot comes back");
                self.slots.push((slot, namespace.to_owned(), State::Pending));
            }
            Some(Incoming::Disconnect { slot }) => {
                assert!(self.is_joined(slot));
                self.change(slot, State::Joined, State::Gone);
            }
            Some(said) => self.said(&said),
            None => self.assembling = self.mux.buffered() > 0,
        }
        Ok(())
    }

    fn binary(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        let assembling = self.assembling;
        let handled = self.mux.handle(MessageRef::Binary(bytes), self.now);
        if !assembling {
            assert_eq!(handled.as_ref().err(), Some(&Violation::UnexpectedBinary));
        }
        if let Some(said) = handled? {
            self.said(&said);
            self.assembling = false;
        }
        // The last attachment of what nobody wants says nothing.
        self.assembling &= self.mux.buffered() > 0;
        Ok(())
    }

    fn said(&self, said: &Incoming<'_>) {
        let (slot, arguments) = match said {
            Incoming::Event { slot, name, arguments, .. } => {
                assert!(!is_reserved(name));
                (slot, arguments)
            }
            Incoming::Ack { slot, arguments, .. } => (slot, arguments),
            other => panic!("{other:?} has no place here"),
        };
        assert!(self.is_joined(*slot), "a packet for a namespace that is not joined");
        assert!(arguments.attachments().len() <= self.config.max_attachments);
        assert_eq!(self.mux.buffered(), 0, "something is kept of a whole packet");
        arguments::check(arguments, self.config.max_depth);
    }

    fn timeout(&mut self) -> Result<(), Violation> {
        let due = self.mux.timeout().is_some_and(|at| at <= self.now);
        let ended = self.mux.handle_timeout(self.now);
        assert_eq!(ended.is_err(), due, "a timeout is kept, and not ahead of time");
        ended
    }

    /// What holds between any two inputs.
    fn check(&self) {
        assert_eq!(
            self.mux.buffered() > 0,
            self.assembling,
            "bytes are held when a packet waits, and only then"
        );
        assert!(self.mux.buffered() <= self.config.max_payload);
        assert_eq!(self.mux.timeout().is_some(), !self.paused && (!self.arrived || self.assembling));
        let live = self.slots.iter().filter(|(.., state)| *state != State::Gone).count();
        assert!(live <= self.config.max_namespaces);
    }

    fn nth(&self, digit: &[u8]) -> Option<(Slot, State)> {
        let at = usize::from(digit.first().map_or(0, |digit| digit.wrapping_sub(b'0')));
        self.slots.get(at % self.slots.len().max(1)).map(|(slot, _, state)| (*slot, *state))
    }

    fn is_joined(&self, slot: Slot) -> bool {
        self.slots.iter().any(|(other, _, state)| *other == slot && *state == State::Joined)
    }

    fn change(&mut self, slot: Slot, from: State, to: State) {
        for (other, _, state) in &mut self.slots {
            if *other == slot && *state == from {
                *state = to;
            }
        }
    }
}
