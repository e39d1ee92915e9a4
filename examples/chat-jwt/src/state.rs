//! What every route and every event handler can ask for.

use std::sync::Arc;

use sockeye::{Io, Origins};

use crate::chat::Chat;
use crate::config::Config;
use crate::token::Keys;
use crate::users::Users;

/// The state of the application. Clones are cheap and share everything.
#[derive(Debug, Clone)]
pub struct App {
    /// What was set from outside.
    pub config: Arc<Config>,
    /// Whose pages may use the server with the visitor's cookie: its own, and those of the allow-list.
    pub origins: Origins,
    /// The key of the tokens.
    pub keys: Arc<Keys>,
    /// Who can log in.
    pub users: Users,
    /// The sockets, for routes.
    pub io: Io,
    /// Rooms, members, history.
    pub chat: Arc<Chat>,
}

impl App {
    /// A new one, without any socket yet.
    ///
    /// # Panics
    /// When one of the origins is none, which [`Config::from_env`] would have refused.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            origins: Origins::list(&config.origins),
            keys: Arc::new(Keys::new(&config.secret, config.token_lifetime)),
            config: Arc::new(config),
            users: Users::demo(),
            io: Io::new(),
            chat: Arc::default(),
        }
    }
}
