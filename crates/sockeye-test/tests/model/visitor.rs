//! One visitor with its sockets, and what each of them should have heard.

use sockeye::Raw;
use sockeye_test::{Asking, TestClient};

use crate::server::Page;

/// A client with one network.
pub(crate) struct Visitor {
    pub(crate) sockets: Vec<Seat>,
    pub(crate) cut: bool,
}

/// One socket, what was sent through it, and what it has heard. A socket that was recovered goes on where the one before
/// it was.
pub(crate) struct Seat {
    pub(crate) client: TestClient,
    first: u32,
    sent: u32,
    /// The last news that it has heard, or that were told before it was there.
    pub(crate) news: u32,
    pub(crate) echoes: Vec<u32>,
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
    /// A socket whose numbers begin at `first`.
    pub(crate) fn new(client: TestClient, first: u32, news: u32) -> Self {
        client.on_ask("double", |number: u32| number * 2);
        Self { client, first, sent: 0, news, echoes: Vec::new(), asked: Vec::new() }
    }

    pub(crate) fn count(&mut self, numbers: u8) {
        for _ in 0..numbers {
            let number = self.number();
            self.client.emit("number", number);
        }
    }

    pub(crate) fn ask(&mut self) {
        let number = self.number();
        self.asked.push((number, self.client.emit_with_ack("number", number)));
    }

    pub(crate) fn be_asked(&mut self) {
        self.asked.push((42, self.client.emit_with_ack("ask me", ())));
    }

    fn number(&mut self) -> u32 {
        self.sent += 1;
        self.first + self.sent - 1
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

    /// Its numbers reached the server in their order, each once, from the first; all of them if it is still there.
    pub(crate) fn assert_told(&self, page: &Page) {
        let range = self.first..self.first + self.sent;
        let told: Vec<u32> = page.numbers.iter().copied().filter(|number| range.contains(number)).collect();
        let expected: Vec<u32> = range.take(told.len()).collect();
        assert_eq!(told, expected);
        assert!(
            !self.client.connected() || told.len() == self.sent as usize,
            "{} of {}",
            told.len(),
            self.sent
        );
    }

    /// Takes what has come: echoes and news in their order, each once, and no news left out.
    pub(crate) fn hear(&mut self) {
        for event in self.client.take_all() {
            let number: u32 = event.read();
            match event.name() {
                "echo" => {
                    assert!(
                        self.echoes.last().is_none_or(|last| *last < number),
                        "{number} after {:?}",
                        self.echoes
                    );
                    self.echoes.push(number);
                }
                "news" => {
                    assert_eq!(number, self.news + 1);
                    self.news = number;
                }
                other => panic!("{other} {:?}", event.read::<Raw>()),
            }
        }
    }
}
