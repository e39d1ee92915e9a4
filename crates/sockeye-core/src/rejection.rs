//! What a client is told when an argument of a handler cannot be extracted.

mod data;
mod handshake;
mod missing;

pub use self::{data::DataRejection, handshake::HandshakeRejection, missing::MissingValue};
