//! Two ends at the same moment are one.

use std::time::Duration;

use sockeye::{DisconnectReason, Namespace, Socket};
use tokio::{sync::mpsc, time::sleep};

use crate::support::{BOTH, Log, Peer, Pending, Request, Server, Via, frame};

/// Who ends it, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The client leaves the namespace.
    Leaves,
    /// The client says goodbye to the session.
    Closes,
    /// The client breaks the protocol.
    Breaks,
    /// The client's connection is cut.
    Vanishes,
    Disconnect,
    Close,
    Broadcast,
    Shutdown,
    /// More is queued than the client may leave unread.
    Overflow,
}

use End::{Breaks, Broadcast, Close, Closes, Disconnect, Leaves, Overflow, Shutdown, Vanishes};

const ENDS: [End; 9] = [Leaves, Closes, Breaks, Vanishes, Disconnect, Close, Broadcast, Shutdown, Overflow];

struct Race {
    server: Server,
    peer: Option<Peer>,
    /// The GET that waits.
    poll: Option<Pending>,
    socket: Socket,
}

impl Race {
    /// Does it without letting anybody else run, as far as that can be.
    async fn end(&mut self, end: End) {
        match end {
            Leaves => self.say("41").await,
            Closes => self.say("1").await,
            Breaks => self.say("4x").await,
            Vanishes => {
                drop(self.peer.take());
                if let Some(poll) = self.poll.take() {
                    poll.abort().await;
                }
            }
            Disconnect => drop(self.socket.disconnect()),
            Close => drop(self.socket.close()),
            Broadcast => drop(self.server.io().of("/").disconnect()),
            Shutdown => {
                let io = self.server.io().clone();
                tokio::spawn(async move { io.shutdown().await });
            }
            Overflow => {
                for _ in 0..10 {
                    drop(self.socket.emit("news", "x".repeat(100_000)));
                }
            }
        }
    }

    async fn say(&mut self, packet: &str) {
        let Some(peer) = &mut self.peer else { return };
        match &mut peer.websocket {
            Some(websocket) => websocket.connection.write(frame(1, packet)).await,
            None => drop(self.server.start(Request::post(&peer.sid, packet))),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_ends_at_once_are_one() {
    for via in BOTH {
        for polls in [true, false] {
            for first in ENDS {
                for second in ENDS {
                    let (log, (tell, mut told)) = (Log::default(), mpsc::unbounded_channel());
                    let goes = log.clone();
                    let namespace = Namespace::new()
                        .on_connect(async move |socket: Socket| {
                            let _ = tell.send(socket);
                        })
                        .on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()));
                    let server = Server::new(namespace);
                    let peer = Peer::join(&server, via).await;
                    let socket = told.recv().await.unwrap();
                    let poll = match via {
                        Via::Polling if polls => Some(server.poll(&peer.sid).await),
                        _ => None,
                    };
                    let mut race = Race { server, peer: Some(peer), poll, socket };
                    race.end(first).await;
                    race.end(second).await;
                    // Whoever only left the namespace, or has nobody to hear of it, is given up by then.
                    sleep(Duration::from_secs(120)).await;
                    assert_eq!(log.lines().len(), 1, "{first:?} and {second:?} by {via:?}: {log:?}");
                    assert!(!race.socket.connected());
                    assert_eq!(race.server.sessions(), 0, "{first:?} and {second:?} by {via:?}");
                }
            }
        }
    }
}
