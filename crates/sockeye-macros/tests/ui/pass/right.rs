//! Right handlers compile with the attribute, whatever their shape.

use axum::{
    Extension,
    extract::{FromRef, State},
    http::HeaderMap,
};
use sockeye::{
    Acker, Admitted, Args, Data, DisconnectReason, Event, EventName, Handshake, IntoReply, Namespace, NoAck, Reply,
    Socket, debug_handler,
};

#[derive(Clone)]
struct App {
    name: Name,
}

#[derive(Clone)]
struct Name;

impl FromRef<App> for Name {
    fn from_ref(app: &App) -> Self {
        app.name.clone()
    }
}

struct Refused;

impl IntoReply for Refused {
    fn into_reply(self) -> Reply {
        Reply::error("refused", "no")
    }
}

#[debug_handler]
async fn nothing() {}

#[debug_handler]
async fn state(State(_app): State<App>, _socket: Socket, Data(text): Data<String>) -> Result<String, Refused> {
    Ok(text)
}

#[debug_handler(state = App)]
async fn part(State(_name): State<Name>, EventName(_name_of_event): EventName, Args((a, b)): Args<(u8, Option<u8>)>) -> Args<(u8, Option<u8>)> {
    Args((a, b))
}

#[debug_handler]
async fn from_the_handshake(
    headers: HeaderMap,
    _user: Result<Extension<u8>, axum::extract::rejection::ExtensionRejection>,
    Handshake(_once): Handshake<HeaderMap>,
    _admitted: Option<Admitted<u8>>,
    _event: Event,
) -> impl IntoReply {
    Data(headers.len())
}

#[debug_handler]
async fn later(_acker: Acker, _payload: Option<Data<u8>>) -> NoAck {
    NoAck
}

#[debug_handler]
async fn gone(_socket: Socket, _reason: DisconnectReason) {}

fn main() {
    let _: Namespace<App> = Namespace::new()
        .on("nothing", nothing)
        .on("state", state)
        .on("part", part)
        .on("handshake", from_the_handshake)
        .on("later", later)
        .on_disconnect(gone);
}
