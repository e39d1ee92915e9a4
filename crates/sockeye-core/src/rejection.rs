//! What a client is told when an argument of a handler cannot be extracted.

mod data;
mod handshake;
mod missing;
mod namespace_path;

pub use self::{
    data::DataRejection, handshake::HandshakeRejection, missing::MissingValue,
    namespace_path::NamespacePathRejection,
};
