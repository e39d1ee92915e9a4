//! An argument that is no extractor is named.

use sockeye::{Data, Socket, debug_handler};

#[debug_handler]
async fn message(_socket: Socket, _number: u32, _payload: Data<String>) {}

fn main() {}
