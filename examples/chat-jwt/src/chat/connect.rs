//! A socket comes, a socket goes.

use axum::extract::State;
use sockeye::{Admitted, DisconnectReason, Socket};

use super::bounds::user_channel;
use super::{announce, expiry};
use crate::state::App;
use crate::user::User;

/// Runs before any event of the socket.
pub(super) async fn connected(State(app): State<App>, socket: Socket, Admitted(user): Admitted<User>) {
    let id = socket.id().to_string();
    // A socket that is gone again already is in no room, and `disconnected` follows.
    let _ = socket.join(user_channel(&user.name)).await;
    app.chat.sit_down(id.clone(), &user, expiry::watch(socket.clone(), user.expires));
    tracing::info!(user = %user.name, socket = %id, "connected");
    let _ = socket.emit("welcome", (format!("Welcome, {}.", user.name), &user)).await;
}

/// Runs once for each `connected`, after the socket's last event.
pub(super) async fn disconnected(
    State(app): State<App>,
    socket: Socket,
    Admitted(user): Admitted<User>,
    reason: DisconnectReason,
) {
    let id = socket.id().to_string();
    tracing::info!(user = %user.name, socket = %id, reason = reason.as_str(), "disconnected");
    for (room, turn) in app.chat.stand_up(&id) {
        let _turn = turn.lock().await;
        announce::left(&app, &room, &user, &id).await;
    }
}
