//! The chat: one namespace, its events, and what it remembers.

use std::sync::Arc;

use sockeye::{Io, Namespace};

use crate::state::App;

mod admit;
mod announce;
pub mod bounds;
mod connect;
mod done;
pub mod error;
pub(crate) mod expiry;
pub mod history;
mod join;
pub mod limits;
mod look;
mod message;
mod rate;
pub mod rooms;
mod state;
mod typing;

use bounds::user_channel;
pub use state::Chat;

/// The namespace `/`, not yet mounted.
pub fn namespace(chat: Arc<Chat>) -> Namespace<App> {
    Namespace::new()
        .admit(admit::admit)
        .on_connect(connect::connected)
        .on_disconnect(connect::disconnected)
        .on("join-room", join::join_room)
        .on("leave-room", join::leave_room)
        .on("message", message::message)
        .on("private-message", message::private_message)
        .on("typing", typing::typing)
        .on("members", look::members)
        .on("missed", look::missed)
        .layer(rate::limit(chat))
        .on_error(rate::refused)
}

impl Chat {
    /// Disconnects every socket of a user.
    pub async fn log_out(&self, io: &Io, name: &str) {
        // It fails only when the server is going down, and then they are disconnected as well.
        let _ = io.of("/").to(user_channel(name)).disconnect().await;
    }
}
