//! What consumes the payload stands last.

use sockeye::{Data, Socket, debug_handler};

#[debug_handler]
async fn message(_payload: Data<String>, _socket: Socket) {}

fn main() {}
