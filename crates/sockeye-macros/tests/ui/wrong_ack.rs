//! A handler that acknowledges with something else than its event's type says.

use sockeye::{Data, EventType, Namespace};

#[derive(serde::Deserialize, EventType)]
#[event("message", ack = u64)]
struct NewMessage {}

async fn message(_: NewMessage) -> Data<String> {
    Data(String::new())
}

fn main() {
    let _: Namespace = Namespace::new().handle::<NewMessage, _>(message);
}
