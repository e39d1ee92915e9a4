//! A generic function cannot be checked.

use sockeye::{Data, debug_handler};

#[debug_handler]
async fn message<T>(_payload: Data<T>) {}

fn main() {}
