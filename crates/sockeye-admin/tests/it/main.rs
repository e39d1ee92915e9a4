//! The admin namespace, seen by raw clients over pipes on a paused clock.
#![cfg(test)]

mod client;
mod commands;
mod golden;
mod login;
mod reports;
mod server;
mod shape;
mod ui;
