//! The accounts of the demo, and the check of a password.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// What somebody may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// Everything, and the admin UI.
    Admin,
    /// Let in without a password, when `CHAT_GUEST=1`.
    Guest,
    /// Rooms and private messages.
    Member,
}

/// Who can log in. Clones share the bound on work under way.
#[derive(Debug, Clone)]
pub struct Users {
    waiting: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

/// Why a password was not even looked at, or did not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// More logins wait than the server keeps.
    #[error("Too many people are logging in. Try again in a moment.")]
    Busy,
    /// One sentence for an unknown name and for a wrong password: neither tells which names exist.
    #[error("Wrong name or password.")]
    Wrong,
}

impl Users {
    /// The accounts below.
    #[must_use]
    pub fn demo() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            working: Arc::new(Semaphore::new(MOST_WORKING)),
        }
    }

    /// Whether this is the password of that account, and then what it may do.
    ///
    /// # Errors
    /// [`LoginError::Wrong`] when it is not or there is no such account, [`LoginError::Busy`] when too many ask.
    pub async fn verify(&self, name: &str, password: String) -> Result<Role, LoginError> {
        let account = ACCOUNTS.iter().find(|account| account.name == name);
        // An unknown name costs the same hash as a known one, so the time of the answer does not tell them apart.
        let hash = account.map_or(NOBODY, |account| account.hash);
        let _place = self.waiting.try_acquire().map_err(|_| LoginError::Busy)?;
        let _turn = self.working.acquire().await.map_err(|_| LoginError::Busy)?;
        // A hash takes tens of milliseconds of one core by design: not on a thread that serves sockets.
        let fits = tokio::task::spawn_blocking(move || fits(&password, hash)).await.unwrap_or(false);
        account.filter(|_| fits).map(|account| account.role).ok_or(LoginError::Wrong)
    }
}

fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

struct Account {
    name: &'static str,
    hash: &'static str,
    role: Role,
}

/// As many hashes at a time as do not push the sockets aside; each also takes 19 MiB while it runs.
const MOST_WORKING: usize = 4;

/// As many logins as may wait for that, with those under way.
const MOST_WAITING: usize = 256;

// Argon2id with the parameters OWASP names as a minimum: 19 MiB, two passes, one lane.
const ACCOUNTS: [Account; 3] = [
    Account {
        name: "ada",
        role: Role::Member,
        hash: "$argon2id$v=19$m=19456,t=2,p=1$aJGro7Nu+50haLMZ6GBcsQ$VHed2/S0G2L09/eNdKJI4BGqN1QTJxV78ybCYGRGXys",
    },
    Account {
        name: "bob",
        role: Role::Member,
        hash: "$argon2id$v=19$m=19456,t=2,p=1$yso9AdxNIl0vm8NwXXhcQw$0GTM3n5CLepqmxWK2TcJjm9yKC0D7ZNOvQyqawGrjsk",
    },
    Account {
        name: "carol",
        role: Role::Admin,
        hash: "$argon2id$v=19$m=19456,t=2,p=1$/WAfRb5uT8uEDHQQhkX57A$5fzUQP71tqdwhGppCs/uSv2D4hmpdPcqMeXVhSQyRjg",
    },
];

/// A hash that no password was ever given to.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$UODFlFcMiG1Uld2rbYYRtA$p4nAfgZT0hiGd7HqXsX2ctbzOMFfk4q4WngdUnktKps";
