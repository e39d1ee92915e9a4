//! The limit of polling: an axum router that knows just enough of Engine.IO to echo.

use std::collections::HashMap;
use std::io;
use std::mem;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::{Options, limit::Word};

/// Serves the polling workloads on `listener`.
///
/// # Errors
/// As [`axum::serve()`].
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let app = Router::new()
        .route("/socket.io/", get(poll).post(push))
        .layer(DefaultBodyLimit::max(options.max_payload))
        .with_state(Arc::new(App::default()));
    // Given the router itself, axum copies its routes for each connection; so in all servers here.
    axum::serve(listener, app.into_make_service()).await
}

#[derive(Debug, Default)]
struct App {
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

#[derive(Debug, Default)]
struct Session {
    /// What the next GET is answered with: packets with a separator between them.
    waiting: Mutex<String>,
    pushed: Notify,
}

#[derive(Debug, Deserialize)]
struct Asked {
    sid: Option<String>,
}

impl App {
    fn session(&self, sid: &str) -> Result<Arc<Session>, StatusCode> {
        self.sessions.lock().get(sid).cloned().ok_or(StatusCode::BAD_REQUEST)
    }

    /// A new session, which stays for as long as the process: the load never has more than thousands.
    fn open(&self) -> String {
        let mut sessions = self.sessions.lock();
        let sid = format!("session-{:012}", sessions.len());
        sessions.insert(sid.clone(), Arc::default());
        format!(
            r#"0{{"sid":"{sid}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#
        )
    }
}

impl Session {
    fn push(&self, packet: &str) {
        let mut waiting = self.waiting.lock();
        if !waiting.is_empty() {
            waiting.push(SEPARATOR);
        }
        waiting.push_str(packet);
    }
}

async fn poll(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Result<String, StatusCode> {
    let Some(sid) = asked.sid else { return Ok(app.open()) };
    let session = app.session(&sid)?;
    loop {
        let waiting = mem::take(&mut *session.waiting.lock());
        if !waiting.is_empty() {
            return Ok(waiting);
        }
        session.pushed.notified().await;
    }
}

async fn push(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    body: String,
) -> Result<&'static str, StatusCode> {
    let session = app.session(&asked.sid.ok_or(StatusCode::BAD_REQUEST)?)?;
    for packet in body.split(SEPARATOR) {
        match Word::of(packet.as_bytes()) {
            Word::Connect => session.push(CONNECTED),
            Word::Echo => session.push(packet),
            _ => {}
        }
    }
    session.pushed.notify_one();
    Ok("ok")
}

const CONNECTED: &str = r#"40{"sid":"x"}"#;
const SEPARATOR: char = '\u{1e}';
