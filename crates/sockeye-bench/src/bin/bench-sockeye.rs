//! sockeye with the default allocator.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;

use sockeye_bench::server::{self, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read(env::args().skip(1))?;
    Ok(server::run(options, server::sockeye::serve)?)
}
