//! Names of rooms.

use std::{
    borrow::{Borrow, Cow},
    fmt,
    ops::Deref,
    sync::Arc,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};
use smol_str::SmolStr;
use sockeye_proto::Id;

/// The name of a room. Cheap to clone; compared by its text. Up to 23 bytes, as an [`Id`] has, lie in place.
///
/// Every socket is in the room that is named like its own id, so an [`Id`] is a room too.
///
/// ```
/// use sockeye_core::Room;
///
/// let room = Room::from("lobby");
/// assert_eq!(&*room, "lobby");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Room(SmolStr);

impl Room {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The socket whose own room this may be: the name has the form of an id.
    pub fn as_id(&self) -> Option<Id> {
        Id::parse(&self.0)
    }
}

impl Deref for Room {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Room {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Room {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Room {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Room {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Serialize for Room {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Room {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name)
    }
}

/// Reads the name of a room from wherever it lies.
struct Name;

impl Visitor<'_> for Name {
    type Value = Room;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a room")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Room, E> {
        Ok(name.into())
    }
}

macro_rules! room_from {
    ($($source:ty => |$value:ident| $room:expr;)*) => {$(
        impl From<$source> for Room {
            fn from($value: $source) -> Self {
                Self(SmolStr::from($room))
            }
        }
    )*};
}

room_from! {
    &str => |name| name;
    String => |name| name;
    &String => |name| name;
    &&str => |name| *name;
    Box<str> => |name| name;
    Arc<str> => |name| name;
    Cow<'_, str> => |name| name;
    &Self => |name| name.0.clone();
    Id => |id| id.as_str();
    &Id => |id| id.as_str();
}

/// One room or several: what [`Socket::join`](crate::Socket::join) and [`Socket::to`](crate::Socket::to) take.
///
/// One is anything a [`Room`] can be made from (`&str`, `String`, an [`Id`]); several are an array, a `Vec`, or any
/// iterator of such. `M` keeps the two apart and is always inferred.
///
/// ```
/// use sockeye_core::{IntoRooms, Room};
///
/// fn names<M>(rooms: impl IntoRooms<M>) -> Vec<Room> {
///     rooms.into_rooms()
/// }
///
/// assert_eq!(names("lobby"), ["lobby"]);
/// assert_eq!(names(["lobby", "games"]), ["lobby", "games"]);
/// assert_eq!(names((1..3).map(|table| format!("table-{table}"))), ["table-1", "table-2"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no room",
    note = "a room is a `&str`, a `String`, a `Room` or an `Id`; several rooms are an array or an iterator of such"
)]
pub trait IntoRooms<M> {
    /// The rooms, in order.
    fn into_rooms(self) -> Vec<Room>;
}

/// Marks [`IntoRooms`] for one room.
#[derive(Debug)]
pub enum One {}

/// Marks [`IntoRooms`] for several rooms.
#[derive(Debug)]
pub enum Several {}

impl<T: Into<Room>> IntoRooms<One> for T {
    fn into_rooms(self) -> Vec<Room> {
        vec![self.into()]
    }
}

impl<T: IntoIterator<Item: Into<Room>>> IntoRooms<Several> for T {
    fn into_rooms(self) -> Vec<Room> {
        self.into_iter().map(Into::into).collect()
    }
}
