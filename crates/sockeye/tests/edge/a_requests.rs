//! Section A: which HTTP requests belong to the protocol, and what the others are answered.

mod allow;
mod ids;
mod layers;
mod paths;
mod query;
mod refusals;
mod websocket;
