//! A handler that takes another event.

use sockeye::{EventType, Namespace};

#[derive(serde::Deserialize, EventType)]
#[event("message")]
struct NewMessage {}

#[derive(serde::Deserialize, EventType)]
#[event("typing")]
struct Typing {}

async fn message(_: Typing) {}

fn main() {
    let _: Namespace = Namespace::new().handle::<NewMessage, _>(message);
}
