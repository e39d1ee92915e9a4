//! The session against the protocol's clauses, every order of two inputs that can race, and any order at all.

use crate::engine::{Close, CloseReason, Config, Conn, Input, Opening, Req, Session, Transport, Why};

use self::world::{SECOND, World};

mod any_order;
mod ending;
mod heartbeat;
#[path = "../../../tests/judges/session_inputs/judge.rs"]
mod judge;
mod opening;
mod polling;
mod races;
mod upgrade;
mod websocket;
mod world;
