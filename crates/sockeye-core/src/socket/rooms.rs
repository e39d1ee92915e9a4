//! The rooms of one socket.

use std::{
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use super::Socket;
use crate::{IntoRooms, JoinError, Room};

impl Socket {
    /// Joins rooms, by this call. Joining a room twice changes nothing, and neither does joining the own id's.
    ///
    /// # Errors
    /// When awaited: [`JoinError::Closed`] when the socket has left its namespace; [`JoinError::TooManyRooms`] and
    /// [`JoinError::NameTooLong`] beyond the bounds that protect the server from names without end. Then it has joined
    /// none of them.
    pub fn join<M>(&self, rooms: impl IntoRooms<M>) -> RoomChange {
        let rooms = rooms.into_rooms();
        RoomChange::done(self.in_rooms(|| self.0.namespace.local().join(self, &rooms)))
    }

    /// Leaves rooms, by this call. Leaving a room that one is not in changes nothing. Who leaves the room of its own id
    /// is no longer reached by it.
    ///
    /// # Errors
    /// When awaited: [`JoinError::Closed`] when the socket has left its namespace, and with it all rooms.
    pub fn leave<M>(&self, rooms: impl IntoRooms<M>) -> RoomChange {
        let rooms = rooms.into_rooms();
        RoomChange::done(self.in_rooms(|| self.0.namespace.local().leave(self, &rooms)))
    }

    /// The rooms it is in, that of its own id included. In the disconnect handler those it was in.
    pub fn rooms(&self) -> Vec<Room> {
        if let Some(left) = self.0.left.get() {
            return left.rooms.lock().to_vec();
        }
        self.0.namespace.local().rooms_of(self)
    }

    fn in_rooms(&self, change: impl FnOnce() -> Result<(), JoinError>) -> Result<(), JoinError> {
        if self.disconnect_reason().is_some() { Err(JoinError::Closed) } else { change() }
    }
}

/// The outcome of joining or leaving rooms, which has happened already.
#[derive(Debug)]
#[must_use = "a socket that has left joins nothing; the outcome says so"]
pub struct RoomChange(Ready<Result<(), JoinError>>);

impl RoomChange {
    fn done(outcome: Result<(), JoinError>) -> Self {
        Self(ready(outcome))
    }
}

impl Future for RoomChange {
    type Output = Result<(), JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}
