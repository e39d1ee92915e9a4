//! One visitor with its sockets, and what each of them should have heard.

use sockeye::Raw;
use sockeye_test::{Asking, TestClient};

/// A client with one network.
pub(crate) struct Visitor {
    pub(crate) sockets: Vec<Seat>,
    pub(crate) cut: bool,
}

/// One socket, and what was sent through it.
pub(crate) struct Seat {
    pub(crate) client: TestClient,
    /// How many numbers it has sent.
    pub(crate) sent: u32,
    /// The last news before it was there.
    before: u32,
    asked: Vec<(u32, Asking<u32>)>,
}

impl Visitor {
    pub(crate) fn new(seat: Seat) -> Self {
        Self { sockets: vec![seat], cut: false }
    }

    /// A socket by which more can be opened.
    pub(crate) fn open_socket(&self) -> Option<&TestClient> {
        self.sockets.iter().map(|seat| &seat.client).find(|client| client.connected())
    }
}

impl Seat {
    pub(crate) fn new(client: TestClient, before: u32) -> Self {
        client.on_ask("double", |number: u32| number * 2);
        Self { client, sent: 0, before, asked: Vec::new() }
    }

    pub(crate) fn count(&mut self, numbers: u8) {
        for _ in 0..numbers {
            self.client.emit("number", self.sent);
            self.sent += 1;
        }
    }

    pub(crate) fn ask(&mut self) {
        self.asked.push((self.sent, self.client.emit_with_ack("number", self.sent)));
        self.sent += 1;
    }

    pub(crate) fn be_asked(&mut self) {
        self.asked.push((42, self.client.emit_with_ack("ask me", ())));
    }

    /// Every question has the answer to itself, or none because the socket has left.
    pub(crate) async fn assert_answers(&mut self) {
        for (expected, asking) in self.asked.drain(..) {
            match asking.await {
                Ok(answer) => assert_eq!(answer, expected),
                Err(error) => assert!(!self.client.connected(), "{error}"),
            }
        }
    }

    /// What came: its own numbers from the first, and news without a gap; all of them if it is still there.
    pub(crate) async fn assert_heard(&self, last_news: u32) {
        let (mut echoes, mut news) = (0, self.before);
        for event in self.client.take_all() {
            let number: u32 = event.read();
            match event.name() {
                "echo" => {
                    assert_eq!(number, echoes, "echoes in their order, each once");
                    echoes += 1;
                }
                "news" => {
                    assert_eq!(number, news + 1, "news in their order, each once, and no gap");
                    news = number;
                }
                other => panic!("{other} {:?}", event.read::<Raw>()),
            }
        }
        assert!(echoes <= self.sent);
        if self.client.connected() {
            assert_eq!(echoes, self.sent);
            assert_eq!(news, last_news);
        }
    }
}
