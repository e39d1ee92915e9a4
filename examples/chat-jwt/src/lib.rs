//! A chat with login, JWT cookies, rooms and private messages: one axum router with sockeye mounted in it.
//!
//! | where | what |
//! |---|---|
//! | [`config`] | what can be set from outside |
//! | [`users`], [`token`], [`user`], `cookie`, `login` | who is asking |
//! | [`chat`] | the namespace: events, rooms, history |
//! | [`page`] | the page in `web/`, built and served |
//! | [`admin`] | the official admin UI, for admins |
//! | `http` | routes and layers |
//!
//! `main.rs` only binds and serves, so a test can do the same on a port of its own:
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = chat_jwt::app(chat_jwt::Config::new()?);
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! axum::serve(listener, server.router).await?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

use axum::Router;
use sockeye::{Io, Sockeye};

pub mod admin;
pub mod chat;
pub mod config;
mod cookie;
mod http;
mod login;
pub mod page;
pub mod shutdown;
pub mod state;
pub mod token;
pub mod user;
pub mod users;

pub use config::Config;
use state::App;

/// The whole application, not yet listening.
#[derive(Debug)]
pub struct Server {
    /// Serves everything: page, login, sockets.
    pub router: Router,
    /// The sockets' handle, to shut them down before the listener.
    pub io: Io,
}

/// Puts the application together.
#[must_use]
pub fn app(config: Config) -> Server {
    let app = App::new(config);
    let io = app.io.clone();
    admin::instrument(&app);
    let sockeye = Sockeye::builder()
        .handle(&io)
        .origins(app.origins.clone())
        .namespace("/", chat::namespace(app.chat.clone()))
        .build_with_state(app.clone());
    // The same pages that may open a session may read the answers of the routes.
    let cors = app.origins.cors_layer();
    let routes = http::routes(&app.config)
        .merge(admin::routes(&app))
        .merge(sockeye.router())
        .layer(cors)
        .with_state(app);
    Server { router: http::traced(routes), io }
}
