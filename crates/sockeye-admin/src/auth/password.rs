//! The check of a password against its bcrypt hash, never on a thread that serves sockets.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// The text of a bcrypt hash that is known to be one.
#[derive(Clone)]
pub(crate) struct Hash(Arc<str>);

impl Hash {
    /// `None`: this is no bcrypt hash.
    pub(crate) fn parse(text: String) -> Option<Self> {
        text.parse::<bcrypt::HashParts>().ok()?;
        Some(Self(text.into()))
    }
}

/// Where passwords are checked: so many at a time, so many that wait.
#[derive(Debug)]
pub(super) struct Bench {
    waiting: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Bench {
    /// Whether this is the password; `None` when too many ask.
    pub(super) async fn fits(&self, hash: &Hash, password: String) -> Option<bool> {
        let _place = self.waiting.try_acquire().ok()?;
        let turn = self.working.clone().acquire_owned().await.ok()?;
        let hash = hash.clone();
        let work = move || {
            let fits = bcrypt::verify(password, &hash.0).unwrap_or(false);
            // Held by the work itself: whoever gives up waiting leaves it running.
            drop(turn);
            fits
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            working: Arc::new(Semaphore::new(MOST_WORKING)),
        }
    }
}

/// A check takes tens of milliseconds of a core by design, and admins are few.
const MOST_WORKING: usize = 2;

/// With those under way.
const MOST_WAITING: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGEIT: &str = "$2b$04$6JxrPLx01QcZw7EvIIXiGeeR8YBXXTn7wxQENJVA95cW9Vc.DpeK.";

    #[test]
    fn only_a_bcrypt_hash_is_one() {
        assert!(Hash::parse(CHANGEIT.to_owned()).is_some());
        for text in ["", "changeit", "$2b$10$short", "$argon2id$v=19$m=1,t=2,p=1$aa$bb"] {
            assert!(Hash::parse(text.to_owned()).is_none(), "{text}");
        }
    }

    #[tokio::test]
    async fn no_more_wait_than_may() {
        let bench = Bench::default();
        let hash = Hash::parse(bcrypt::hash("right", 4).unwrap()).unwrap();
        assert_eq!(bench.fits(&hash, "right".to_owned()).await, Some(true));
        assert_eq!(bench.fits(&hash, "wrong".to_owned()).await, Some(false));
        let _held = bench.waiting.clone().acquire_many_owned(MOST_WAITING as u32 - 1).await.unwrap();
        assert!(bench.fits(&hash, "right".to_owned()).await.is_some());
        let _last = bench.waiting.clone().acquire_owned().await.unwrap();
        assert_eq!(bench.fits(&hash, "right".to_owned()).await, None);
    }
}
