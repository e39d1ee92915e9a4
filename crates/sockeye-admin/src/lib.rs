//! Socket.IO's Admin UI for sockeye: its protocol as a namespace, and the UI itself at any sub-path.
//!
//! ```no_run
//! use axum::Router;
//! use sockeye::{Io, Namespace, Sockeye};
//! use sockeye_admin::{AdminOptions, Auth};
//!
//! # fn app() -> Result<Router, Box<dyn std::error::Error>> {
//! let io = Io::new();
//! // The hash of the password: `htpasswd -nbBC 10 "" changeit | tr -d ':\n'`.
//! let auth = Auth::basic("admin", "$2b$10$xExEychIzAz8F.OfIDH5FeXqmt8p7Kk6kPin1IBE1YlfzlKfLykJW");
//! sockeye_admin::instrument(&io, AdminOptions::new(auth))?;
//!
//! let sockeye = Sockeye::builder().handle(&io).namespace("/", Namespace::new()).build();
//! let ui = sockeye_admin::ui_from_dir("node_modules/@socket.io/admin-ui/ui/dist")?;
//! let app = Router::new().merge(sockeye.router()).nest_service("/admin", ui);
//! # Ok(app)
//! # }
//! ```
//!
//! # What it costs
//! Nothing while no admin is connected: nobody is told of anything, no timer runs. While one is, each change of a socket or
//! room is told to all admins, and in [development mode](Mode::Development) events too, so many a second at most.
//!
//! # Where it differs from `@socket.io/admin-ui`
//! The `session` event comes behind the CONNECT packet, so that the page finds it; unknown namespaces are left alone instead of
//! created; names and passwords are compared in constant time, and tries are limited; the client's id is no part of the
//! session's secret name; headers with secrets are not shown.
#![forbid(unsafe_code)]

mod auth;
mod clock;
mod commands;
mod error;
mod events;
mod features;
mod namespace;
mod observer;
mod options;
mod random;
mod redact;
mod serialized;
mod session;
mod shared;
mod stats;
mod ui;
mod watch;

use std::fmt;
use std::sync::Arc;

use sockeye::Io;

use self::shared::Shared;
pub use self::{
    auth::Auth,
    error::AdminError,
    options::{AdminOptions, Mode},
    redact::{Direction, Redaction, ReportedEvent},
    session::{MemoryStore, SessionStore, StoreError},
    ui::{Ui, UiError, UiFuture, ui_embedded, ui_from_dir},
};

/// Adds the admin namespace to a server, before it is built or while it runs.
///
/// # Errors
/// [`AdminError`]: the password is no bcrypt hash, or the namespace cannot be added.
pub fn instrument(io: &Io, options: AdminOptions) -> Result<Admin, AdminError> {
    let (settings, gate, layers) = options.into_parts()?;
    let name = settings.namespace.clone();
    let shared = Arc::new(Shared::new(io.clone(), settings, gate));
    let namespace = layers.into_iter().fold(namespace::build(&shared), |namespace, wrap| wrap(namespace));
    io.add_namespace(name, namespace)?;
    Ok(Admin(shared))
}

/// The admin namespace of a server.
#[derive(Clone)]
pub struct Admin(Arc<Shared>);

impl Admin {
    /// The name of its namespace.
    pub fn namespace(&self) -> &str {
        &self.0.settings.namespace
    }

    /// How many admins are connected. While there is none, nothing of this crate runs.
    pub fn admins(&self) -> usize {
        self.0.watch.admins()
    }
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin").field("namespace", &self.namespace()).finish_non_exhaustive()
    }
}

/// What the macros name. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use include_dir;
}

/// The examples of the guide compile.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/admin.md")]
struct Guide;
