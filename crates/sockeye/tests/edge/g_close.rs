//! Section G: how a session of Engine.IO ends. By a handler of the engine alone, for Socket.IO says goodbye by packets of
//! its own.

use std::{
    sync::{Arc, Mutex},
    task::Context,
    time::Duration,
};

use axum::Router;
use http::request::Parts;
use sockeye::{CloseReason, Io, Namespace, Socket, Transport};
use sockeye_engine::{Close, Engine, Flow, Handler, Handshake, Message, MessageRef, Sender, SessionHandler};
use tokio::time::sleep;

use crate::support::{BOTH, Got, Log, Machine, Peer, Request, Server, Via, settle, witness};

/// Ends sessions when told so: by the message `close`, or as soon as they open.
#[derive(Clone)]
struct Closer {
    log: Log,
    at_once: bool,
    close: fn(Transport) -> Close,
    senders: Arc<Mutex<Vec<Sender>>>,
}

struct Session {
    closer: Closer,
    sender: Sender,
}

impl Closer {
    fn new(log: &Log, close: fn(Transport) -> Close) -> Self {
        Self { log: log.clone(), at_once: false, close, senders: Arc::default() }
    }

    fn serve(&self) -> Server {
        let engine = Engine::builder().path("/socket.io/").build(self.clone());
        Server::app(&Io::new(), Router::new().route_service("/socket.io/", engine.service()))
    }

    /// The handle of the only session.
    fn sender(&self) -> Sender {
        self.senders.lock().unwrap()[0].clone()
    }
}

impl Handler for Closer {
    type Session = Session;

    fn open(&self, _: Handshake, sender: Sender) -> Session {
        if self.at_once {
            sender.close((self.close)(sender.transport()));
        }
        self.senders.lock().unwrap().push(sender.clone());
        Session { closer: self.clone(), sender }
    }
}

impl SessionHandler for Session {
    fn message(&mut self, _: &mut Context<'_>, message: MessageRef<'_>, _: Option<&Parts>) -> Flow {
        let message = Message::from(message);
        self.closer.log.write(format!("{message:?}"));
        match message == Message::from("close") {
            true => Flow::Close((self.closer.close)(self.sender.transport())),
            false => Flow::Continue,
        }
    }

    fn closed(&mut self, reason: CloseReason) {
        self.closer.log.write(format!("closed: {reason}"));
    }
}

fn graceful(transport: Transport) -> Close {
    Close::Graceful(CloseReason::Forced(transport))
}

fn now(transport: Transport) -> Close {
    Close::Now(CloseReason::Forced(transport))
}

