//! The application of the captures, with the admin namespace.

use axum::Router;
use serde_json::{Value, json};
use sockeye::{Data, Io, Namespace, Socket, Sockeye};
use sockeye_admin::{Admin, AdminOptions, Auth};

pub(crate) struct Server {
    pub(crate) app: Router,
    pub(crate) io: Io,
    pub(crate) admin: Admin,
}

/// The hash of `changeit`, with the least cost that there is.
pub(crate) fn basic() -> Auth {
    Auth::basic("admin", HASH)
}

pub(crate) fn credentials() -> Value {
    json!({ "username": "admin", "password": "changeit" })
}

/// A server whose clients are in the room `lobby`, and answer as the captured one does.
pub(crate) fn serve(options: AdminOptions) -> Server {
    let io = Io::new();
    let admin = sockeye_admin::instrument(&io, options).unwrap();
    let sockeye = Sockeye::builder().handle(&io).namespace("/", lobby()).namespace("/chat", lobby()).build();
    Server { app: sockeye.router(), io, admin }
}

fn lobby() -> Namespace {
    Namespace::new()
        .on_connect(async |socket: Socket| {
            let _ = socket.join("lobby").await;
        })
        .on("ping2", async || Data("pong"))
        .on("leave-lobby", async |socket: Socket| {
            let _ = socket.leave("lobby").await;
        })
        .on("setdata", async |socket: Socket, Data(user): Data<Value>| {
            drop(socket.data().set_field("user", &user));
        })
        .fallback(async || ())
}

const HASH: &str = "$2b$04$6JxrPLx01QcZw7EvIIXiGeeR8YBXXTn7wxQENJVA95cW9Vc.DpeK.";
