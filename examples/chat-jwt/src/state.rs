//! What every route and every event handler can ask for.

use std::sync::Arc;

use sockeye::Io;

use crate::chat::Chat;
use crate::config::Config;
use crate::token::Keys;
use crate::users::Users;

/// The state of the application. Clones are cheap and share everything.
#[derive(Debug, Clone)]
pub struct App {
    /// What was set from outside.
    pub config: Arc<Config>,
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
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            keys: Arc::new(Keys::new(&config.secret, config.token_lifetime)),
            config: Arc::new(config),
            users: Users::demo(),
            io: Io::new(),
            chat: Arc::default(),
        }
    }
}
