//! Connection state recovery: a client that comes back finds its rooms, its data and what it has missed.
//!
//! | file | what it knows |
//! |---|---|
//! | `settings` | how long, how much, how many |
//! | `offset` | the number that every event carries, as text |
//! | `log` | the events of a namespace that may have to be sent again |
//! | `history` | in which rooms a socket was when an event was sent |
//! | `member` | what a socket remembers of itself, for its return |
//! | `session` | one session that is away, and what it has missed |
//! | `sessions` | who is here, who is leaving, who is away |
//! | `sequencer` | the one order of a namespace's events, under one lock |
//! | `budget` | what all namespaces of a server keep together |
//!
//! # Why a recovered socket has no gap
//! Every event of a namespace that can be recovered gets the next number, is put into the log and into the outboxes of
//! those it is for, all under one lock; so whoever receives number *n* has received everything before it that was for
//! him. Joining and leaving rooms, and leaving the namespace, take the same lock, so it is known for each number who was
//! meant. Whatever is dropped from the log moves its *floor*; a session that would need something from below is a new one.

mod budget;
mod history;
mod log;
mod member;
mod offset;
mod sequencer;
mod session;
mod sessions;
mod settings;
mod subject;
#[cfg(test)]
mod tests;

pub use self::{
    budget::Budget,
    sequencer::{Missed, Order, Search, Sequencer},
    session::{Away, Restoring},
    sessions::Claim,
    settings::Recovery,
    subject::Subject,
};

pub(crate) use self::{member::Member, offset::PLACEHOLDER};
