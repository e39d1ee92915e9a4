//! `impl Trait` makes a function generic, too.

use sockeye::{IntoReply, debug_handler};

#[debug_handler]
async fn message(_payload: impl IntoReply) {}

fn main() {}
