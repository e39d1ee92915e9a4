//! socketioxide, with the handlers that its documentation shows.
//!
//! What was chosen, and why: features are the default ones, without `tracing`, as sockeye logs nothing here either; `state`
//! holds the verifier of tokens. The read buffer of 4 KiB and all bounds are its defaults, but for those that a workload
//! would run into. Arguments are taken as untouched JSON where it allows that (`String`), as sockeye's are here.

use std::io;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use bytes::Bytes;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef, State};
use socketioxide::handler::ConnectHandler as _;
use tokio::net::TcpListener;

use super::{Options, login};
use crate::order::Order;
use crate::token::{Credentials, Verifier};

/// Serves the workloads on `listener`.
///
/// # Errors
/// As [`axum::serve()`].
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let (layer, io) = SocketIo::builder()
        .ping_interval(options.ping_interval)
        .max_payload(options.max_payload as u64)
        // By default 128 packets, and more are refused with an error: in a flooded room they would be lost.
        .max_buffer_size(MANY)
        .with_state(Arc::new(Verifier::new()))
        .build_layer();
    io.ns("/", listen);
    io.ns("/open", async |_: SocketRef| {});
    io.ns("/jwt", (async |_: SocketRef| {}).with(admit));
    axum::serve(listener, login().layer(layer).into_make_service()).await
}

/// Handlers belong to a socket, and are registered when it connects.
async fn listen(socket: SocketRef) {
    socket.on("echo", async |socket: SocketRef, Data(value): Data<String>| {
        let _ = socket.emit("echo", &value);
    });
    socket.on("typed", async |socket: SocketRef, Data(order): Data<Order>| {
        let _ = socket.emit("typed", &order);
    });
    socket.on("ack", async |Data(value): Data<String>, ack: AckSender| {
        let _ = ack.send(&value);
    });
    socket.on("bin", async |socket: SocketRef, Data(bytes): Data<Bytes>| {
        let _ = socket.emit("bin", &bytes);
    });
    socket.on("all", async |io: SocketIo, Data(text): Data<String>| {
        let _ = io.emit("all", &text).await;
    });
    socket.on("room", async |socket: SocketRef, Data((room, text)): Data<(String, String)>| {
        let _ = socket.within(room).emit("room", &text).await;
    });
    socket.on("join", async |socket: SocketRef, Data(room): Data<String>, ack: AckSender| {
        socket.join(room);
        let _ = ack.send(&NOTHING);
    });
    socket.on("leave", async |socket: SocketRef, Data(room): Data<String>, ack: AckSender| {
        socket.leave(room);
        let _ = ack.send(&NOTHING);
    });
}

/// A namespace's middleware, by which its documentation authenticates.
async fn admit(
    socket: SocketRef,
    Data(credentials): Data<Credentials>,
    State(verifier): State<Arc<Verifier>>,
) -> Result<(), jsonwebtoken::errors::Error> {
    let claims = verifier.claims(&credentials.token)?;
    socket.extensions.insert(claims);
    Ok(())
}

/// `()` would be the argument `null`.
const NOTHING: [(); 0] = [];
const MANY: usize = 4096;
