//! What a server does, seen by raw clients on both transports.
#![cfg(test)]

mod admission;
mod ends;
mod first;
mod flow;
mod kit;
mod order;
mod panics;
