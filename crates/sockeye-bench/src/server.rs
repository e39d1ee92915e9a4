//! The servers, and what they have in common: how they are started, and how they end.

pub mod axum_polling;
pub mod bare;
mod limit;
mod login;
mod options;
mod run;
pub mod socketioxide;
pub mod sockeye;
pub mod tungstenite;
mod upgrade;

pub use self::{login::login, options::Options, run::run};
