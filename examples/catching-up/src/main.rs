//! One list, three namespaces: whoever was away catches up in three ways.
#![forbid(unsafe_code)]

use std::{
    env, io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, extract::State};
use serde_json::Value;
use sockeye::{Data, Io, Namespace, Recovery, Socket, Sockeye};
use tokio::{net::TcpListener, signal::ctrl_c};

/// What is to be known by all; a database in earnest.
#[derive(Clone, Default)]
struct App {
    items: Arc<Mutex<Vec<String>>>,
}

impl App {
    fn items(&self) -> Vec<String> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers how many there are with it.
    fn add(&self, item: &str) -> usize {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.push(item.to_owned());
        items.len()
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let sockeye = Sockeye::builder()
        .recovery(Recovery::for_at_most(Duration::from_secs(120)))
        .namespace("/state", Namespace::new().on_connect(send_all).on("add", add))
        .namespace("/since", Namespace::new().on_connect(send_rest).on("add", add))
        .namespace("/recovery", Namespace::new().on_connect(send_all_to_the_new).on("add", add))
        .build_with_state(App::default());
    let app = Router::new().merge(sockeye.router());

    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(sockeye.io().shutdown_on(ctrl_c())).await
}

async fn add(State(app): State<App>, io: Io, Data(item): Data<String>) {
    let number = app.add(&item);
    for namespace in ["/state", "/since", "/recovery"] {
        // Who is away has it when he is back.
        let _ = io.of(namespace).emit("added", (&item, number)).await;
    }
}

/// The whole state, on every connect.
async fn send_all(State(app): State<App>, socket: Socket) {
    let _ = socket.emit("state", &app.items()).await;
}

/// What came after the last item that the client has, by its own account.
async fn send_rest(State(app): State<App>, socket: Socket) {
    let auth: Value = serde_json::from_slice(socket.auth()).unwrap_or_default();
    let seen =
        auth.get("seen").and_then(Value::as_u64).and_then(|seen| usize::try_from(seen).ok()).unwrap_or(0);
    for (at, item) in app.items().iter().enumerate().skip(seen) {
        let _ = socket.emit("added", (item, at + 1)).await;
    }
}

/// The whole state for whoever is new; who is recovered has had all the events.
async fn send_all_to_the_new(State(app): State<App>, socket: Socket) {
    if !socket.recovered() {
        let _ = socket.emit("state", &app.items()).await;
    }
}
