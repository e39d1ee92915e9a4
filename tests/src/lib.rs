//! Whole-system tests: stock clients and browsers against sockeye.
//!
//! A [`Story`] starts a server with the handlers of one test, runs a script of `tests/node` against it on every
//! transport, and answers the script's questions. A [`Demo`] does the same with `examples/chat-jwt` and a browser.

#![forbid(unsafe_code)]
#![expect(clippy::panic, reason = "this is a harness: its panics are the failures of the tests that use it")]

mod demo;
mod example;
mod notes;
mod proxy;
mod reverse_proxy;
mod script;
mod server;
mod story;
mod tls;
mod transport;

pub use self::demo::Demo;
pub use self::example::Example;
pub use self::notes::Notes;
pub use self::proxy::{Network, Proxy};
pub use self::reverse_proxy::{Kind as ReverseProxyKind, ReverseProxy};
pub use self::script::Script;
pub use self::server::{App, Server};
pub use self::story::{Stage, Story};
pub use self::tls::Tls;
pub use self::transport::Transport;
