//! The session's task is dropped at every moment of a socket's life.

use std::{
    future::{pending, ready},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Waker,
    time::{Duration, SystemTime},
};

use sockeye_core::{Arguments, Id, Outbox, SessionControl, Socket, SocketInit, handshake::Handshake};
use sockeye_proto::{
    Head, Payload,
    engine::{MessageRef, Transport},
    outbox::Bounds,
    socket::{Incoming, Mux, MuxConfig},
};

use super::*;
use crate::{
    Io, Namespace,
    connection::{clock::Clock, lane::Lane, lanes::Told},
    settings::Settings,
    sites::{self, Sites},
};

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

#[derive(Clone, Default)]
struct Count {
    connects: Arc<AtomicUsize>,
    disconnects: Arc<AtomicUsize>,
}

impl Count {
    fn seen(&self) -> (usize, usize) {
        (self.connects.load(Ordering::SeqCst), self.disconnects.load(Ordering::SeqCst))
    }
}

/// Where the socket is stuck when its task is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stuck {
    Admission,
    Connect,
    Extractor,
    Handler,
    Nowhere,
    Disconnect,
}

fn namespace(count: &Count, stuck: Stuck) -> Namespace {
    let (comes, goes) = (count.connects.clone(), count.disconnects.clone());
    let wait = move |at: Stuck| async move {
        if at == stuck {
            pending::<()>().await;
        }
    };
    let namespace = Namespace::new()
        .on_connect(async move || {
            comes.fetch_add(1, Ordering::SeqCst);
            wait(Stuck::Connect).await;
        })
        .on("event", async move || wait(Stuck::Handler).await)
        .on_disconnect(async move || {
            goes.fetch_add(1, Ordering::SeqCst);
            wait(Stuck::Disconnect).await;
        });
    match stuck {
        Stuck::Admission => namespace.admit(async || pending::<()>().await),
        Stuck::Extractor => namespace.layer(tower::layer::layer_fn(|_| {
            tower::service_fn(|_: sockeye_core::Event| {
                pending::<Result<sockeye_core::Reply, std::convert::Infallible>>()
            })
        })),
        _ => namespace.admit(|| ready(())),
    }
}

/// A session's lanes with one socket that has come as far as it can, and what it was made of.
fn stuck(count: &Count, stuck: Stuck) -> (Guard, Socket, Arc<Mounted>) {
    let table = namespace(count, stuck).build(&());
    let mux = MuxConfig::default();
    let (dynamic, io) = (sites::Dynamic::default(), Io::new());
    let sites = Sites::new(Vec::new(), dynamic, sites::Common::default());
    assert!(sites.add(&"/".into(), table).is_some());
    let mounted = Arc::new(Mounted::new(Arc::new(sites), Settings::default(), mux, io));
    let mut mux = Mux::new(mounted.mux.clone(), now());
    let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(MessageRef::Text("0"), now()) else {
        unreachable!()
    };
    let site = mounted.sites.seat("/").unwrap();
    let head = Head::new("GET", "/", std::iter::empty());
    let id = Id::from_random([7; 15]);
    let transport = Transport::WebSocket;
    let socket = Socket::new(SocketInit {
        id,
        namespace: site.context.clone(),
        outbox: Arc::new(Outbox::new(Bounds::default())),
        session: Arc::new(NoSession),
        handshake: Arc::new(Handshake::new(
            head,
            http::Extensions::new(),
            http::Version::HTTP_11,
            id,
            transport,
            SystemTime::UNIX_EPOCH,
        )),
        auth: Payload::copy_from(b"{}"),
    });
    let mut guard = Guard::new(mounted.clone());
    guard.push(Lane::new(slot, socket.clone(), site, Duration::from_secs(10)));
    let mut cx = std::task::Context::from_waker(Waker::noop());
    guard.poll(&mut cx, &Clock::default(), |told| {
        if let Told::Admitted(slot) = told {
            mux.admitted(slot);
        }
    });
    let arguments = Arguments::default();
    guard.in_slot(slot).unwrap().take("event", None, arguments, 16, &mut cx);
    guard.poll(&mut cx, &Clock::default(), drop);
    if stuck == Stuck::Disconnect {
        guard.end_all(DisconnectReason::Client, now() + Duration::from_secs(30));
        guard.poll(&mut cx, &Clock::default(), drop);
    }
    (guard, socket, mounted)
}

#[tokio::test(start_paused = true)]
async fn connects_and_disconnects_are_equal_wherever_the_task_is_dropped() {
    use Stuck::{Admission, Connect, Disconnect, Extractor, Handler, Nowhere};
    for at in [Admission, Connect, Extractor, Handler, Nowhere, Disconnect] {
        let count = Count::default();
        let (guard, socket, mounted) = stuck(&count, at);
        let joined = usize::from(at != Admission);
        assert_eq!(count.seen(), (joined, usize::from(at == Disconnect)), "{at:?}");
        drop(guard);
        // At once: nobody reaches it any more, and it knows.
        assert_eq!(mounted.sites.find("/").unwrap().rooms.len(), 0, "{at:?}");
        assert!(!socket.connected() && socket.disconnect_reason().is_some(), "{at:?}");
        // In time: the handler, exactly once.
        tokio::time::sleep(Duration::from_secs(61)).await;
        assert_eq!(count.seen(), (joined, joined), "{at:?}");
        // And nothing of it is left.
        assert_eq!(Arc::strong_count(&mounted), 1, "{at:?}");
    }
}

#[test]
fn without_a_runtime_the_socket_leaves_all_the_same() {
    let count = Count::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (guard, socket, mounted) = runtime.block_on(async { stuck(&count, Stuck::Nowhere) });
    drop(runtime);
    drop(guard);
    assert_eq!(mounted.sites.find("/").unwrap().rooms.len(), 0);
    assert!(!socket.connected());
}
