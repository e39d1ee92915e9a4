//! A method is no handler.

use sockeye::debug_handler;

struct Chat;

impl Chat {
    #[debug_handler]
    async fn message(&self) {}
}

fn main() {}
