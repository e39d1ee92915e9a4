//! What the dashboard asks the server.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::{delete, get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sockeye::{BroadcastError, Id, Io, Room, Socket};

use crate::{App, log, user::User};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(async |_: User| Html(include_str!("page.html"))))
        .route("/api/sockets", get(sockets))
        .route("/api/sockets/{id}", delete(disconnect))
        .route("/api/rooms", get(rooms))
        .route("/api/emit", post(emit))
        .route("/api/log", get(log::follow))
}

/// A socket, as the page shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: Id,
    /// Milliseconds since 1970.
    since: u64,
    namespace: String,
    rooms: Vec<Room>,
    address: Option<String>,
    data: Value,
    transport: &'static str,
    /// Milliseconds; nothing before the first heartbeat.
    latency: Option<f64>,
}

impl Shown {
    fn of(socket: &Socket) -> Self {
        Self {
            id: socket.id(),
            since: socket.handshake().issued(),
            namespace: socket.namespace_name().to_owned(),
            rooms: socket.rooms(),
            address: socket.handshake().address().map(|address| address.to_string()),
            data: socket.data().get().ok().flatten().unwrap_or_default(),
            transport: socket.transport().name(),
            latency: socket.latency().map(|latency| latency.as_secs_f64() * 1000.0),
        }
    }
}

/// Of this process: only it knows the transport and the latency. `io.of(..).sockets()` asks all nodes.
async fn sockets(_: User, State(io): State<Io>) -> Json<Vec<Shown>> {
    let namespaces = io.namespaces();
    let sockets = namespaces.iter().flat_map(|one| io.of(&*one.name).local_sockets());
    Json(sockets.map(|socket| Shown::of(&socket)).collect())
}

#[derive(Serialize)]
struct ShownRoom {
    namespace: String,
    name: Room,
    sockets: Vec<Id>,
}

async fn rooms(_: User, State(io): State<Io>) -> Result<Json<Vec<ShownRoom>>, StatusCode> {
    let mut rooms = Vec::new();
    for namespace in io.namespaces() {
        let found = io.of(&*namespace.name).rooms().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        rooms.extend(found.into_iter().filter(|room| !room.is_own()).map(|room| ShownRoom {
            namespace: namespace.name.to_string(),
            name: room.room().clone(),
            sockets: room.members().to_vec(),
        }));
    }
    Ok(Json(rooms))
}

/// What the page sends to one or to all.
#[derive(Deserialize)]
struct Emit {
    namespace: String,
    /// A socket's id or a room; everybody without.
    to: Option<String>,
    event: String,
    data: Value,
}

async fn emit(
    _: User,
    State(io): State<Io>,
    Json(emit): Json<Emit>,
) -> Result<StatusCode, (StatusCode, String)> {
    let all = io.of(&emit.namespace);
    let target = match emit.to {
        Some(room) => all.to(room),
        None => all,
    };
    target.emit(emit.event, emit.data).await.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Such as an unknown namespace, or a name that belongs to the protocol.
fn refused(error: &BroadcastError) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, error.to_string())
}

async fn disconnect(_: User, State(io): State<Io>, Path(id): Path<String>) -> StatusCode {
    let namespaces = io.namespaces();
    let found = namespaces.iter().flat_map(|one| io.of(&*one.name).to(&id).local_sockets()).next();
    match found.filter(|socket| socket.id().as_str() == id) {
        Some(socket) => {
            let _ = socket.disconnect().await;
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}
