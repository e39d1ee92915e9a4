//! The official admin UI in a browser: story 50.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};
use sockeye::{Data, Io, Namespace, Origins, Socket, Sockeye};
use sockeye_admin::{AdminOptions, Auth, Ui, ui_from_dir};
use whole_system::{App, Stage, Story, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn story_50_the_official_dashboard() {
    let story = Story::of("browser/story_50.mjs", |app| application(&app))
        .answer("server", server)
        .answer("say", say);
    story.on(Transport::Upgrade).await;
}

/// Two namespaces of an application, the admins' own, a second one where they can only look, and the UI at `/admin/`.
fn application(app: &App) -> Router {
    let basic = || AdminOptions::new(Auth::basic("admin", CHANGEIT)).server_id("the only one");
    sockeye_admin::instrument(&app.io, basic()).unwrap();
    sockeye_admin::instrument(&app.io, basic().namespace("/look").read_only(true)).unwrap();
    let origins = Origins::list([UI_ELSEWHERE]);
    let cors = origins.cors_layer();
    let sockeye = Sockeye::builder()
        .handle(&app.io)
        .origins(origins)
        .namespace("/", lobby())
        .namespace("/chat", lobby())
        .build();
    sockeye.router().layer(cors).nest_service("/admin", ui())
}

fn lobby() -> Namespace {
    Namespace::new()
        .on_connect(async |socket: Socket| {
            let _ = socket.join("lobby").await;
        })
        .on("echo", async |Data(text): Data<String>| Data(text))
        .fallback(async || ())
}

fn ui() -> Ui {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/node_modules");
    let ui = ui_from_dir(packages.join("@socket.io/admin-ui/ui/dist")).unwrap();
    ui.icons_from_dir(packages.join("@mdi/font")).unwrap().connect_to(SERVER_BY_NAME)
}

/// The numbers of the server, and its sockets with their rooms.
async fn server(stage: Arc<Stage>, _: Value) -> Value {
    let io: Io = stage.server.io();
    let stats = io.stats();
    let namespaces = stats.namespaces.iter().map(|one| json!({ "name": &*one.name, "sockets": one.sockets }));
    let sockets = stats.namespaces.iter().flat_map(|one| io.of(&*one.name).local_sockets());
    let sockets = sockets.map(|socket| {
        let rooms: Vec<String> = socket.rooms().iter().map(ToString::to_string).collect();
        json!({ "id": socket.id(), "namespace": socket.namespace_name(), "rooms": rooms })
    });
    json!({
        "sessions": stats.sessions,
        "polling": stats.polling_sessions,
        "opened": stats.opened,
        "namespaces": namespaces.collect::<Vec<_>>(),
        "sockets": sockets.collect::<Vec<_>>(),
    })
}

/// Emits to everybody in the namespace `/`.
async fn say(stage: Arc<Stage>, value: Value) -> Value {
    json!(stage.server.io().emit("said", &value).await.is_ok())
}

/// The hash of `changeit`.
const CHANGEIT: &str = "$2b$10$xExEychIzAz8F.OfIDH5FeXqmt8p7Kk6kPin1IBE1YlfzlKfLykJW";

/// Where the script's browser finds the same UI under another name.
const UI_ELSEWHERE: &str = "http://ui.test";
const SERVER_BY_NAME: &str = "http://chat.test";
