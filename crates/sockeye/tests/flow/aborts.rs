//! The task of a session dies, at every place where it could: who was greeted is taken leave of, once, and nobody else
//! notices.
//!
//! A task cannot be aborted from outside its library. But it polls the stream of its websocket, and a stream that panics
//! takes the task with it, exactly as an abort at that place would.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body};
use http::Request;
use sockeye::{DisconnectReason, Io, Namespace, Socket, Sockeye};
use sockeye_engine::websocket::Upgrade;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf},
    time::sleep,
};
use tower::ServiceExt;

use crate::{
    kit::Counter,
    support::{Log, frame, settle},
};

/// A stream that panics when it is polled for the last time.
struct Fuse {
    stream: DuplexStream,
    polls: Counter,
    last: usize,
}

impl Fuse {
    fn burn(&mut self) -> Pin<&mut DuplexStream> {
        assert!(self.polls.count() != self.last, "as asked for");
        Pin::new(&mut self.stream)
    }
}

impl AsyncRead for Fuse {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.burn().poll_read(cx, to)
    }
}

impl AsyncWrite for Fuse {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.burn().poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.burn().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.burn().poll_shutdown(cx)
    }
}

/// A server whose handlers are at every stage when the task dies.
struct World {
    app: Router,
    io: Io,
    log: Log,
    sockets: Arc<Mutex<Vec<Socket>>>,
    running: Counter,
    ended: Counter,
}

/// Counted as ended when it is dropped, however that comes.
struct Ends(Counter);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.count();
    }
}

impl World {
    fn new() -> Self {
        let (io, log, sockets) = (Io::new(), Log::default(), Arc::<Mutex<Vec<Socket>>>::default());
        let (running, ended) = (Counter::default(), Counter::default());
        let namespace = || {
            let (comes, goes, keeps) = (log.clone(), log.clone(), sockets.clone());
            let (runs, ends) = (running.clone(), ended.clone());
            Namespace::new()
                .admit(async || settle().await)
                .on_connect(async move |socket: Socket| {
                    comes.write(format!("connect {}", socket.id()));
                    keeps.lock().unwrap().push(socket.clone());
                    socket.join("room").await.unwrap();
                    settle().await;
                })
                .on("sleep", async move || {
                    runs.count();
                    let _ends = Ends(ends.clone());
                    sleep(Duration::from_secs(5)).await;
                })
                .on("ask", async |socket: Socket| drop(socket.emit_with_ack::<u8>("question", ()).await))
                .on("flood", async |socket: Socket| {
                    for _ in 0..10 {
                        let _ = socket.emit("news", "x".repeat(1_000)).await;
                    }
                })
                .on_disconnect(async move |socket: Socket, reason: DisconnectReason| {
                    settle().await;
                    goes.write(format!("disconnect {}", socket.id()));
                    assert_ne!(reason.as_str(), "");
                })
        };
        let app = Sockeye::builder()
            .handle(&io)
            .namespace("/", namespace())
            .namespace("/b", namespace())
            .build()
            .router();
        Self { app, io, log, sockets, running, ended }
    }

    /// A websocket over a stream that lives for so many polls.
    async fn open(&self, polls: &Counter, last: usize) -> DuplexStream {
        let (client, stream) = tokio::io::duplex(4096);
        let fuse = Fuse { stream, polls: polls.clone(), last };
        let request = Request::get("/socket.io/?EIO=4&transport=websocket")
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .extension(Upgrade::new(async move { Ok(fuse) }));
        let response = self.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 101);
        client
    }

    /// One greeting and one goodbye of each socket, and nothing left of any.
    async fn assert_balanced(&self, last: usize) {
        sleep(Duration::from_secs(100)).await;
        let lines = self.log.lines();
        for socket in &*self.sockets.lock().unwrap() {
            let id = socket.id().to_string();
            let about: Vec<&str> =
                lines.iter().filter_map(|line| line.strip_suffix(&format!(" {id}"))).collect();
            assert_eq!(about, ["connect", "disconnect"], "the {last}th poll");
            assert!(!socket.connected() && socket.pending_acks() == 0);
        }
        assert_eq!(self.running.get(), self.ended.get(), "the {last}th poll");
        assert_eq!(self.io.sessions(), 0);
        for name in ["/", "/b"] {
            assert!(self.io.of(name).sockets().await.unwrap().is_empty());
            assert!(self.io.of(name).to("room").sockets().await.unwrap().is_empty());
        }
    }
}

/// All that happens in the life of a session, with pauses in which its task sleeps.
async fn live(mut client: DuplexStream, close: bool) {
    let says: [&[&str]; 9] = [
        &["40"],
        &["40/b,"],
        &[r#"42["sleep"]"#, r#"42["ask"]"#],
        &[r#"421["flood"]"#],
        &[r#"42/b,["sleep"]"#, "3"],
        &["430[1]"],
        &["41"],
        &["40"],
        &[r#"42["sleep"]"#],
    ];
    let mut scratch = vec![0; 100_000];
    for burst in says {
        let bytes: Vec<u8> = burst.iter().flat_map(|packet| frame(1, packet)).collect();
        let _ = client.write_all(&bytes).await;
        sleep(Duration::from_millis(50)).await;
        // Reads what there is, and leaves the rest for a while.
        let _ = tokio::time::timeout(Duration::from_millis(10), client.read(&mut scratch)).await;
    }
    if close {
        let _ = client.write_all(&frame(8, "")).await;
        let _ = tokio::time::timeout(Duration::from_secs(5), client.read_to_end(&mut scratch)).await;
    }
}

async fn at_every_poll(close: bool) {
    let mut last = 1;
    loop {
        let (world, polls) = (World::new(), Counter::default());
        let client = world.open(&polls, last).await;
        // Another session lives through all of it.
        let mut other = world.open(&Counter::default(), usize::MAX).await;
        live(client, close).await;
        let survived = polls.get() < last;
        let before = world.sockets.lock().unwrap().len();
        for packet in ["40", r#"42["sleep"]"#, "41"] {
            other.write_all(&frame(1, packet)).await.unwrap();
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(world.sockets.lock().unwrap().len(), before + 1);
        drop(other);
        world.assert_balanced(last).await;
        if survived {
            break;
        }
        last += 1;
    }
    assert!(last > 40, "only {last} polls");
}

#[tokio::test(start_paused = true)]
async fn wherever_the_task_of_a_session_dies_its_sockets_leave_once() {
    at_every_poll(true).await;
}

#[tokio::test(start_paused = true)]
async fn wherever_the_task_of_a_session_dies_its_sockets_leave_once_also_when_the_client_vanishes() {
    at_every_poll(false).await;
}
