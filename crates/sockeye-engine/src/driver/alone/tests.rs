//! A session at rest that only writes, on a socket of the kernel.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use http::request::Parts;
use sockeye_proto::engine::{CloseReason, MessageRef, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::yield_now,
};

use crate::{
    Engine, Flow, Handler, Handshake, Next, Sender, SessionHandler,
    driver::Driver,
    open::{self, OpenedBy},
    websocket::{Beginning, Stream},
};

/// Counts its messages and its polls.
#[derive(Clone, Default)]
struct Quiet(Arc<AtomicUsize>, Arc<AtomicUsize>);

impl Quiet {
    fn messages(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn polls(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }
}

impl Handler for Quiet {
    type Session = Self;

    fn open(&self, _: Handshake, _: Sender) -> Self {
        self.clone()
    }
}

impl SessionHandler for Quiet {
    fn message(&mut self, _: &mut Context<'_>, _: MessageRef<'_>, _: Option<&Parts>) -> Flow {
        self.0.fetch_add(1, Ordering::Relaxed);
        Flow::Continue
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Next {
        self.1.fetch_add(1, Ordering::Relaxed);
        Next::quiet()
    }

    fn closed(&mut self, _: CloseReason) {}
}

struct Made {
    log: Quiet,
    sender: Sender,
    driver: Driver<Quiet>,
    client: TcpStream,
}

impl Made {
    async fn new() -> Self {
        let log = Quiet::default();
        let engine = Engine::builder().build(log.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let session = open::session(engine.state(), &open::Name::random().unwrap(), Transport::WebSocket);
        let (parts, ()) = http::Request::new(()).into_parts();
        let opened_by = OpenedBy::Socket(Stream::tcp(server), Beginning::default());
        let driver = open::driver(engine.state(), Arc::clone(&session), parts, opened_by).unwrap();
        let mut made = Self { log, sender: Sender::new(session), driver, client };
        made.until(|made| made.driver.core.around.at_rest).await;
        let mut open = vec![0; 1024];
        assert!(made.client.read(&mut open).await.unwrap() > 0);
        made
    }

    /// Polls the driver by hand, with the same waker each time.
    async fn turn(&mut self) {
        let driver = &mut self.driver;
        std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut *driver).poll(cx).is_pending())).await;
        yield_now().await;
    }

    async fn until(&mut self, done: impl Fn(&Self) -> bool) {
        for _ in 0..10_000 {
            if done(self) {
                return;
            }
            self.turn().await;
        }
        panic!("it never came");
    }

    async fn reads(&mut self, bytes: usize) -> Vec<u8> {
        let mut read = vec![0; bytes];
        self.client.read_exact(&mut read).await.unwrap();
        read
    }
}

#[tokio::test]
async fn what_is_queued_at_rest_is_written_without_a_poll_of_the_handler() {
    let mut made = Made::new().await;
    let polls = made.log.polls();
    for texts in [&["a"][..], &["b", "c", "d"]] {
        texts.iter().for_each(|text| made.sender.send(*text).unwrap());
        made.turn().await;
        let expected: Vec<u8> =
            texts.iter().flat_map(|text| [&[0x81, 2, b'4'], text.as_bytes()].concat()).collect();
        assert_eq!(made.reads(expected.len()).await, expected);
        assert!(made.driver.core.around.at_rest);
    }
    assert_eq!(made.log.polls(), polls);
    assert_eq!(made.sender.outbox().bytes(), 0);
    assert_eq!(made.driver.engine.counters.stats(1).packets_out, 4);
    made.sender.send("e").unwrap();
    made.sender.outbox().wake();
    made.turn().await;
    assert_eq!(made.log.polls(), polls + 1, "who wakes it asks for a poll");
    assert_eq!(made.reads(4).await, [0x81, 2, b'4', b'e']);
}

#[tokio::test]
async fn what_comes_meanwhile_is_read() {
    let mut made = Made::new().await;
    for round in 1..=9 {
        made.client.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'a']).await.unwrap();
        made.sender.send("b").unwrap();
        made.until(|made| made.log.messages() == round).await;
        assert_eq!(made.reads(4).await, [0x81, 2, b'4', b'b']);
        made.until(|made| made.driver.core.around.at_rest).await;
    }
}

#[tokio::test]
async fn what_the_peer_does_not_take_at_once_follows_when_it_reads() {
    let mut made = Made::new().await;
    // More than the kernel holds for a peer that does not read, though less than closes it.
    let long = "x".repeat(600_000);
    for _ in 0..8 {
        made.sender.send(&*long).unwrap();
        let (mut driver, mut left) = (&mut made.driver, 600_000 + 11);
        let mut read = vec![0; 64 * 1024];
        while left > 0 {
            std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut driver).poll(cx).is_pending())).await;
            yield_now().await;
            if let Ok(bytes) = made.client.try_read(&mut read) {
                left -= bytes;
            }
        }
        made.until(|made| made.driver.core.around.at_rest).await;
        assert_eq!(made.sender.outbox().bytes(), 0);
    }
}
