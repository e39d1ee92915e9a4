//! What tests of Socket.IO share: packets word for word, the server's side of a client, and sessions that end.

use std::{future::Future, panic::Location};

use sockeye::{Builder, Namespace, Socket, Sockeye};
use tokio::sync::mpsc;

use super::{Got, Log, Peer, Server, Via, witness};

impl Peer {
    /// What comes next is this packet.
    #[track_caller]
    pub(crate) fn expect(&mut self, packet: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let got = self.next().await;
            assert!(got == Got::Packet(packet.to_owned()), "at {at}: got {got:?}, expected {packet}");
        }
    }

    /// What comes next is this binary message.
    #[track_caller]
    pub(crate) fn expect_attachment(&mut self, bytes: &[u8]) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let got = self.next().await;
            assert!(got == Got::Attachment(bytes.to_vec()), "at {at}: got {got:?}, expected {bytes:?}");
        }
    }

    /// Asks with this packet, and the answer is that one.
    #[track_caller]
    pub(crate) fn ask(&mut self, packet: &str, answer: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.send(packet).await;
            let got = self.next().await;
            assert!(
                got == Got::Packet(answer.to_owned()),
                "at {at}: {packet} got {got:?}, expected {answer}"
            );
        }
    }

    /// The namespace `/` of this client answers: the session lives. Needs [`witness`], or another handler that
    /// answers `alive` with nothing.
    #[track_caller]
    pub(crate) fn assert_alive(&mut self) -> impl Future<Output = ()> {
        self.ask(r#"4290["alive"]"#, "4390[]")
    }
}

/// A server whose settings are the default ones, to be given namespaces.
pub(crate) fn server(namespaces: impl IntoIterator<Item = (&'static str, Namespace)>) -> Server {
    let builder = namespaces
        .into_iter()
        .fold(Sockeye::builder(), |builder, (name, namespace)| builder.namespace(name, namespace));
    Server::built(builder)
}

/// A server with one namespace `/` and a setting.
pub(crate) fn server_with(namespace: Namespace, set: impl FnOnce(Builder) -> Builder) -> Server {
    Server::built(set(Sockeye::builder().namespace("/", namespace)))
}

/// The server's side of clients, in the order in which they join.
pub(crate) struct Sockets(mpsc::UnboundedReceiver<Socket>);

impl Sockets {
    pub(crate) async fn next(&mut self) -> Socket {
        self.0.recv().await.expect("the namespace lives as long as its server")
    }
}

/// A namespace that hands out the server's side of each client that joins.
pub(crate) fn hands_out() -> (Namespace, Sockets) {
    let (tell, told) = mpsc::unbounded_channel();
    (Namespace::new().on_connect(async move |socket: Socket| drop(tell.send(socket))), Sockets(told))
}

/// A client that has joined `/`, and the server's side of it.
pub(crate) struct Pair {
    pub(crate) server: Server,
    pub(crate) peer: Peer,
    pub(crate) socket: Socket,
}

/// A client that has joined `/`, and the server's side of it.
pub(crate) async fn pair(via: Via) -> Pair {
    let (namespace, mut sockets) = hands_out();
    let server = Server::new(namespace);
    let peer = Peer::join(&server, via).await;
    Pair { peer, socket: sockets.next().await, server }
}

/// How a client breaks the protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Breach {
    /// By a packet that cannot be read.
    Undecodable,
    /// By a packet that can be read and has no business there.
    Misplaced,
}

impl Breach {
    /// The reason that the disconnect handler is told (lines 298 and 299).
    pub(crate) const fn reason(self, via: Via) -> &'static str {
        match (self, via) {
            (Self::Undecodable, _) | (Self::Misplaced, Via::WebSocket) => "forced close",
            (Self::Misplaced, Via::Polling) => "forced server close",
        }
    }
}

/// A client that has joined `/` says this in one burst: its session ends, no handler has heard of it, and the
/// disconnect handler is told the reason.
pub(crate) async fn assert_breach(via: Via, packets: &[&str], breach: Breach) {
    let log = Log::default();
    let server = Server::new(witness(&log));
    let mut peer = Peer::join(&server, via).await;
    peer.send_all(packets).await;
    assert_eq!(peer.next().await, Got::Closed, "{packets:?} on {via:?}");
    peer.assert_closed().await;
    let reason = format!("disconnect: {}", breach.reason(via));
    log.expect(&["connect", &reason]).await;
    assert_eq!(server.sessions(), 0);
}
