//! Sixteen arguments are the most.

use sockeye::{Socket, debug_handler};

#[debug_handler]
#[rustfmt::skip]
async fn message(
    _1: Socket, _2: Socket, _3: Socket, _4: Socket, _5: Socket, _6: Socket, _7: Socket, _8: Socket, _9: Socket,
    _10: Socket, _11: Socket, _12: Socket, _13: Socket, _14: Socket, _15: Socket, _16: Socket, _17: Socket,
) {}

fn main() {}
