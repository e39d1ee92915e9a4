//! Tells admins what happens, in the order and words of the reference.

use std::{
    collections::HashSet,
    sync::{Arc, Weak},
};

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::Value;
use sockeye::{DisconnectReason, Id, Room, Socket};
use sockeye_core::{Arguments, Observer, observer::Sent};

use crate::{
    clock,
    events::FilledAll,
    redact::{Direction, Redaction, ReportedEvent},
    serialized,
    shared::Shared,
};

/// Added to the server while an admin is connected.
pub(crate) struct AdminObserver {
    shared: Weak<Shared>,
    /// Sockets that are in their rooms already and have not been told of: between two calls of one task.
    coming: Mutex<HashSet<Id>>,
}

impl AdminObserver {
    pub(crate) fn new(shared: Weak<Shared>) -> Self {
        Self { shared, coming: Mutex::default() }
    }

    fn with(&self, tell: impl FnOnce(&Arc<Shared>)) {
        if let Some(shared) = self.shared.upgrade() {
            tell(&shared);
        }
    }

    fn event(
        &self,
        direction: Direction,
        socket: &Socket,
        name: &str,
        read: impl FnOnce() -> Option<(Vec<Value>, Vec<Bytes>)>,
        size: usize,
    ) {
        self.with(|shared| {
            // The namespace of the admins would tell itself of its own reports.
            if socket.namespace_name() == &*shared.settings.namespace || !shared.settings.redactor.has_room()
            {
                return;
            }
            let too_long = size > shared.settings.redactor.longest;
            let (mut arguments, attachments) = if too_long {
                (vec![Value::String(format!("[{size} bytes]"))], Vec::new())
            } else {
                let Some(read) = read() else { return };
                read
            };
            let (namespace, id) = (socket.namespace_name(), socket.id());
            let event = ReportedEvent { direction, namespace, socket: id, name, arguments: &arguments };
            match shared.settings.redactor.redact(&event) {
                Redaction::Show => {}
                Redaction::HideArguments => arguments.clear(),
                Redaction::Replace(instead) => arguments = instead,
                Redaction::Omit => return,
            }
            arguments.insert(0, Value::from(name));
            let event = match direction {
                Direction::Received => "event_received",
                Direction::Sent => "event_sent",
            };
            let values = FilledAll { values: &arguments, attachments: &attachments };
            shared.tell(event, (namespace, &id, &values, clock::now()));
        });
    }
}

impl Observer for AdminObserver {
    fn room_joined(&self, namespace: &str, room: &Room, socket: Id) {
        // Its own room is the first thing that a socket joins; it is told of as a whole when it is there.
        if room.as_id() == Some(socket) {
            self.coming.lock().insert(socket);
        } else if !self.coming.lock().contains(&socket) {
            self.with(|shared| shared.tell_room("room_joined", namespace, room, socket));
        }
    }

    fn socket_joined(&self, socket: &Socket) {
        self.coming.lock().remove(&socket.id());
        self.with(|shared| {
            // An admin is told of when it has been told its session.
            if socket.namespace_name() == &*shared.settings.namespace {
                return;
            }
            shared.tell_joined(socket);
            for room in socket.rooms().iter().filter(|room| room.as_id() != Some(socket.id())) {
                shared.tell_room("room_joined", socket.namespace_name(), room, socket.id());
            }
        });
    }

    fn room_left(&self, namespace: &str, room: &Room, socket: Id) {
        self.with(|shared| {
            // A socket that leaves the namespace is no longer in it, and its rooms are told of behind that.
            if !is_there(shared, namespace, socket) {
                return;
            }
            shared.tell_room("room_left", namespace, room, socket);
        });
    }

    fn socket_left(&self, socket: &Socket, reason: DisconnectReason) {
        self.coming.lock().remove(&socket.id());
        self.with(|shared| {
            let (namespace, id) = (socket.namespace_name(), socket.id());
            shared.tell("socket_disconnected", (namespace, &id, reason.as_str(), clock::now()));
            for room in socket.rooms() {
                shared.tell_room("room_left", namespace, &room, id);
            }
        });
    }

    fn transport_changed(&self, socket: &Socket) {
        self.with(|shared| {
            let transport = socket.transport().name();
            let update = serde_json::json!({ "id": socket.id(), "nsp": socket.namespace_name(), "transport": transport });
            shared.tell("socket_updated", &update);
        });
    }

    fn data_changed(&self, socket: &Socket) {
        self.with(|shared| {
            let data = serialized::data(socket);
            let update =
                serde_json::json!({ "id": socket.id(), "nsp": socket.namespace_name(), "data": data });
            shared.tell("socket_updated", &update);
        });
    }

    fn event_received(&self, socket: &Socket, name: &str, arguments: &Arguments) {
        let read = || {
            let values = serde_json::from_str(arguments.as_json()).ok()?;
            Some((values, arguments.attachments().to_vec()))
        };
        self.event(Direction::Received, socket, name, read, arguments.len());
    }

    fn event_sent(&self, socket: &Socket, event: Sent<'_>) {
        let size = event.attachments().map(<[u8]>::len).fold(event.json().len(), usize::saturating_add);
        let read = || {
            let mut values: Vec<Value> = serde_json::from_str(event.json()).ok()?;
            // The name comes first.
            values.drain(..1.min(values.len()));
            Some((values, event.attachments().map(Bytes::copy_from_slice).collect()))
        };
        self.event(Direction::Sent, socket, event.name(), read, size);
    }
}

/// Whether it is in its namespace. A socket that has left the room of its own id is, and is found among all.
fn is_there(shared: &Shared, namespace: &str, socket: Id) -> bool {
    let namespace = shared.io.of(namespace);
    namespace.local_socket(socket).is_some()
}
