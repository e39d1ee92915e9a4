//! The live log: what happens to sockets, rooms and events, as server-sent events.

use std::convert::Infallible;

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use sockeye::{Arguments, DisconnectReason, Id, Io, Observer, Room, Socket, observer::Sent};
use tokio::sync::mpsc;

use crate::user::User;

/// One line for each thing that happens, for as long as the page reads. Nothing is observed while nobody does.
pub(crate) async fn follow(
    _: User,
    State(io): State<Io>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (lines, written) = mpsc::channel(MOST_WAITING);
    // Dropped with the response, and the observer with it.
    let observing = io.observe(std::sync::Arc::new(Log(lines)));
    let lines = stream::unfold((written, observing), async |(mut written, observing)| {
        let line: Value = written.recv().await?;
        Some((Ok(Event::default().data(line.to_string())), (written, observing)))
    });
    Sse::new(lines).keep_alive(KeepAlive::default())
}

/// Writes down what it is told; a page that reads too slowly misses lines, and nobody waits for it.
struct Log(mpsc::Sender<Value>);

impl Log {
    fn write(&self, line: Value) {
        let _ = self.0.try_send(line);
    }
}

impl Observer for Log {
    fn socket_joined(&self, socket: &Socket) {
        self.write(
            json!({ "what": "connected", "namespace": socket.namespace_name(), "socket": socket.id() }),
        );
    }

    fn socket_left(&self, socket: &Socket, reason: DisconnectReason) {
        let (namespace, id) = (socket.namespace_name(), socket.id());
        self.write(json!({ "what": "disconnected", "namespace": namespace, "socket": id, "reason": reason.as_str() }));
    }

    fn room_joined(&self, namespace: &str, room: &Room, socket: Id) {
        self.write(json!({ "what": "joined", "namespace": namespace, "socket": socket, "room": room }));
    }

    fn room_left(&self, namespace: &str, room: &Room, socket: Id) {
        self.write(json!({ "what": "left", "namespace": namespace, "socket": socket, "room": room }));
    }

    // Names only: what people say to each other is not the dashboard's business.
    fn event_received(&self, socket: &Socket, name: &str, _: &Arguments) {
        let (namespace, id) = (socket.namespace_name(), socket.id());
        self.write(json!({ "what": "received", "namespace": namespace, "socket": id, "event": name }));
    }

    fn event_sent(&self, socket: &Socket, event: Sent<'_>) {
        let (namespace, id) = (socket.namespace_name(), socket.id());
        self.write(json!({ "what": "sent", "namespace": namespace, "socket": id, "event": event.name() }));
    }
}

/// Lines that wait for one page.
const MOST_WAITING: usize = 1000;
