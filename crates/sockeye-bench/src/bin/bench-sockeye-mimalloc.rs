//! sockeye with mimalloc: the same server, another allocator.

#![forbid(unsafe_code)]

use std::error::Error;

use mimalloc::MiMalloc;
use sockeye_bench::server::{self, Options};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read(lexopt::Parser::from_env())?;
    Ok(server::run(options, server::sockeye::serve)?)
}
