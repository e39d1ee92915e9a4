//! What the members of a room are told about its other members. Call it holding the room's turn.

use serde::Serialize;
use sockeye::Socket;

use super::bounds::RoomName;
use crate::state::App;
use crate::user::User;

/// Somebody in a room.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Presence<'a> {
    pub(super) room: &'a str,
    pub(super) user: &'a str,
    pub(super) socket_id: &'a str,
}

/// To the others: somebody came, and who is there now. The newcomer learns it from the acknowledgement.
pub(super) async fn joined(app: &App, socket: &Socket, room: &RoomName, user: &User, id: &str) {
    let who = Presence { room: room.as_str(), user: &user.name, socket_id: id };
    let others = socket.to(room.channel());
    // A broadcast fails only when the server is going down.
    let _ = others.emit("user-joined", (format!("{} joined {}.", user.name, room.as_str()), &who)).await;
    let _ = socket.to(room.channel()).emit("members", &app.chat.members(room)).await;
}

/// To those who stay: somebody left, and who is there now.
pub(super) async fn left(app: &App, room: &RoomName, user: &User, id: &str) {
    let who = Presence { room: room.as_str(), user: &user.name, socket_id: id };
    let text = format!("{} left {}.", user.name, room.as_str());
    let _ = app.io.of("/").to(room.channel()).emit("user-left", (text, &who)).await;
    let _ = app.io.of("/").to(room.channel()).emit("members", &app.chat.members(room)).await;
}
