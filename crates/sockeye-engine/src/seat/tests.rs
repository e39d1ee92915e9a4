//! Who turns a driver that rests, and what becomes of it.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::request::Parts;
use http_body::Body as _;
use http_body_util::Full;
use sockeye_proto::engine::{CloseReason, MessageRef, Transport};
use tokio::task::JoinHandle;

use super::{Seat, Task};
use crate::{
    Engine, Flow, Handler, Handshake, Sender, SessionHandler,
    driver::Driver,
    exchange::Reply,
    open::{self, OpenedBy},
    polling::{Get, Post},
    session::SessionState,
};

/// Echoes, and says how it ended.
#[derive(Clone, Default)]
struct Echo(Arc<Mutex<Vec<&'static str>>>);

struct Echoing(Echo, Sender);

impl Handler for Echo {
    type Session = Echoing;

    fn open(&self, _: Handshake, sender: Sender) -> Echoing {
        Echoing(self.clone(), sender)
    }
}

impl SessionHandler for Echoing {
    fn message(&mut self, _: &mut Context<'_>, message: MessageRef<'_>, _: Option<&Parts>) -> Flow {
        assert_ne!(message.len(), 0, "the handler panics");
        let _ = self.1.send(message);
        Flow::Continue
    }

    fn closed(&mut self, reason: CloseReason) {
        self.0.0.lock().unwrap().push(reason.as_str());
    }
}

struct Polling {
    engine: Engine<Echo>,
    session: Arc<SessionState>,
    task: JoinHandle<()>,
}

/// A session that is open, and whose GET waits.
async fn polling() -> (Polling, Get) {
    let engine = Engine::builder().build(Echo::default());
    let session = open::session(engine.state(), &open::Name::random().unwrap(), Transport::Polling);
    let mut handshake = Get::handshake(Arc::clone(&session));
    let (parts, ()) = http::Request::new(()).into_parts();
    let opened_by = OpenedBy::Get(handshake.req(), handshake.exchange());
    let driver = open::driver(engine.state(), Arc::clone(&session), parts, opened_by).unwrap();
    let task = tokio::spawn(Task::Owner(driver));
    assert_eq!(answered(|cx| handshake.poll_reply(cx)), Some(200));
    settle().await;
    assert!(matches!(&*session.seat().lock(), Seat::Empty), "nobody polls yet");
    let get = Get::poll(Arc::clone(&session));
    settle().await;
    assert!(matches!(&*session.seat().lock(), Seat::Taken(_)));
    (Polling { engine, session, task }, get)
}

fn post(session: &Arc<SessionState>, body: &'static str) -> Post<Full<Bytes>> {
    let (parts, ()) = http::Request::new(()).into_parts();
    Post::new(Arc::clone(session), parts, Full::new(Bytes::from_static(body.as_bytes())), 1000)
}

/// The status, if the answer is there. Its body is read, for packets that nobody reads are lost.
fn answered(poll_reply: impl FnOnce(&mut Context<'_>) -> Poll<Reply>) -> Option<u16> {
    let cx = &mut Context::from_waker(Waker::noop());
    let Poll::Ready(reply) = poll_reply(cx) else { return None };
    let mut response = reply.into_response();
    assert!(Pin::new(response.body_mut()).poll_frame(cx).is_ready());
    Some(response.status().as_u16())
}

async fn settle() {
    for _ in 0..32 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_answered_at_once_and_so_is_the_get_that_waits() {
    let (polling, mut get) = polling().await;
    for _ in 0..3 {
        assert_eq!(answered(|cx| get.poll_reply(cx)), None);
        let mut post = post(&polling.session, "4hello");
        assert_eq!(answered(|cx| post.poll_reply(cx)), Some(200));
        assert_eq!(answered(|cx| get.poll_reply(cx)), Some(200));
        get = Get::poll(Arc::clone(&polling.session));
    }
    // What comes from elsewhere wakes the task, as ever.
    let sender = Sender::new(Arc::clone(&polling.session));
    sender.send("news").unwrap();
    settle().await;
    assert_eq!(answered(|cx| get.poll_reply(cx)), Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_get_that_finds_packets_is_answered_at_once() {
    let (polling, mut get) = polling().await;
    let sender = Sender::new(Arc::clone(&polling.session));
    sender.send("one").unwrap();
    settle().await;
    assert_eq!(answered(|cx| get.poll_reply(cx)), Some(200));
    sender.send("two").unwrap();
    let mut get = Get::poll(Arc::clone(&polling.session));
    assert_eq!(answered(|cx| get.poll_reply(cx)), Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_ended_by_a_request_takes_its_task_along() {
    for (body, status, reason) in
        [("1", 200, "transport close"), ("x", 400, "parse error"), ("4", 400, "forced server close")]
    {
        let (polling, mut get) = polling().await;
        let mut post = post(&polling.session, body);
        let posted = answered(|cx| post.poll_reply(cx));
        assert!(posted == Some(status) || reason == "forced server close", "{posted:?} to {body}");
        settle().await;
        assert!(answered(|cx| get.poll_reply(cx)).is_some());
        assert!(polling.task.is_finished() && polling.session.is_closed());
        assert_eq!(polling.engine.sessions(), 0);
        let handler = polling.engine.handler();
        assert_eq!(*handler.0.lock().unwrap(), [reason], "{body}");
        assert!(matches!(&*polling.session.seat().lock(), Seat::Over));
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_task_is_that_of_the_session() {
    let (polling, mut get) = polling().await;
    polling.task.abort();
    settle().await;
    assert_eq!(answered(|cx| get.poll_reply(cx)), Some(400));
    let mut late = post(&polling.session, "4late");
    assert_eq!(answered(|cx| late.poll_reply(cx)), Some(400));
    assert_eq!(*polling.engine.handler().0.lock().unwrap(), ["forced server close"]);
    assert_eq!(Arc::strong_count(&polling.session), 3, "the test, the GET and the POST have it");
}

/// What handlers spawn belongs to the runtime of the session.
#[tokio::test(start_paused = true)]
async fn a_request_of_another_runtime_leaves_it_to_the_task() {
    let (polling, mut get) = polling().await;
    let session = Arc::clone(&polling.session);
    let elsewhere = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut post = post(&session, "4hello");
            let before = answered(|cx| post.poll_reply(cx));
            (before, post)
        })
    });
    let (before, mut post) = elsewhere.join().unwrap();
    assert_eq!(before, None);
    settle().await;
    assert_eq!(answered(|cx| post.poll_reply(cx)), Some(200));
    assert_eq!(answered(|cx| get.poll_reply(cx)), Some(200));
}

/// A wake that comes while a request turns the driver is repeated.
#[tokio::test(start_paused = true)]
async fn a_wake_in_the_middle_of_a_turn_is_not_lost() {
    let (polling, mut get) = polling().await;
    let resting = polling.session.seat().lock().take().unwrap();
    let sender = Sender::new(Arc::clone(&polling.session));
    sender.send("news").unwrap();
    settle().await;
    assert!(matches!(&*polling.session.seat().lock(), Seat::Turned { missed: true }));
    assert_eq!(answered(|cx| get.poll_reply(cx)), None);
    polling.session.rest(resting);
    settle().await;
    assert_eq!(answered(|cx| get.poll_reply(cx)), Some(200));
}

/// Each session has one, and most are on websockets.
#[test]
fn the_task_is_no_larger_than_its_driver() {
    assert_eq!(size_of::<Task<Echo>>(), size_of::<Driver<Echo>>());
}
