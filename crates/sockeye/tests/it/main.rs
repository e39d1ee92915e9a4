//! What a server does, seen by raw clients on both transports.
#![cfg(test)]

mod first;
mod kit;
