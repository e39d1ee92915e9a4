//! Every reply that keeps the promise of an ack, with layers and without.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use sockeye::{Args, Data, EventType, Handler as _, Namespace, RateLimitPerSocket, Reply, Socket};

#[derive(Serialize, Deserialize, EventType)]
#[event("message", ack = Sent, ts = "{ text: string }", ack_ts = "{ id: number }",)]
struct NewMessage {
    text: String,
}

#[derive(Serialize)]
struct Sent;

#[derive(Deserialize, EventType)]
#[event("typing")]
struct Typing;

#[derive(Deserialize, EventType)]
#[event("pair", ack = Args<(u8, u8)>)]
struct Pair<T: Send + 'static>(T);

#[derive(EventType)]
#[event("only-emitted")]
enum Emitted {
    _One,
}

async fn value(_: NewMessage) -> Data<Sent> {
    Data(Sent)
}

async fn fallible(_: State<u8>, _: Socket, _: NewMessage) -> Result<Sent, Reply> {
    Ok(Sent)
}

async fn data(_: NewMessage) -> Result<Data<Sent>, Reply> {
    Ok(Data(Sent))
}

async fn unit(_: Typing) {}

async fn pair(_: Pair<u32>) -> Args<(u8, u8)> {
    Args((1, 2))
}

fn main() {
    let second = std::time::Duration::from_secs(1);
    let _: Namespace<u8> = Namespace::new().handle::<NewMessage, _>(value);
    let _: Namespace<u8> = Namespace::new().handle::<NewMessage, _>(fallible);
    let _: Namespace<u8> = Namespace::new().handle::<NewMessage, _>(data.layer(RateLimitPerSocket::new(1, second)));
    let _: Namespace<u8> = Namespace::new().handle::<Typing, _>(unit).handle::<Pair<u32>, _>(pair);
    let _: Namespace<u8> = Namespace::new().handle::<Typing, _>(async |_: Typing| Ok::<_, Reply>(()));
}
