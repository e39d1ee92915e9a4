//! A return value that is no reply is named.

use sockeye::debug_handler;

struct Thing;

#[debug_handler]
async fn message() -> Thing {
    Thing
}

fn main() {}
