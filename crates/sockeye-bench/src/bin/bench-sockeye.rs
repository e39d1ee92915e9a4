//! sockeye with the default allocator.

#![forbid(unsafe_code)]

use std::error::Error;

use sockeye_bench::server::{self, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read(lexopt::Parser::from_env())?;
    Ok(server::run(options, server::sockeye::serve)?)
}
