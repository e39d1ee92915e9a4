//! What can only be seen from inside: the task aborted, the buffers of an idle session.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::request::Parts;
use http_body_util::Full;
use sockeye_proto::engine::{CloseReason, MessageRef, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::Driver;
use crate::{
    Engine, Flow, Handler, Handshake, Next, Sender, SessionHandler,
    open::{self, OpenedBy},
    polling::{Get, Post},
    session::SessionState,
    websocket::Beginning,
    websocket::Stream,
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>, Arc<AtomicUsize>, Arc<AtomicBool>);

impl Log {
    fn push(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    /// Whether the handler wants no more.
    fn flow(&self) -> Flow {
        if self.2.load(Ordering::Relaxed) { Flow::Pause } else { Flow::Continue }
    }

    fn messages(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

struct Logged(Log, Sender);

impl Handler for Log {
    type Session = Logged;

    fn open(&self, _: Handshake, sender: Sender) -> Logged {
        Logged(self.clone(), sender)
    }
}

impl SessionHandler for Logged {
    fn message(&mut self, _: &mut Context<'_>, message: MessageRef<'_>, _: Option<&Parts>) -> Flow {
        self.0.1.fetch_add(1, Ordering::Relaxed);
        let _ = self.1.send(message);
        self.0.flow()
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Next {
        Next { flow: self.0.flow(), ..Next::idle() }
    }

    fn closed(&mut self, reason: CloseReason) {
        self.0.push(reason.as_str());
    }

    fn poll_finish(&mut self, _: &mut Context<'_>) -> Poll<()> {
        self.0.push("finished");
        Poll::Ready(())
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        self.0.push("dropped");
    }
}

struct Made {
    engine: Engine<Log>,
    log: Log,
    session: Arc<SessionState>,
    driver: Driver<Log>,
    client: DuplexStream,
}

/// Polls the driver by hand until it has nothing to do; answers the most messages that one poll handled.
async fn turns(driver: &mut Driver<Log>, log: &Log) -> usize {
    let (mut most, mut idle) = (0, 0);
    while idle < 32 {
        let before = log.messages();
        poll_fn(|cx| Poll::Ready(Pin::new(&mut *driver).poll(cx).is_pending())).await;
        let handled = log.messages() - before;
        idle = if handled == 0 { idle + 1 } else { 0 };
        most = most.max(handled);
        tokio::task::yield_now().await;
    }
    most
}

fn websocket() -> Made {
    let log = Log::default();
    let engine = Engine::builder().build(log.clone());
    let (client, server) = tokio::io::duplex(1 << 20);
    let session = open::session(engine.state(), &open::Name::random().unwrap(), Transport::WebSocket);
    let (parts, ()) = http::Request::new(()).into_parts();
    let opened_by = OpenedBy::Socket(Stream::boxed(server), Beginning::default());
    let driver = open::driver(engine.state(), Arc::clone(&session), parts, opened_by).unwrap();
    Made { engine, log, session, driver, client }
}

async fn settle() {
    for _ in 0..32 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_still_tells_the_end_once() {
    let made = websocket();
    let Made { engine, log, session, driver, mut client } = made;
    let task = tokio::spawn(driver);
    settle().await;
    assert_eq!((engine.sessions(), log.take().len()), (1, 0));
    task.abort();
    settle().await;
    assert_eq!(engine.sessions(), 0);
    assert!(session.is_closed());
    assert_eq!(log.take(), ["forced close", "finished", "dropped"]);
    let mut read = Vec::new();
    client.read_to_end(&mut read).await.unwrap();
    settle().await;
    assert!(log.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_task_that_never_ran_tells_the_end_too() {
    let made = websocket();
    drop(made.driver);
    assert_eq!(made.engine.sessions(), 0);
    settle().await;
    assert_eq!(made.log.take(), ["forced close", "finished", "dropped"]);
}

#[tokio::test(start_paused = true)]
async fn aborted_while_requests_wait_it_answers_them() {
    let log = Log::default();
    let engine = Engine::builder().build(log.clone());
    let session = open::session(engine.state(), &open::Name::random().unwrap(), Transport::Polling);
    let mut handshake = Get::handshake(Arc::clone(&session));
    let (parts, ()) = http::Request::new(()).into_parts();
    let opened_by = OpenedBy::Get(handshake.req(), handshake.exchange());
    let task = tokio::spawn(open::driver(engine.state(), Arc::clone(&session), parts, opened_by).unwrap());
    let open = poll_fn(|cx| handshake.poll_reply(cx)).await.into_response();
    assert_eq!(open.status(), 200);
    let mut get = Get::poll(Arc::clone(&session));
    settle().await;
    // And one that nobody has looked at yet.
    task.abort();
    let mut late = Get::poll(Arc::clone(&session));
    for get in [&mut get, &mut late] {
        let reply = poll_fn(|cx| get.poll_reply(cx)).await;
        assert_eq!(reply.into_response().status(), 400);
    }
    settle().await;
    assert_eq!(log.take(), ["forced server close", "finished", "dropped"]);
}

#[test]
fn the_end_of_the_runtime_is_told() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (log, session, _client) = runtime.block_on(async {
        let Made { log, session, driver, client, .. } = websocket();
        tokio::spawn(driver);
        settle().await;
        (log, session, client)
    });
    drop(runtime);
    assert!(session.is_closed());
    // Nobody is left to drive the rest, but the end is told.
    assert_eq!(log.take(), ["forced close", "dropped"]);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_frames_is_handled_in_bounded_turns() {
    let Made { log, mut driver, mut client, .. } = websocket();
    client.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'a'].repeat(10_000)).await.unwrap();
    let most = turns(&mut driver, &log).await;
    assert!(most <= 64, "{most}");
    assert_eq!(log.messages(), 10_000);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_packets_in_one_post_is_handled_in_bounded_turns() {
    let log = Log::default();
    // Every packet comes back, and nobody fetches it.
    let engine = Engine::builder().outbox_hard(10_000_000).build(log.clone());
    let session = open::session(engine.state(), &open::Name::random().unwrap(), Transport::Polling);
    let get = Get::handshake(Arc::clone(&session));
    let (parts, ()) = http::Request::new(()).into_parts();
    let opened_by = OpenedBy::Get(get.req(), get.exchange());
    let mut driver = open::driver(engine.state(), Arc::clone(&session), parts, opened_by).unwrap();
    let body = Full::new(Bytes::from("4\x1e".repeat(99_999) + "4"));
    let (parts, ()) = http::Request::new(()).into_parts();
    let mut post = Post::new(session, parts, body, 1_000_000);
    let answered = async {
        let answer = poll_fn(|cx| post.poll_reply(cx)).await;
        assert_eq!(answer.into_response().status(), 200);
    };
    let (most, ()) = tokio::join!(turns(&mut driver, &log), answered);
    assert!(most <= 64, "{most}");
    assert_eq!(log.messages(), 100_000);
}

#[tokio::test(start_paused = true)]
async fn a_paused_session_keeps_no_message_that_it_has_handed_on() {
    let Made { log, mut driver, mut client, .. } = websocket();
    log.2.store(true, Ordering::Relaxed);
    let long = [&[0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x86, 0xa0, 0, 0, 0, 0, b'4'][..], &[b'x'; 99_999]].concat();
    let short = [0x81, 0x82, 0, 0, 0, 0, b'4', b'a'];
    client.write_all(&[&long[..50_000], &long[50_000..], &short].concat()).await.unwrap();
    turns(&mut driver, &log).await;
    assert_eq!(log.messages(), 1, "the next is not read");
    assert_eq!(driver.sockets[0].kept(), short.len());
}

#[tokio::test(start_paused = true)]
async fn an_idle_session_owns_no_buffer() {
    let Made { log, mut driver, mut client, .. } = websocket();
    turns(&mut driver, &log).await;
    // A burst, a long message in pieces, a half message that is completed.
    let long = [&[0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x86, 0xa0, 0, 0, 0, 0, b'4'][..], &[b'x'; 99_999]].concat();
    client.write_all(&long[..50_000]).await.unwrap();
    turns(&mut driver, &log).await;
    assert!(driver.sockets[0].owns_buffers());
    client.write_all(&long[50_000..]).await.unwrap();
    for _ in 0..1000 {
        client.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'a']).await.unwrap();
    }
    turns(&mut driver, &log).await;
    let mut read = vec![0; 1 << 20];
    tokio::time::timeout(Duration::from_secs(1), async {
        let mut all = 0;
        while all < 100_000 + 1000 * 4 {
            all += client.read(&mut read).await.unwrap();
        }
    })
    .await
    .unwrap();
    turns(&mut driver, &log).await;
    assert!(!driver.sockets[0].owns_buffers());
    assert_eq!(driver.core.outbox().bytes(), 0);
    assert!(log.take().is_empty());
}

/// Tens of thousands of these lie idle in a server, each in one allocation with its handler and 104 bytes of tokio's own,
/// rounded up to 128. With the handler of `sockeye`, which has 152, that is 640 exactly: a field more costs 128 bytes.
#[test]
fn the_task_of_a_session_is_small() {
    let own = size_of::<Driver<Log>>() - size_of::<Logged>();
    assert!(own <= 392, "{own}");
}
