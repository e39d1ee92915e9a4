//! What a server does, seen by raw clients on both transports.
#![cfg(test)]

mod acks;
mod admission;
mod balance;
mod data;
mod dynamic;
mod emitting;
mod ends;
mod extract;
mod first;
mod flow;
mod handshake;
mod hooks;
mod kit;
mod layers;
mod listeners;
mod middleware;
mod mount;
mod namespaces;
mod observers;
mod order;
mod outgoing;
mod panics;
mod rate_limit;
mod rooms;
mod servers;
mod shutdown;
mod stats;
mod typed;
