//! A server's process, and a client that looks at each frame.

mod client;
mod http;
mod server;

pub(crate) use self::{
    client::{Client, binary, masked, text},
    http::request,
    server::Server,
};

use std::time::Duration;

/// Long enough for a busy machine; nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
