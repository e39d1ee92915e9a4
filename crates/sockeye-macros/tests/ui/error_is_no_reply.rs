//! The error of a `Result` must know how to become a reply.

use sockeye::debug_handler;

#[debug_handler]
async fn message() -> Result<u8, std::io::Error> {
    Ok(1)
}

fn main() {}
