//! `sockeye::serve`: its deadlines, its bounds and its end, against raw peers behind pipes on a paused clock.
#![cfg(test)]
#![cfg(feature = "serve")]

mod alone;
mod bodies;
mod connections;
mod heads;
mod kit;
mod sessions;
mod shutdown;
