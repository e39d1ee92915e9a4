//! A handler is an `async fn`.

use sockeye::debug_handler;

#[debug_handler]
fn message() {}

fn main() {}
