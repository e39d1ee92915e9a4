//! Identifiers of sessions and sockets.
