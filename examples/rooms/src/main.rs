//! Tables in a café: who sits where, who comes and goes, and asking all of a table.
#![forbid(unsafe_code)]

use std::{collections::BTreeMap, env, io, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use sockeye::{Args, BroadcastError, Data, Io, JoinError, Namespace, Room, Socket, Sockeye};
use tokio::{net::TcpListener, signal::ctrl_c};

/// What everybody may know of a guest: `Socket::data`.
#[derive(Default, Deserialize, Serialize)]
struct Guest {
    name: String,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let io = Io::new();
    let cafe = Namespace::new()
        .data::<Guest>()
        .on("sit", sit)
        .on("stand up", async |socket: Socket, Data(table): Data<String>| socket.leave(table).await)
        .on("say", say)
        .on("another round?", another_round)
        .on_join(async |socket: Socket, room: Room| tell(&socket, &room, "came").await)
        .on_leave(async |socket: Socket, room: Room| tell(&socket, &room, "went").await);
    let sockeye = Sockeye::builder().handle(&io).namespace("/", cafe).build();
    let app = Router::new()
        .route("/tables", get(tables))
        .route("/tables/{table}/close", post(close))
        .with_state(io.clone())
        .merge(sockeye.router());

    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(io.shutdown_on(ctrl_c())).await
}

/// Somebody sits down, and learns who is there.
async fn sit(socket: Socket, Args((name, table)): Args<(String, String)>) -> Result<Vec<String>, JoinError> {
    // A name that is too long stays at the door.
    let _ = socket.data().set(&Guest { name });
    socket.join(&*table).await?;
    Ok(names(&socket.namespace().to(table)).await)
}

/// To all who sit at this one's tables, but not to this one.
async fn say(socket: Socket, Data(text): Data<String>) {
    let tables = socket.rooms().into_iter().filter(|room| room.as_id() != Some(socket.id()));
    for table in tables {
        let _ = socket.to(&table).emit("said", (name(&socket), &text)).await;
    }
}

/// Asks all of a table. Who does not answer in two seconds, or leaves, does not want one.
async fn another_round(socket: Socket, Data(table): Data<String>) -> Data<usize> {
    let question = socket.namespace().to(table).timeout(Duration::from_secs(2));
    let Ok(answers) = question.emit_with_ack::<bool>("another one?", ()).await else { return Data(0) };
    Data(answers.collected().await.answers.iter().filter(|(_, wants)| *wants).count())
}

/// Tells a table that somebody came or went, by whatever way.
async fn tell(socket: &Socket, table: &Room, what: &str) {
    let _ = socket.to(table).emit(what, name(socket)).await;
}

/// `GET /tables`: who sits where.
async fn tables(State(io): State<Io>) -> Json<BTreeMap<Room, Vec<String>>> {
    let mut tables = BTreeMap::new();
    for room in io.of("/").rooms().await.unwrap_or_default() {
        // Everybody also has a room alone.
        if !room.is_own() {
            let names = names(&io.of("/").to(room.room())).await;
            tables.insert(room.room().clone(), names);
        }
    }
    Json(tables)
}

/// `POST /tables/{table}/close`: everybody there hears of it and leaves; nobody is thrown out.
async fn close(State(io): State<Io>, Path(table): Path<String>) -> Result<(), String> {
    let guests = io.of("/").to(&*table);
    let closed = async {
        guests.emit("closed", &table).await?;
        guests.leave(&*table).await
    };
    closed.await.map_err(|error: BroadcastError| error.to_string())
}

async fn names(of: &sockeye::Broadcast) -> Vec<String> {
    let guests = of.sockets().await.unwrap_or_default();
    let mut names: Vec<_> =
        guests.iter().filter_map(|guest| guest.data::<Guest>().ok()?).map(|guest| guest.name).collect();
    names.sort();
    names
}

fn name(socket: &Socket) -> String {
    socket.data().get::<Guest>().ok().flatten().unwrap_or_default().name
}
