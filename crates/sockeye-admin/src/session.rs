//! Where it is kept who has logged in, so that a page that is loaded anew needs no password.

use std::{collections::VecDeque, fmt, time::Duration};

use futures_util::future::{self, BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use tokio::time::Instant;

/// Where the names of admins' sessions are kept. Several servers behind one name need one store.
pub trait SessionStore: Send + Sync + 'static {
    /// Keeps the name of a session that has begun. The admin is let in when this is done.
    fn save<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Whether such a session has begun and is not over. `id` is what a client says, up to 128 bytes of any text.
    fn contains<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>>;
}

/// A store that did not do what it was asked; it is logged, and the client is told that the server is busy.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl StoreError {
    /// What went wrong.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Sessions in the memory of this process; they end with it.
pub struct MemoryStore {
    duration: Duration,
    most: usize,
    /// In the order in which they end.
    sessions: Mutex<VecDeque<(String, Instant)>>,
}

impl MemoryStore {
    /// Sessions of this duration, of which at most so many are remembered: the oldest goes first.
    pub const fn new(duration: Duration, most: usize) -> Self {
        Self { duration, most, sessions: Mutex::new(VecDeque::new()) }
    }
}

impl Default for MemoryStore {
    /// A day, as the stores of the reference have it, and 1,000 sessions.
    fn default() -> Self {
        Self::new(Duration::from_secs(24 * 60 * 60), 1000)
    }
}

impl SessionStore for MemoryStore {
    fn save<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let now = Instant::now();
        let mut sessions = self.sessions.lock();
        while sessions.len() >= self.most.max(1) || sessions.front().is_some_and(|(_, until)| *until <= now) {
            sessions.pop_front();
        }
        sessions.push_back((id.to_owned(), now + self.duration));
        future::ready(Ok(())).boxed()
    }

    fn contains<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        use subtle::ConstantTimeEq as _;
        let now = Instant::now();
        let is_this = |(known, until): &(String, Instant)| {
            bool::from(known.as_bytes().ct_eq(id.as_bytes())) & (*until > now)
        };
        // All of them are looked at, whichever it is.
        let found = self.sessions.lock().iter().fold(false, |found, session| found | is_this(session));
        future::ready(Ok(found)).boxed()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("duration", &self.duration)
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_session_ends_after_its_duration_and_the_oldest_makes_room() {
        let store = MemoryStore::new(Duration::from_secs(60), 2);
        let knows = async |id| store.contains(id).await.unwrap();
        store.save("one").await.unwrap();
        store.save("two").await.unwrap();
        assert!(knows("one").await && knows("two").await && !knows("thr").await);
        store.save("three").await.unwrap();
        assert!(!knows("one").await && knows("two").await && knows("three").await);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(!knows("two").await && !knows("three").await);
    }
}
