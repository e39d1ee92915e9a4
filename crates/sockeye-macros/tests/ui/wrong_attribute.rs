//! Only `state = ..` may stand in the parentheses.

use sockeye::debug_handler;

#[debug_handler(with = u8)]
async fn message() {}

fn main() {}
