//! `members` and `missed`: questions of members about their room.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use sockeye::{Data, Socket};

use super::bounds::RoomName;
use super::done::Done;
use super::error::ChatError;
use super::history::Message;
use super::rooms::Members;
use crate::state::App;

pub(super) async fn members(
    State(app): State<App>,
    socket: Socket,
    Data(name): Data<String>,
) -> Result<Done<Members>, ChatError> {
    let room = RoomName::new(name)?;
    app.chat.turn(socket.id().as_str(), &room)?;
    Ok(Done::with(app.chat.members(&room)))
}

/// The argument of `missed`.
#[derive(Debug, Deserialize)]
pub(super) struct After {
    room: String,
    /// The id of the last message that was seen; 0 for all that are kept.
    after: u64,
}

/// What was said meanwhile.
#[derive(Debug, Serialize)]
pub(super) struct Missed {
    room: String,
    messages: Vec<Message>,
    /// Older ones are no longer kept, so something may be missing before the first of these.
    gap: bool,
}

pub(super) async fn missed(
    State(app): State<App>,
    socket: Socket,
    Data(After { room, after }): Data<After>,
) -> Result<Done<Missed>, ChatError> {
    let room = RoomName::new(room)?;
    app.chat.turn(socket.id().as_str(), &room)?;
    let (messages, gap) = app.chat.since(&room, after);
    Ok(Done::with(Missed { room: room.as_str().to_owned(), messages, gap }))
}
