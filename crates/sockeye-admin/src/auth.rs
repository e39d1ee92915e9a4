//! Who may look: the decision on an admin's CONNECT.

mod password;
mod tries;

use std::{fmt, sync::Arc, time::Duration};

use serde::Deserialize;
use sockeye::{Refusal, Socket};

pub(crate) use self::password::Hash;
use self::{password::Bench, tries::Tries};
use crate::{AdminError, SessionStore, StoreError, random};

/// How an admin shows who they are. There is no default: nobody opens this door by forgetting a setting.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// Everybody is let in who may reach the namespace at all: somebody else guards it
    /// ([`AdminOptions::admit_layer`](crate::AdminOptions::admit_layer), a proxy), or the machine is yours alone.
    None,
    /// A name and a password, of which the server knows the bcrypt hash.
    Basic {
        /// The name.
        username: String,
        /// The hash of the password, such as `$2b$10$…`.
        password: String,
    },
}

impl Auth {
    /// A name, and the bcrypt hash of the password.
    pub fn basic(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self::Basic { username: username.into(), password: password.into() }
    }
}

/// Without the hash.
impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Basic { .. } => f.debug_struct("Basic").finish_non_exhaustive(),
        }
    }
}

/// What the UI sends along with its CONNECT.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Credentials {
    username: Option<String>,
    password: Option<String>,
    session_id: Option<String>,
}

/// Left for the connect handler by the admission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Login {
    /// The name of a session that has just begun.
    pub(crate) session: Option<String>,
}

/// Decides who may look.
pub(crate) struct Gate {
    account: Option<Account>,
    store: Arc<dyn SessionStore>,
    tries: Tries,
    bench: Bench,
}

struct Account {
    username: String,
    password: Hash,
}

impl Gate {
    pub(crate) fn new(
        auth: Auth,
        store: Arc<dyn SessionStore>,
        tries: (usize, Duration),
    ) -> Result<Self, AdminError> {
        let account = match auth {
            Auth::None => None,
            Auth::Basic { username, password } => {
                Some(Account { username, password: Hash::parse(password).ok_or(AdminError::PasswordHash)? })
            }
        };
        Ok(Self { account, store, tries: Tries::new(tries.0, tries.1), bench: Bench::default() })
    }

    /// Whether this socket may join.
    pub(crate) async fn admit(&self, socket: &Socket, credentials: Credentials) -> Result<Login, Refusal> {
        let Some(account) = &self.account else { return Ok(Login::default()) };
        if let Some(session) = credentials.session_id {
            let known = session.len() <= LONGEST_SESSION
                && self.store.contains(&session).await.map_err(|error| out_of_order(&error))?;
            return if known { Ok(Login::default()) } else { Err(invalid()) };
        }
        let (Some(username), Some(password)) = (credentials.username, credentials.password) else {
            return Err(invalid());
        };
        // Counted before the password is looked at: of many tries at once no more are looked at than of one by one.
        let Some(tried) = self.tries.begin(socket.handshake().address()) else {
            return Err(Refusal::new("too many login tries, please try again later"));
        };
        let fits = self.bench.fits(&account.password, password).await.ok_or_else(busy)?;
        // Both are looked at in any case, so the time of the answer tells nothing about the name.
        if !(account.is_named(&username) & fits) {
            return Err(invalid());
        }
        tried.forgive();
        let session = random::session_id().ok_or_else(busy)?;
        self.store.save(&session).await.map_err(|error| out_of_order(&error))?;
        Ok(Login { session: Some(session) })
    }
}

impl Account {
    fn is_named(&self, name: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        // Unequal lengths answer at once, which tells no more than the length of a name.
        bool::from(self.username.as_bytes().ct_eq(name.as_bytes()))
    }
}

/// The UI asks for the password when it reads exactly this text.
fn invalid() -> Refusal {
    Refusal::new("invalid credentials")
}

fn busy() -> Refusal {
    Refusal::new("the server is busy, please try again")
}

fn out_of_order(error: &StoreError) -> Refusal {
    tracing::error!(target: "sockeye::admin", %error, "the sessions of the admin UI cannot be kept");
    busy()
}

/// Our own have 16; a store of somebody else's may have longer ones.
const LONGEST_SESSION: usize = 128;
