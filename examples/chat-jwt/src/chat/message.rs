//! `message` and `private-message`.

use axum::extract::State;
use serde::Deserialize;
use sockeye::{Admitted, Data, Socket};

use super::bounds::{RoomName, Text, user_channel};
use super::done::Done;
use super::error::ChatError;
use super::history::Meta;
use crate::state::App;
use crate::user::User;

/// The argument of `message`.
#[derive(Debug, Deserialize)]
pub(super) struct NewMessage {
    room: String,
    message: String,
}

/// To everybody else in the room; the sender shows the line when the acknowledgement is there.
pub(super) async fn message(
    State(app): State<App>,
    socket: Socket,
    Admitted(user): Admitted<User>,
    Data(new): Data<NewMessage>,
) -> Result<Done<Meta>, ChatError> {
    let text = Text::new(new.message)?;
    // Tutorials put a socket id where the room goes: then it is for that socket alone.
    if app.chat.is_socket(&new.room) {
        return whisper(&app, &socket, &user, new.room, &text).await;
    }
    let room = RoomName::new(new.room)?;
    let id = socket.id().to_string();
    let turn = app.chat.turn(&id, &room)?;
    let _turn = turn.lock().await;
    let meta = app.chat.say(&id, &user, &room, &text);
    let _ = socket.to(room.channel()).emit("receive-message", (text.as_str(), &meta)).await;
    Ok(Done::with(meta))
}

/// The argument of `private-message`.
#[derive(Debug, Deserialize)]
pub(super) struct NewPrivateMessage {
    to: String,
    message: String,
}

/// To one socket by its id, or to all sockets of a user by name.
pub(super) async fn private_message(
    State(app): State<App>,
    socket: Socket,
    Admitted(user): Admitted<User>,
    Data(new): Data<NewPrivateMessage>,
) -> Result<Done<Meta>, ChatError> {
    let text = Text::new(new.message)?;
    whisper(&app, &socket, &user, new.to, &text).await
}

async fn whisper(
    app: &App,
    socket: &Socket,
    user: &User,
    to: String,
    text: &Text,
) -> Result<Done<Meta>, ChatError> {
    let channel = if app.chat.is_socket(&to) {
        to.clone()
    } else if app.chat.is_here(&to) {
        user_channel(&to)
    } else {
        return Err(ChatError::NobodyThere);
    };
    let meta = app.chat.whisper(socket.id().as_str(), user, to);
    let _ = socket.to(channel).emit("receive-message", (text.as_str(), &meta)).await;
    Ok(Done::with(meta))
}
