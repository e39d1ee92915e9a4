//! The namespace of the admins.

use std::sync::Arc;

use axum::{Extension, Json, extract::rejection::JsonRejection};
use sockeye::{Admitted, Joining, Namespace, Socket};

use crate::{
    auth::{Credentials, Login},
    commands,
    features::Config,
    shared::Shared,
};

/// Everything but the layers around the admission.
pub(crate) fn build(shared: &Arc<Shared>) -> Namespace {
    let gate = shared.clone();
    let greeter = shared.clone();
    let farewell = shared.clone();
    let namespace = Namespace::new()
        // An admin who comes back is told everything anew.
        .without_recovery()
        .admit(move |Joining(socket): Joining, auth: Result<Json<Credentials>, JsonRejection>| {
            let shared = gate.clone();
            async move {
                let credentials = auth.map(|Json(credentials)| credentials).unwrap_or_default();
                shared.gate.admit(&socket, credentials).await.map(Extension)
            }
        })
        .on_connect(move |socket: Socket, login: Option<Admitted<Login>>| {
            let shared = greeter.clone();
            async move { greet(&shared, &socket, login.map(|Admitted(login)| login).unwrap_or_default()) }
        })
        .on_disconnect(move |socket: Socket| {
            let shared = farewell.clone();
            async move { shared.watch.leave(socket.id()) }
        })
        // What the UI asks for and is not offered is no error of its.
        .fallback(async || ());
    if shared.settings.read_only { namespace } else { commands::add(namespace, shared) }
}

/// In the order of the reference; but that `session` comes behind the CONNECT packet, where the page hears it.
fn greet(shared: &Arc<Shared>, socket: &Socket, login: Login) {
    if let Some(session) = login.session {
        drop(socket.emit("session", session));
    }
    shared.watch.enter(socket.id(), || shared.observe());
    if shared.shows_everything() {
        shared.tell_joined(socket);
    }
    drop(socket.emit("config", &Config::of(&shared.settings)));
    if shared.shows_everything() {
        drop(socket.emit("all_sockets", &shared.all_sockets()));
    }
    shared.watch.report(|| tokio::spawn(shared.clone().report()).abort_handle());
}
