//! A future that cannot move between threads is named as such.

use sockeye::debug_handler;

#[debug_handler]
async fn message() {
    let shared = std::rc::Rc::new(1);
    std::future::ready(()).await;
    drop(shared);
}

fn main() {}