#[tokio::test(start_paused = true)]
async fn edge_157_a_close_waits_for_what_was_sent() {
    // Nothing was: at once.
    let log = Log::default();
    let server = Closer::new(&log, graceful).serve();
    let sid = server.open().await;
    let poll = server.poll(&sid).await;
    server.post(&sid, "4close").await;
    assert_eq!(poll.answer().await.packets(), "1");
    server.send(Request::poll(&sid)).await.assert_unknown();
    let (mut websocket, _) = server.open_websocket().await;
    websocket.send("4close").await;
    websocket.assert_closed(None).await;
    let close = r#"Text("close")"#;
    log.expect(&[close, "closed: forced server close", close, "closed: forced close"]).await;

    // By polling: the packets in one body, the close packet in the next.
    let log = Log::default();
    let closer = Closer::new(&log, graceful);
    let server = closer.serve();
    let sid = server.open().await;
    let sender = closer.sender();
    sender.send("one").unwrap();
    sender.send("two").unwrap();
    sender.close(graceful(Transport::Polling));
    settle().await;
    assert!(sender.send("late").is_err());
    assert_eq!(log.lines(), [] as [&str; 0], "not yet");
    assert_eq!(server.fetch(&sid).await, "4one\x1e4two");
    assert_eq!(server.fetch(&sid).await, "6\x1e1");
    server.send(Request::poll(&sid)).await.assert_unknown();
    log.expect(&["closed: forced server close"]).await;

    // By websocket: more than the pipe holds, which the client takes up slowly.
    let log = Log::default();
    let closer = Closer::new(&log, graceful);
    let server = closer.serve();
    let (mut websocket, _) = server.open_websocket().await;
    let sender = closer.sender();
    for letter in ["a", "b", "c", "d"] {
        sender.send(letter.repeat(350_000)).unwrap();
        settle().await;
    }
    sender.close(graceful(Transport::WebSocket));
    sleep(Duration::from_secs(10)).await;
    assert_eq!(log.lines(), [] as [&str; 0], "not yet");
    for letter in ["a", "b", "c", "d"] {
        assert_eq!(websocket.text().await, format!("4{}", letter.repeat(350_000)));
    }
    websocket.assert_closed(None).await;
    log.expect(&["closed: forced close"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_158_a_close_at_once_discards_what_was_sent() {
    let log = Log::default();
    let closer = Closer::new(&log, now);
    let server = closer.serve();
    let sid = server.open().await;
    let sender = closer.sender();
    sender.send("discarded").unwrap();
    sender.close(now(Transport::Polling));
    server.send(Request::poll(&sid)).await.assert_unknown();
    log.expect(&["closed: forced server close"]).await;

    // What the pipe holds has been sent; what has not begun to be written is not.
    let log = Log::default();
    let closer = Closer::new(&log, now);
    let server = closer.serve();
    let (mut websocket, _) = server.open_websocket().await;
    let sender = closer.sender();
    let large = "x".repeat(1_350_000);
    sender.send(large.clone()).unwrap();
    settle().await;
    sender.send("discarded").unwrap();
    sender.close(now(Transport::WebSocket));
    settle().await;
    log.expect(&["closed: forced close"]).await;
    assert_eq!(websocket.text().await, format!("4{large}"));
    websocket.assert_closed(None).await;
}

#[tokio::test(start_paused = true)]
async fn edge_162_a_session_that_is_closed_as_it_opens() {
    for close in [graceful, now] {
        let log = Log::default();
        let server = Closer { at_once: true, ..Closer::new(&log, close) }.serve();
        let (mut websocket, _) = server.open_websocket().await;
        websocket.assert_closed(None).await;
        let sid = server.open().await;
        if log.lines().len() == 1 {
            // A graceful close has its packet fetched.
            assert_eq!(server.fetch(&sid).await, "6\x1e1");
        }
        server.send(Request::poll(&sid)).await.assert_unknown();
        log.expect(&["closed: forced close", "closed: forced server close"]).await;

        // What a client makes of it.
        for transport in [Transport::Polling, Transport::WebSocket] {
            let (mut client, _) = Machine::open(&server, transport).await;
            let reason = client.closed().await;
            let expected = match transport {
                Transport::Polling if close(transport) == now(transport) => "transport error",
                _ => "transport close",
            };
            assert_eq!(reason.as_str(), expected, "{transport:?}");
        }
        let [polling, websocket] = ["closed: forced server close", "closed: forced close"];
        log.expect(&[websocket, polling, polling, websocket]).await;
    }

    // A client that is gone before the answer comes.
    let log = Log::default();
    let server = Server::new(witness(&log));
    for request in [Request::open(), Request::websocket("EIO=4&transport=websocket")] {
        let mut connection = server.connect();
        connection.write(request.bytes()).await;
        drop(connection);
        sleep(Duration::from_secs(60)).await;
        assert_eq!(server.sessions(), 0);
    }
    log.expect(&[]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_163_nothing_behind_a_close_is_delivered() {
    for via in BOTH {
        for close in [graceful, now] {
            let log = Log::default();
            let server = Closer::new(&log, close).serve();
            let mut peer = Peer::open(&server, via).await;
            peer.send_all(&["4before", "4close", "4behind", "4behind"]).await;
            peer.send("4later").await;
            if close(Transport::Polling) == graceful(Transport::Polling) {
                assert_eq!(peer.next().await, Got::Closed);
            }
            let reason = match via {
                Via::Polling => "closed: forced server close",
                Via::WebSocket => "closed: forced close",
            };
            log.expect(&[r#"Text("before")"#, r#"Text("close")"#, reason]).await;
        }
        // Socket.IO alike: by a handler, and by what the client does against the protocol.
        let log = Log::default();
        let close = async |socket: Socket| socket.close().await;
        let server = Server::new(witness(&log).on("close", close));
        let mut peer = Peer::join(&server, via).await;
        peer.send_all(&[r#"42["before"]"#, r#"42["close"]"#, r#"42["behind"]"#]).await;
        assert_eq!(peer.packet().await, "41");
        log.expect(&["connect", "before[]", "disconnect: server namespace disconnect"]).await;

        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send_all(&[r#"42["before"]"#, r#"42/nowhere,["x"]"#, r#"42["behind"]"#]).await;
        peer.assert_closed().await;
        let reason = match via {
            Via::Polling => "disconnect: forced server close",
            Via::WebSocket => "disconnect: forced close",
        };
        log.expect(&["connect", "before[]", reason]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_164_after_a_restart_the_client_has_another_session() {
    for (via, transport) in [(Via::Polling, Transport::Polling), (Via::WebSocket, Transport::WebSocket)] {
        let old = Server::new(Namespace::new());
        let (mut client, before) = Machine::open(&old, transport).await;
        client.send(&["0"]);
        assert!(client.message().await.starts_with("0{"));
        let shutdown = tokio::spawn(old.io().shutdown().into_future());
        assert_eq!(client.closed().await, CloseReason::TransportClose);
        assert_eq!(shutdown.await.unwrap().closed, 1);

        // The next process knows nothing of the session, and greets the client anew.
        let new = Server::new(Namespace::new());
        let query = format!("EIO=4&transport={}&sid={before}", transport.name());
        let late = match via {
            Via::Polling => Request::query("GET", &query),
            Via::WebSocket => Request::websocket(&query),
        };
        new.send(late).await.assert_unknown();
        let (mut client, after) = Machine::open(&new, transport).await;
        assert_ne!(before, after);
        client.send(&["0"]);
        assert!(client.message().await.starts_with("0{"));
    }
}
