//! What stands in the `Ok` must be serializable.

use sockeye::{NoAck, debug_handler};

struct Thing;

#[debug_handler]
async fn message() -> Result<Thing, NoAck> {
    Ok(Thing)
}

fn main() {}
