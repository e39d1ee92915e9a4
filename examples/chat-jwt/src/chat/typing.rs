//! `typing`: a note for the moment, dropped wherever it would have to wait.

use axum::extract::State;
use serde::Deserialize;
use sockeye::{Admitted, Data, Socket};

use super::announce::Presence;
use super::bounds::RoomName;
use super::done::{Done, Nothing};
use super::error::ChatError;
use crate::state::App;
use crate::user::User;

/// The argument of `typing`.
#[derive(Debug, Deserialize)]
pub(super) struct Typing {
    room: String,
}

pub(super) async fn typing(
    State(app): State<App>,
    socket: Socket,
    Admitted(user): Admitted<User>,
    Data(Typing { room }): Data<Typing>,
) -> Result<Done<Nothing>, ChatError> {
    let room = RoomName::new(room)?;
    let id = socket.id().to_string();
    app.chat.turn(&id, &room)?;
    let who = Presence { room: room.as_str(), user: &user.name, socket_id: &id };
    let _ = socket.to(room.channel()).volatile().emit("typing", &who).await;
    Ok(Done::plain())
}
