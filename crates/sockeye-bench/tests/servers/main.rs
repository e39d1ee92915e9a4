//! Each server answers each event as the load expects it, so that no figure is of a wrong answer.

#![forbid(unsafe_code)]

mod events;
mod jwt;
mod kit;
mod life;
