//! `join-room` and `leave-room`.

use axum::extract::State;
use serde::Serialize;
use sockeye::{Admitted, Data, Socket};

use super::announce;
use super::bounds::RoomName;
use super::done::Done;
use super::error::ChatError;
use super::rooms::Members;
use crate::state::App;
use crate::user::User;

/// What the newcomer is told.
#[derive(Debug, Serialize)]
pub(super) struct Joined {
    #[serde(flatten)]
    members: Members,
    /// The newest message of the room: what comes after it, `missed` can tell.
    last: u64,
}

/// Joining twice is joining once.
pub(super) async fn join_room(
    State(app): State<App>,
    socket: Socket,
    Admitted(user): Admitted<User>,
    Data(name): Data<String>,
) -> Result<Done<Joined>, ChatError> {
    let room = RoomName::new(name)?;
    let id = socket.id().to_string();
    if let Some(turn) = app.chat.join(&id, &room)? {
        let _turn = turn.lock().await;
        // First into the room, then the question for its newest message: in between something may be heard twice,
        // which its id tells, but nothing is lost.
        socket.join(room.channel()).await.map_err(|_| ChatError::Gone)?;
        tracing::info!(user = %user.name, room = ?room.as_str(), "joined");
        announce::joined(&app, &socket, &room, &user, &id).await;
    }
    Ok(Done::with(Joined { members: app.chat.members(&room), last: app.chat.last(&room) }))
}

/// What is left of the room.
#[derive(Debug, Serialize)]
pub(super) struct Left {
    room: String,
}

pub(super) async fn leave_room(
    State(app): State<App>,
    socket: Socket,
    Admitted(user): Admitted<User>,
    Data(name): Data<String>,
) -> Result<Done<Left>, ChatError> {
    let room = RoomName::new(name)?;
    let id = socket.id().to_string();
    let turn = app.chat.leave(&id, &room)?;
    let _turn = turn.lock().await;
    let _ = socket.leave(room.channel()).await;
    tracing::debug!(user = %user.name, room = ?room.as_str(), "left");
    announce::left(&app, &room, &user, &id).await;
    Ok(Done::with(Left { room: room.as_str().to_owned() }))
}
