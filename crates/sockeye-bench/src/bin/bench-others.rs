//! The servers that sockeye is measured against: `socketioxide`, and the limits `bare`, `tungstenite` and `axum-polling`.

#![forbid(unsafe_code)]

use std::error::Error;

use sockeye_bench::server::{self, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read(lexopt::Parser::from_env())?;
    match options.kind.as_deref() {
        Some("socketioxide") => server::run(options, server::socketioxide::serve)?,
        Some("bare") => server::run(options, server::bare::serve)?,
        Some("tungstenite") => server::run(options, server::tungstenite::serve)?,
        Some("axum-polling") => server::run(options, server::axum_polling::serve)?,
        _ => return Err("expected socketioxide, bare, tungstenite or axum-polling".into()),
    }
    Ok(())
}
