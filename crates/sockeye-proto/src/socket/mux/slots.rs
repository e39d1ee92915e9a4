//! Which namespaces a session has to do with, and how.

use std::time::{Duration, Instant};

use crate::socket::Violation;

/// One CONNECT of a session: the place of a namespace from then until it is refused or left.
///
/// [`index`](Self::index) is small and used again, so it can index a table; the whole value is not, so what is said
/// late about an old slot never meets the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u32);

impl Slot {
    fn new(index: u16, generation: u16) -> Self {
        Self(u32::from(generation) << 16 | u32::from(index))
    }

    /// A number below [`MuxConfig::max_namespaces`](super::MuxConfig::max_namespaces) that no other slot has while
    /// this one is pending or joined.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.index_u16())
    }

    const fn index_u16(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    const fn generation(self) -> u16 {
        (self.0 >> 16) as u16
    }
}

/// All slots of a session. Linear, for a session has one namespace or a handful, and never more than a bound.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    /// Without the leading slash, so that the main namespace costs no allocation.
    name: Box<str>,
    generation: u16,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Free,
    Pending,
    Joined,
    /// The server left; the client may not know yet.
    Left,
    /// The client left at this instant. What it had sent in the same breath is ignored, as in the reference; anything
    /// later meets a namespace that is not joined.
    Departed(Instant),
}

impl Entry {
    /// Asked for each packet, and mostly both are empty: comparing nothing with nothing by the C library's function takes
    /// longer than the rest of the look, for some of its versions load from where an empty slice points to.
    fn is_called(&self, name: &str) -> bool {
        self.name.len() == name.len() && (name.is_empty() || *self.name == *name)
    }
}

/// How long a breath is: packets of one burst are read one after the other, each a little later than the one before. The
/// reference closes 20 ms later.
const BURST: Duration = Duration::from_millis(10);

impl State {
    /// Whether the client left a moment ago.
    fn departs(self, now: Instant) -> bool {
        matches!(self, Self::Departed(at) if now.saturating_duration_since(at) < BURST)
    }
}

/// Where a packet for a namespace goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To the socket.
    Joined(Slot),
    /// Nowhere, and the client is not to blame.
    Left(Slot),
}

impl Slots {
    /// Makes the namespace pending.
    pub(super) fn connect(&mut self, namespace: &str, now: Instant, max: usize) -> Result<Slot, Violation> {
        let name = strip(namespace);
        let index = match self.position(name) {
            Some((_, State::Pending | State::Joined)) => return Err(Violation::AlreadyJoined),
            Some((index, _)) => index,
            None => self.vacancy(now, max).ok_or(Violation::TooManyNamespaces)?,
        };
        let small = u16::try_from(index).map_err(|_| Violation::TooManyNamespaces)?;
        if index >= self.0.len() {
            // Most sessions have one namespace for ever: no room in advance.
            self.0.reserve_exact(1);
            self.0.push(Entry { name: Box::default(), generation: 0, state: State::Free });
        }
        let entry = self.0.get_mut(index).ok_or(Violation::TooManyNamespaces)?;
        if !entry.is_called(name) {
            entry.name = name.into();
        }
        entry.generation = entry.generation.wrapping_add(1);
        entry.state = State::Pending;
        Ok(Slot::new(small, entry.generation))
    }

    /// Where a packet for `namespace` goes, if it may come at all.
    pub(super) fn find(&self, namespace: &str, now: impl Fn() -> Instant) -> Option<Place> {
        let (index, state) = self.position(strip(namespace))?;
        let slot = Slot::new(u16::try_from(index).ok()?, self.0.get(index)?.generation);
        match state {
            State::Joined => Some(Place::Joined(slot)),
            State::Left => Some(Place::Left(slot)),
            State::Departed(_) if state.departs(now()) => Some(Place::Left(slot)),
            State::Free | State::Pending | State::Departed(_) => None,
        }
    }

    pub(super) fn is_joined(&self, slot: Slot) -> bool {
        self.entry(slot).is_some_and(|entry| entry.state == State::Joined)
    }

    /// From pending to joined; says whether it was pending.
    pub(super) fn join(&mut self, slot: Slot) -> bool {
        self.change(slot, |state| state == State::Pending, State::Joined)
    }

    /// From pending to free.
    pub(super) fn refuse(&mut self, slot: Slot) {
        if self.change(slot, |state| state == State::Pending, State::Free) {
            self.forget(slot);
        }
    }

    /// From pending or joined to left by the server.
    pub(super) fn leave(&mut self, slot: Slot) {
        self.change(slot, |state| matches!(state, State::Pending | State::Joined), State::Left);
    }

    /// From joined to left by the client.
    pub(super) fn depart(&mut self, slot: Slot, now: Instant) {
        self.change(slot, |state| state == State::Joined, State::Departed(now));
    }

    /// Nothing was read for so long, so a burst may still go on.
    pub(super) fn paused_for(&mut self, pause: Duration) {
        for entry in &mut self.0 {
            if let State::Departed(at) = &mut entry.state {
                *at = at.checked_add(pause).unwrap_or(*at);
            }
        }
    }

    fn change(&mut self, slot: Slot, from: impl FnOnce(State) -> bool, to: State) -> bool {
        let entry = self.0.get_mut(slot.index()).filter(|entry| entry.generation == slot.generation());
        let Some(entry) = entry else { return false };
        let fits = from(entry.state);
        if fits {
            entry.state = to;
        }
        fits
    }

    fn forget(&mut self, slot: Slot) {
        if let Some(entry) = self.0.get_mut(slot.index()) {
            entry.name = Box::default();
        }
    }

    fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.0.get(slot.index()).filter(|entry| entry.generation == slot.generation())
    }

    fn position(&self, name: &str) -> Option<(usize, State)> {
        let found = |(_, entry): &(usize, &Entry)| entry.state != State::Free && entry.is_called(name);
        self.0.iter().enumerate().find(found).map(|(index, entry)| (index, entry.state))
    }

    /// An index to use: a free one, else a new one, else that of a namespace no longer joined.
    fn vacancy(&self, now: Instant, max: usize) -> Option<usize> {
        let position =
            |fits: fn(State, Instant) -> bool| self.0.iter().position(|entry| fits(entry.state, now));
        position(|state, now| match state {
            State::Free => true,
            State::Departed(_) => !state.departs(now),
            State::Pending | State::Joined | State::Left => false,
        })
        .or_else(|| (self.0.len() < max).then_some(self.0.len()))
        .or_else(|| position(|state, _| matches!(state, State::Left | State::Departed(_))))
    }
}

fn strip(namespace: &str) -> &str {
    namespace.strip_prefix('/').unwrap_or(namespace)
}
