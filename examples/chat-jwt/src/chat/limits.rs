//! How much of everything: each bound keeps one visitor from taking what belongs to all.

/// Characters of a room's name: a line of the page.
pub const NAME: usize = 64;
/// Characters of a message: about two pages of a book.
pub const MESSAGE: usize = 4_000;
/// Rooms one socket may be in.
pub const ROOMS_OF_A_SOCKET: usize = 20;
/// Events one socket may send within [`EVENTS_WITHIN`]. Whoever types and talks needs a tenth of it.
pub const EVENTS: usize = 20;
/// The time over which [`EVENTS`] are counted.
pub const EVENTS_WITHIN: std::time::Duration = std::time::Duration::from_secs(1);
/// Messages kept of a room, for those who lose their connection for a while.
pub const HISTORY: usize = 100;
/// Rooms kept. Beyond it the empty one that has been silent for longest is forgotten.
pub const ROOMS: usize = 1_000;
/// Members told of one room: a list goes to each member at every change, so it grows with the square.
pub const MEMBERS_LISTED: usize = 100;
