//! sockeye with mimalloc: the same server, another allocator.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;

use mimalloc::MiMalloc;
use sockeye_bench::server::{self, Options};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read(env::args().skip(1))?;
    Ok(server::run(options, server::sockeye::serve)?)
}
