//! A namespace, a session and an outbox for tests: no protocol, no runtime, no other crate.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::{Extensions, Version};
use parking_lot::Mutex;
use sockeye_proto::{Head, Id, Outbox, Payload, engine::Transport, outbox::Bounds, socket::Arguments};

use crate::{
    Event, JoinError, Local, LocalAdapter, NamespaceContext, Room, Scope, SessionControl, Socket,
    SocketConfig, SocketInit, handshake::Handshake,
};

/// Rooms as lists: the contract of `Local` in its simplest form.
#[derive(Default)]
pub(crate) struct Rooms(Mutex<Vec<(Socket, Vec<Room>)>>);

impl Rooms {
    pub(crate) fn remove(&self, socket: &Socket) -> Vec<Room> {
        let mut sockets = self.0.lock();
        let at = sockets.iter().position(|(known, _)| known == socket);
        at.map(|at| sockets.remove(at).1).unwrap_or_default()
    }

    pub(crate) fn add(&self, socket: &Socket, rooms: Vec<Room>) {
        self.0.lock().push((socket.clone(), rooms));
    }

    fn change(&self, socket: &Socket, change: impl FnOnce(&mut Vec<Room>)) -> Result<(), JoinError> {
        let mut sockets = self.0.lock();
        let (_, rooms) = sockets.iter_mut().find(|(known, _)| known == socket).ok_or(JoinError::Closed)?;
        change(rooms);
        Ok(())
    }
}

impl Local for Rooms {
    fn members(&self, scope: &Scope) -> Vec<Socket> {
        let is_in = |rooms: &[Room], list: &[Room]| list.iter().any(|room| rooms.contains(room));
        let sockets = self.0.lock();
        let meant = sockets.iter().filter(|(socket, rooms)| {
            (scope.rooms.is_empty() || is_in(rooms, &scope.rooms))
                && !is_in(rooms, &scope.except)
                && !scope.except.contains(&socket.id().into())
        });
        meant.map(|(socket, _)| socket.clone()).collect()
    }

    fn join(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        self.change(socket, |own| {
            own.extend(rooms.iter().filter(|room| !own.contains(room)).cloned().collect::<Vec<_>>())
        })
    }

    fn leave(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        self.change(socket, |own| own.retain(|room| !rooms.contains(room)))
    }

    fn rooms_of(&self, socket: &Socket) -> Vec<Room> {
        let sockets = self.0.lock();
        sockets.iter().find(|(known, _)| known == socket).map(|(_, rooms)| rooms.clone()).unwrap_or_default()
    }

    fn socket(&self, id: Id) -> Option<Socket> {
        self.0.lock().iter().find(|(socket, _)| socket.id() == id).map(|(socket, _)| socket.clone())
    }
}

/// Counts what it is asked.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) disconnects: AtomicUsize,
    pub(crate) closes: AtomicUsize,
    pub(crate) wakes: AtomicUsize,
}

impl SessionControl for Session {
    fn disconnect(&self, _: Id) {
        self.disconnects.fetch_add(1, Ordering::Relaxed);
    }

    fn close(&self) {
        self.closes.fetch_add(1, Ordering::Relaxed);
    }

    fn wake(&self) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }

    fn transport(&self) -> Transport {
        Transport::WebSocket
    }

    fn latency(&self) -> Option<Duration> {
        None
    }
}

/// One namespace with as many sockets as one likes.
pub(crate) struct World {
    pub(crate) rooms: Arc<Rooms>,
    pub(crate) session: Arc<Session>,
    pub(crate) namespace: Arc<NamespaceContext>,
    bounds: Bounds,
    sockets: AtomicUsize,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with("/", SocketConfig::default(), Bounds::default())
    }

    pub(crate) fn with(name: &str, config: SocketConfig, bounds: Bounds) -> Self {
        let rooms = Arc::new(Rooms::default());
        let adapter = Arc::new(LocalAdapter::new(rooms.clone()));
        let namespace = Arc::new(NamespaceContext::new(name, adapter, rooms.clone(), config));
        Self { rooms, session: Arc::default(), namespace, bounds, sockets: AtomicUsize::new(0) }
    }

    /// Where recovery is on.
    pub(crate) fn sequenced(sequencer: &Arc<crate::recovery::Sequencer>) -> Self {
        let mut world = Self::new();
        let adapter =
            Arc::new(LocalAdapter::new(world.rooms.clone()).with_sequencer(Some(sequencer.clone())));
        let namespace = NamespaceContext::new("/", adapter, world.rooms.clone(), SocketConfig::default());
        world.namespace = Arc::new(namespace.with_sequencer(Some(sequencer.clone())));
        world
    }

    /// A socket that is about to join.
    pub(crate) fn joining(&self) -> Socket {
        self.socket_of(self.namespace.clone())
    }

    /// A socket that is about to join another namespace than this world's.
    pub(crate) fn socket_of(&self, namespace: Arc<NamespaceContext>) -> Socket {
        let number = self.sockets.fetch_add(1, Ordering::Relaxed) + 1;
        let id = Id::from_random([number as u8; 15]);
        let headers: [(&str, &[u8]); 1] = [("cookie", b"session=ada")];
        let mut extensions = Extensions::new();
        extensions.insert("from a layer");
        Socket::new(SocketInit {
            id,
            namespace,
            outbox: Arc::new(Outbox::new(self.bounds)),
            session: self.session.clone(),
            handshake: Arc::new(Handshake::new(
                Head::new("GET", "/socket.io/?EIO=4", headers.into_iter()),
                extensions,
                Version::HTTP_11,
                Id::from_random([255; 15]),
                Transport::WebSocket,
                SystemTime::UNIX_EPOCH,
            )),
            auth: Payload::copy_from(b"{}"),
        })
    }

    /// A socket that has joined.
    pub(crate) fn socket(&self) -> Socket {
        let socket = self.joining();
        assert!(socket.joined(Extensions::new()));
        self.rooms.0.lock().push((socket.clone(), vec![socket.id().into()]));
        socket
    }

    /// The socket's session has ended.
    pub(crate) fn leave(&self, socket: &Socket) {
        let rooms = self.rooms.remove(socket);
        socket.left(crate::DisconnectReason::Client, rooms);
    }
}

/// What waits for the client, as text; it is written by this.
pub(crate) fn sent(socket: &Socket) -> Vec<String> {
    let mut frames = VecDeque::new();
    socket.outbox().take(usize::MAX, &mut frames);
    socket.outbox().all_written();
    let parts = frames.iter().flat_map(|frame| frame.parts());
    parts.map(|part| String::from_utf8_lossy(part.message()).into_owned()).collect()
}

pub(crate) fn arguments(json: &str) -> Arguments {
    Arguments::json(json).unwrap()
}

/// The first event of a socket, which asks for ack number 7.
pub(crate) fn event(socket: &Socket, name: &str, json: &str) -> Event {
    Event::new(socket.clone(), name, 1, Some(7), arguments(json))
}
