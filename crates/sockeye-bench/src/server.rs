//! The servers, and what they have in common: how they are started, and how they end.

mod login;
mod options;
mod run;
pub mod sockeye;

pub use self::{
    login::login,
    options::{InvalidOptions, Options},
    run::run,
};
