//! A namespace without a server, and sockets without a session: the seam of `sockeye-test`.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{Extensions, request::Parts};
use sockeye_core::{
    Event, Id, Outbox, Payload, Reply, SessionControl, Socket, SocketConfig, SocketInit, Transport,
    handshake::Handshake,
};
use sockeye_proto::{Head, outbox::Bounds};

use crate::{
    Io, Namespace,
    connection::random_id,
    namespace::Table,
    sites::{Common, Site},
};

/// A namespace by itself: its handlers can be called, and it has sockets that nobody is behind.
pub struct Detached(Arc<Table>);

impl Detached {
    /// Joins handlers, state and layers.
    pub fn new(namespace: Namespace) -> Self {
        Self(Arc::new(namespace.build(&())))
    }

    /// The only socket of the namespace under this name, which it has joined. Nothing reads what is emitted to it.
    ///
    /// `handshake` is the request that would have opened the session; without an [`Io`] in its extensions it gets one that
    /// is not mounted; `Parameters` in there are those of the namespace's name. `auth` is the text of a JSON object,
    /// `locals` what the admission would have left.
    pub fn socket(&self, name: &str, mut handshake: Parts, auth: &str, locals: Extensions) -> Socket {
        let io = handshake.extensions.remove::<Io>().unwrap_or_default();
        let common = Common { sockets: SocketConfig::default(), io, recovery: None };
        let parameters = handshake.extensions.remove();
        let site = Site::new(name.into(), self.0.clone(), parameters, &common);
        let socket = Socket::new(SocketInit {
            id: id(),
            namespace: site.context.clone(),
            outbox: Arc::new(Outbox::new(Bounds::default())),
            session: Arc::new(NoSession),
            handshake: Arc::new(compact(handshake)),
            auth: Payload::copy_from(auth.as_bytes()),
        });
        socket.joined(locals);
        site.rooms.insert(&socket, false, None);
        socket
    }

    /// What the namespace replies to an event. A panic of the handler is the caller's.
    pub async fn call(&self, event: Event) -> Reply {
        self.0.root.answer(event).await
    }
}

fn compact(parts: Parts) -> Handshake {
    let headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let head = Head::new(parts.method.as_str(), &parts.uri.to_string(), headers.iter().copied());
    let now = SystemTime::now();
    Handshake::new(head, parts.extensions, parts.version, id(), Transport::WebSocket, now)
}

fn id() -> Id {
    random_id().unwrap_or_else(|| Id::from_random([0; 15]))
}

/// Nothing follows from what it is asked.
struct NoSession;

impl SessionControl for NoSession {
    fn disconnect(&self, _: Id) {}

    fn close(&self) {}

    fn wake(&self) {}

    fn transport(&self) -> Transport {
        Transport::WebSocket
    }

    fn latency(&self) -> Option<Duration> {
        None
    }
}

impl fmt::Debug for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detached").finish_non_exhaustive()
    }
}
