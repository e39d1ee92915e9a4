//! sockeye: an axum router with the server mounted in it, as the README has it.

use std::io;
use std::sync::Arc;

use axum::extract::State;
use axum::serve::ListenerExt as _;
use axum::{Extension, Json, Router};
use serde_json::value::RawValue;
use sockeye::{
    Args, BroadcastError, Data, EmitError, JoinError, Namespace, Raw, Refusal, Room, Socket, Sockeye,
};
use tokio::net::TcpListener;

use super::{Options, login};
use crate::order::Order;
use crate::token::{Credentials, Verifier};

/// Serves the workloads on `listener`.
///
/// # Errors
/// As [`axum::serve()`].
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    // A websocket has the option anyway; this is for polling, as the guide on mounting says.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router(&options).into_make_service()).await
}

fn router(options: &Options) -> Router {
    let sockeye = Sockeye::builder()
        .ping_interval(options.ping_interval)
        .max_payload(options.max_payload)
        // The inbound budget holds at least one message.
        .inbound_budget(options.max_payload)
        // All the load comes from one address, and some of it never joins a namespace.
        .max_unclaimed(MANY)
        .max_unclaimed_per_address(MANY)
        .namespace("/", events().with_state(()))
        .namespace("/jwt", Namespace::new().admit(admit))
        .build_with_state(Arc::new(Verifier::new()));
    login().merge(sockeye.router())
}

/// Its handlers take no state, so none is cloned for them.
fn events() -> Namespace {
    Namespace::new()
        .on("echo", echo)
        .on("typed", typed)
        .on("ack", async |arguments: Raw| arguments)
        .on("bin", bin)
        .on("all", all)
        .on("room", room)
        .on("join", join)
        .on("leave", leave)
}

async fn echo(socket: Socket, arguments: Raw) -> Result<(), EmitError> {
    socket.emit("echo", arguments).await
}

async fn typed(socket: Socket, Data(order): Data<Order>) -> Result<(), EmitError> {
    socket.emit("typed", &order).await
}

async fn bin(socket: Socket, arguments: Raw) -> Result<(), EmitError> {
    socket.emit("bin", arguments).await
}

async fn all(socket: Socket, arguments: Raw) -> Result<(), BroadcastError> {
    socket.namespace().emit("all", arguments).await
}

async fn room(socket: Socket, Args((room, text)): Args<(Room, Box<RawValue>)>) -> Result<(), BroadcastError> {
    socket.namespace().to(room).emit("room", &text).await
}

async fn join(socket: Socket, Data(room): Data<String>) -> Result<(), JoinError> {
    socket.join(room).await
}

async fn leave(socket: Socket, Data(room): Data<String>) -> Result<(), JoinError> {
    socket.leave(room).await
}

/// Who was let in; kept with the socket.
#[derive(Debug, Clone)]
struct User(#[expect(dead_code, reason = "kept as an application would keep it")] String);

async fn admit(
    State(verifier): State<Arc<Verifier>>,
    Json(credentials): Json<Credentials>,
) -> Result<Extension<User>, Refusal> {
    let claims = verifier.claims(&credentials.token).map_err(|_| Refusal::new("Unauthorized"))?;
    Ok(Extension(User(claims.sub)))
}

const MANY: usize = 1_000_000;
