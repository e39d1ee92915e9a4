//! Calls that a handler makes about the very session it runs in, and that session must go on for: each of them returns.

use std::{
    future::{Future, IntoFuture},
    time::Duration,
};

use axum::Extension;
use sockeye::{AckError, Data, EmitError, Io, Joining, Namespace, Socket};
use tokio::{sync::mpsc, time::timeout};

use crate::support::{BOTH, Got, Log, Peer, Request, Server, Via, server_with, settle};

/// The client's and the server's patience together are much shorter.
async fn returns<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(600), future).await.expect("a call that does not return")
}

fn large() -> String {
    "x".repeat(100_000)
}

#[tokio::test(start_paused = true)]
async fn an_emit_that_waits_for_room_lets_its_own_session_write() {
    const EVENTS: usize = 30;
    for via in BOTH {
        let emits = async |socket: Socket| {
            for number in 0..EVENTS {
                socket.emit("news", (number, large())).await.unwrap();
            }
        };
        let server = Server::new(Namespace::new().on("go", emits));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"421["go"]"#).await;
        for number in 0..EVENTS {
            assert!(returns(peer.packet()).await.starts_with(&format!(r#"42["news",{number},"#)));
        }
        returns(peer.expect("431[]")).await;
    }
}

/// As many as may run at once wait for room, in front of events that are not even read.
#[tokio::test(start_paused = true)]
async fn many_emits_that_wait_for_room_let_their_session_write() {
    const EVENTS: usize = 60;
    for via in BOTH {
        let emits = async |socket: Socket, Data(text): Data<String>| {
            socket.emit("news", large()).await.unwrap();
            Data(text.len())
        };
        let server = server_with(Namespace::new().on("go", emits), |builder| {
            // Many handlers may each put one event on top of the soft bound.
            builder.inbound_budget(10_000).outbox_hard(4_000_000)
        });
        let mut peer = Peer::join(&server, via).await;
        let events: Vec<String> =
            (0..EVENTS).map(|ack| format!(r#"42{ack}["go","{}"]"#, "x".repeat(5_000))).collect();
        let writes = writes(&server, &mut peer, via, &events);
        let (mut news, mut answers) = (0, 0);
        while answers < EVENTS {
            match returns(peer.packet()).await {
                packet if packet.starts_with("42") => news += 1,
                packet => {
                    assert!(packet.ends_with("[5000]"), "{packet}");
                    answers += 1;
                }
            }
        }
        assert_eq!((news, server.sessions()), (EVENTS, 1));
        returns(writes).await.unwrap();
    }
}

/// Writes packets in a task of its own, so that the client can read meanwhile.
fn writes(server: &Server, peer: &mut Peer, via: Via, packets: &[String]) -> tokio::task::JoinHandle<()> {
    match via {
        Via::Polling => {
            let (server, post) = (server.clone(), Request::post(&peer.sid, packets.join("\x1e")));
            tokio::spawn(async move { server.send(post).await.assert_ok() })
        }
        Via::WebSocket => {
            // A pipe takes them all; whether the server reads them is its own affair.
            let bytes: Vec<u8> = packets.iter().flat_map(|packet| crate::support::frame(1, packet)).collect();
            assert!(bytes.len() < 1 << 20);
            let websocket = peer.websocket.as_mut().unwrap();
            futures_util::FutureExt::now_or_never(websocket.connection.write(bytes)).unwrap();
            tokio::spawn(async {})
        }
    }
}

/// Nobody reads: the wait ends by itself, the event stays queued, and the session lives.
#[tokio::test(start_paused = true)]
async fn an_emit_that_finds_no_room_returns() {
    for via in BOTH {
        let (tell, mut told) = mpsc::unbounded_channel();
        let emits = async move |socket: Socket| {
            let mut emitted = 0;
            loop {
                let outcome = socket.emit("news", (emitted, large())).await;
                emitted += 1;
                if let Err(error) = outcome {
                    assert!(matches!(error, EmitError::Timeout), "{error}");
                    tell.send(emitted).unwrap();
                    return;
                }
            }
        };
        let server = Server::new(Namespace::new().on("go", emits));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"421["go"]"#).await;
        let emitted = returns(told.recv()).await.unwrap();
        for number in 0..emitted {
            assert!(peer.packet().await.starts_with(&format!(r#"42["news",{number},"#)));
        }
        peer.expect("431[]").await;
        assert_eq!(server.sessions(), 1);
    }
}

const BUDGET: usize = 10_000;

/// A session whose handlers ask its client, one after the other. The client sends a first event, and when it is asked
/// another one of this many bytes, with the answer behind it. Gives what the question came to.
async fn ask_behind(via: Via, bytes: usize) -> Result<u8, AckError> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let asks = async move |socket: Socket, Data(_): Data<String>| {
        let answer = socket.timeout(Duration::from_secs(300)).emit_with_ack::<u8>("ask", ()).await;
        let _ = tell.send(answer);
    };
    let namespace = Namespace::new().on("go", asks).on("alive", async || Data("yes")).sequential();
    let server = server_with(namespace, |builder| builder.inbound_budget(BUDGET));
    let mut peer = Peer::join(&server, via).await;
    peer.send(r#"42["go",""]"#).await;
    peer.expect(r#"420["ask"]"#).await;
    let packets = [format!(r#"42["go","{}"]"#, "x".repeat(bytes)), "430[7]".to_owned()];
    let writes = writes(&server, &mut peer, via, &packets);
    let first = returns(told.recv()).await.unwrap();
    // The session goes on: the second question is asked, and its answer is read.
    peer.expect(r#"421["ask"]"#).await;
    peer.send("431[8]").await;
    assert!(matches!(returns(told.recv()).await, Some(Ok(8))));
    returns(peer.ask(r#"429["alive"]"#, r#"439["yes"]"#)).await;
    returns(writes).await.unwrap();
    first
}

/// Up to the bound the answer is read past the events in front of it. One byte beyond, it is not read, and whoever waits
/// for it is told, so that the session goes on.
#[tokio::test(start_paused = true)]
async fn an_answer_of_its_own_client_is_read_up_to_the_inbound_bound() {
    for via in BOTH {
        // What an event costs beside its bytes is not for a test to know, so the bound is looked for.
        let (mut read, mut unread) = (0, BUDGET);
        assert!(matches!(ask_behind(via, read).await, Ok(7)));
        assert!(matches!(ask_behind(via, unread).await, Err(AckError::Stalled)));
        while unread - read > 1 {
            let bytes = usize::midpoint(read, unread);
            match ask_behind(via, bytes).await {
                Ok(7) => read = bytes,
                Err(AckError::Stalled) => unread = bytes,
                other => panic!("{other:?}"),
            }
        }
        assert!((BUDGET - 1_000..BUDGET).contains(&read), "{read}");
    }
}

/// A broadcast that waits for all waits for the one whose handler makes it, too.
#[tokio::test(start_paused = true)]
async fn a_broadcast_may_ask_its_own_session() {
    for via in BOTH {
        let asks = async |io: Io| {
            let answers = io.timeout(Duration::from_secs(20)).emit_with_ack::<u8>("ask", ()).await.unwrap();
            let collected = answers.collected().await;
            assert!(collected.missing.is_empty());
            let mut answers: Vec<u8> = collected.answers.into_iter().map(|(_, answer)| answer).collect();
            answers.sort_unstable();
            Data(answers)
        };
        let server = Server::new(Namespace::new().on("go", asks));
        let mut ada = Peer::join(&server, via).await;
        let mut bob = Peer::join(&server, Via::WebSocket).await;
        ada.send(r#"421["go"]"#).await;
        for (peer, answer) in [(&mut bob, 2), (&mut ada, 1)] {
            assert_eq!(peer.packet().await, r#"420["ask"]"#);
            peer.send(&format!("430[{answer}]")).await;
        }
        returns(ada.expect("431[[1,2]]")).await;
    }
}

/// What a handler does to its own session.
#[derive(Clone, Copy, Debug)]
enum Ends {
    Disconnect,
    Close,
    Broadcast,
    Shutdown,
}

const ENDS: [Ends; 4] = [Ends::Disconnect, Ends::Close, Ends::Broadcast, Ends::Shutdown];

impl Ends {
    async fn run(self, socket: &Socket, io: &Io) {
        match self {
            Self::Disconnect => socket.disconnect().await,
            Self::Close => socket.close().await,
            Self::Broadcast => io.of("/").disconnect().await.unwrap(),
            Self::Shutdown => drop(io.shutdown().await),
        }
    }
}

/// Where it does that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Admission,
    Connect,
    Event,
    Disconnect,
}

/// Ends the session where it is asked to, and nowhere else.
#[derive(Clone)]
struct Ender {
    log: Log,
    at: At,
    ends: Ends,
}

impl Ender {
    async fn come(self, here: At, socket: Socket, io: Io) {
        if here == self.at {
            returns(self.ends.run(&socket, &io)).await;
            self.log.write("returned");
        }
    }
}

fn namespace(ender: &Ender) -> Namespace {
    let [admission, connect, event, disconnect] = [(); 4].map(|()| ender.clone());
    Namespace::new()
        .admit(async move |Joining(socket): Joining, Extension(io): Extension<Io>| {
            admission.come(At::Admission, socket, io).await;
        })
        .on_connect(async move |socket: Socket, io: Io| {
            connect.log.write("connect");
            connect.come(At::Connect, socket, io).await;
        })
        .on("go", async move |socket: Socket, io: Io| event.come(At::Event, socket, io).await)
        .on_disconnect(async move |socket: Socket, io: Io| {
            disconnect.log.write("disconnect");
            disconnect.come(At::Disconnect, socket, io).await;
        })
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_end_its_own_session_from_anywhere() {
    for via in BOTH {
        for ends in ENDS {
            for at in [At::Admission, At::Connect, At::Event, At::Disconnect] {
                let log = Log::default();
                let server = Server::new(namespace(&Ender { log: log.clone(), at, ends }));
                let mut peer = Peer::open(&server, via).await;
                peer.send("40").await;
                settle().await;
                if at != At::Admission {
                    // It may be on its way out already.
                    peer.send(r#"42["go"]"#).await;
                    settle().await;
                }
                let leaves = at == At::Disconnect;
                if leaves {
                    assert!(peer.packet().await.starts_with("40{"));
                    peer.send("41").await;
                }
                // An admission is dropped with its session, and cannot see the server end.
                let sees = at != At::Admission || !matches!(ends, Ends::Shutdown);
                let mut open = true;
                returns(async {
                    while sees && !log.lines().contains(&"returned".to_owned()) {
                        // Reads, so that what waits can be written.
                        let read = timeout(Duration::from_millis(500), peer.next());
                        match open {
                            true => open = read.await != Ok(Got::Closed),
                            false => settle().await,
                        }
                    }
                })
                .await;
                if matches!(ends, Ends::Close | Ends::Shutdown) {
                    while open && returns(peer.next()).await != Got::Closed {}
                }
                // Whoever was only put out of the namespace, or had not joined it yet, is still there.
                returns(server.io().shutdown().into_future()).await;
                let lines = log.lines();
                let count = |line: &str| lines.iter().filter(|known| *known == line).count();
                assert_eq!(count("returned"), usize::from(sees), "{via:?} {ends:?} {at:?}: {lines:?}");
                assert_eq!(count("connect"), count("disconnect"), "{via:?} {ends:?} {at:?}: {lines:?}");
            }
        }
    }
}
