//! Handlers that send bytes back in every way there is.

use axum::extract::State;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sockeye::{Args, Data, Namespace, Socket};
use whole_system::App;

#[derive(Deserialize)]
struct Deep {
    deep: List,
}

#[derive(Deserialize)]
struct List {
    list: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    bytes: Bytes,
}

#[derive(Serialize)]
struct Flat {
    list: Vec<Bytes>,
}

async fn echo(Data(bytes): Data<Bytes>) -> Data<Bytes> {
    Data(bytes)
}

async fn nest(Data(Deep { deep }): Data<Deep>) -> Data<Flat> {
    Data(Flat { list: deep.list.into_iter().map(|item| item.bytes).collect() })
}

async fn send_back(State(app): State<App>, socket: Socket, Args((text, bytes)): Args<(String, Bytes)>) {
    app.notes.add(format!("{} bytes", bytes.len()));
    socket.emit("back", (text, bytes)).await.expect("it is connected");
}

async fn ask_for_bytes(socket: Socket) -> Data<usize> {
    let item: Item = socket.emit_with_ack("give", ()).await.expect("the client answers");
    Data(item.bytes.len())
}

/// All of them.
pub(crate) fn namespace() -> Namespace<App> {
    let echoes = Namespace::new().on("echo", echo).on("nest", nest);
    echoes.on("send-back", send_back).on("ask-for-bytes", ask_for_bytes)
}
