//! Sessions that the application names (lines 18 and 19).

use std::{
    future::pending,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::request::Parts;
use sockeye::{Builder, Data, Namespace, SessionId, Socket, Sockeye};

use crate::support::{BOTH, Peer, Request, Server, Via, settle};

fn built(settings: impl FnOnce(Builder) -> Builder) -> Server {
    let sid = async |socket: Socket| Data(socket.handshake().sid().to_string());
    Server::built(settings(Sockeye::builder().namespace("/", Namespace::new().on("sid", sid))))
}

fn handshake(via: Via, id: &str) -> Request {
    let request = match via {
        Via::Polling => Request::open(),
        Via::WebSocket => Request::websocket("EIO=4&transport=websocket"),
    };
    request.header("x-id", id)
}

/// The id that the request asks for.
fn asked(head: &Parts) -> String {
    head.headers.get("x-id").map_or("none", |id| id.to_str().unwrap()).to_owned()
}

#[tokio::test(start_paused = true)]
async fn edge_018_no_id_no_session() {
    async fn panics() -> Result<String, io::Error> {
        panic!("no id today")
    }
    let failing = built(|it| it.generate_id(|_| async { Err(io::Error::other("no database")) }));
    let panicking = built(|it| it.generate_id(|_| panics()));
    let silent = built(|it| {
        let it = it.generate_id(|_| pending::<Result<String, io::Error>>());
        it.handshake_timeout(Duration::from_secs(1))
    });
    for server in [failing, panicking, silent] {
        for via in BOTH {
            server.send(handshake(via, "any")).await.assert_refused(3, "Bad request");
        }
        assert_eq!(server.sessions(), 0);
    }
}

/// One that cannot stand in a URL as it is, or is too long, is none.
#[tokio::test(start_paused = true)]
async fn edge_018_an_id_that_cannot_be() {
    let server = built(|it| {
        it.generate_id(|head| {
            let id = asked(head);
            async move { Ok::<_, io::Error>(if id == "none" { String::new() } else { id }) }
        })
    });
    let longest = "x".repeat(SessionId::MAX);
    let longer = "x".repeat(SessionId::MAX + 1);
    for via in BOTH {
        for id in ["none", "a b", "a&b", "a%62", &longer] {
            server.send(handshake(via, id)).await.assert_refused(3, "Bad request");
        }
    }
    assert_eq!(server.sessions(), 0);
    assert_eq!(Peer::open_with(&server, Via::Polling, "", &[("x-id", &longest)]).await.sid, longest);
}

#[tokio::test(start_paused = true)]
async fn edge_019_the_id_may_be_waited_for() {
    let counter = Arc::new(AtomicUsize::new(0));
    let server = built(|it| {
        it.generate_id(move |_| {
            let number = counter.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Ok::<_, io::Error>(format!("6ba7b810-9dad-11d1-80b4-{number:012}"))
            }
        })
    });
    for (number, via) in BOTH.into_iter().enumerate() {
        let mut peer = Peer::join(&server, via).await;
        assert_eq!(peer.sid, format!("6ba7b810-9dad-11d1-80b4-{number:012}"));
        peer.send(r#"421["sid"]"#).await;
        assert_eq!(peer.packet().await, format!(r#"431["{}"]"#, peer.sid));
        if via == Via::Polling {
            let mut websocket = server.upgrade(&peer.sid).await;
            websocket.send("2probe").await;
            assert_eq!(websocket.text().await, "3probe");
        }
    }
}

/// Also while the first of the name is only about to open.
#[tokio::test(start_paused = true)]
async fn edge_018_an_id_that_is_taken() {
    let server = built(|it| {
        it.generate_id(|head| {
            let id = asked(head);
            async move { Ok::<_, io::Error>(id) }
        })
    });
    let first = Peer::open_with(&server, Via::Polling, "", &[("x-id", "one")]).await;
    for via in BOTH {
        server.send(handshake(via, "one")).await.assert_refused(3, "Bad request");
    }
    server.post(&first.sid, "40").await;
    assert_eq!(server.sessions(), 1, "it lives on");

    let mut connection = server.connect();
    connection.write(handshake(Via::WebSocket, "two").bytes()).await;
    assert_eq!(connection.answer().await.status, 101);
    server.send(handshake(Via::Polling, "two")).await.assert_refused(3, "Bad request");
    drop(connection);
    settle().await;
    // Free again when its session is gone.
    assert_eq!(server.sessions(), 1);
    assert_eq!(server.send(handshake(Via::Polling, "two")).await.status, 200);
}
