//! The play: what each act does, and what must hold at the end.

use std::{collections::HashMap, time::Duration};

use sockeye::Io;
use sockeye_test::{TestClient, World};

use crate::{
    act::Act,
    server::{Book, NAMESPACES, server},
    visitor::{Seat, Visitor},
};

pub(crate) struct Play {
    world: World,
    io: Io,
    book: Book,
    visitors: Vec<Visitor>,
    news: HashMap<&'static str, u32>,
    recovers: bool,
    /// Sockets that have ever joined.
    seats: u32,
}

impl Play {
    pub(crate) fn new(recovers: bool) -> Self {
        let book = Book::default();
        let (sockeye, io) = server(&book, recovers);
        let (world, visitors) = (World::new(sockeye), Vec::new());
        Self { world, io, book, visitors, news: HashMap::new(), recovers, seats: 0 }
    }

    pub(crate) async fn perform(&mut self, act: Act) {
        match act {
            Act::Arrive { transport, namespace } => {
                if self.visitors.len() < MOST {
                    let client = self.world.client(namespace).transport(transport).connect().await.unwrap();
                    let seat = self.seated(client).await;
                    self.visitors.push(Visitor::new(seat));
                }
            }
            Act::Join { visitor, namespace } => {
                let Some(at) = visitor.checked_rem(self.visitors.len()) else { return };
                let visitor = &self.visitors[at];
                let joined = visitor.sockets.iter().any(|seat| seat.client.namespace() == namespace);
                let open = visitor.open_socket().filter(|_| !visitor.cut && !joined);
                let Some(joining) = open.map(|client| client.socket(namespace).connect()) else { return };
                if let Ok(client) = joining.await {
                    let seat = self.seated(client).await;
                    self.visitors[at].sockets.push(seat);
                }
            }
            Act::Count { socket, numbers } => self.with_seat(socket, |seat| seat.count(numbers)),
            Act::Ask { socket } => self.with_seat(socket, Seat::ask),
            Act::BeAsked { socket } => self.with_seat(socket, Seat::be_asked),
            Act::ThrowOut { socket } => self.with_seat(socket, |seat| seat.client.emit("throw me out", ())),
            Act::Leave { socket } => {
                if let Some(seat) = self.seat(socket) {
                    seat.client.disconnect().await;
                }
            }
            Act::News { namespace } => {
                let number = self.news.entry(namespace).or_default();
                *number += 1;
                self.io.of(namespace).to(["everybody", "some"]).emit("news", *number).await.unwrap();
            }
            Act::Cut { visitor } => {
                let world = self.world.clone();
                let Some(visitor) = self.visitor(visitor) else { return };
                world.cut(&visitor.sockets[0].client);
                visitor.cut = true;
            }
            Act::Heal { visitor } => {
                let world = self.world.clone();
                let Some(visitor) = self.visitor(visitor) else { return };
                world.heal(&visitor.sockets[0].client);
                visitor.cut = false;
            }
            Act::Delay { visitor, by } => {
                let world = self.world.clone();
                let Some(visitor) = self.visitor(visitor) else { return };
                world.delay(&visitor.sockets[0].client, by);
            }
            Act::Close { visitor } => {
                let Some(visitor) = self.visitor(visitor) else { return };
                visitor.sockets[0].client.close().await;
            }
            Act::Vanish { visitor } => {
                let Some(visitor) = self.visitor(visitor) else { return };
                visitor.sockets[0].client.vanish().await;
            }
            Act::Return { visitor } => {
                let mut lost = (0..self.visitors.len()).filter(|at| {
                    let visitor = &self.visitors[*at];
                    !visitor.cut && !visitor.sockets[0].client.connected()
                });
                let count = lost.clone().count();
                let Some(at) = visitor.checked_rem(count).and_then(|which| lost.nth(which)) else { return };
                if let Ok(client) = self.visitors[at].sockets[0].client.reconnect().await {
                    let seat = self.seated(client).await;
                    let seat = self.recovered(at, seat);
                    self.visitors.push(Visitor::new(seat));
                }
            }
            Act::Wait { time } => self.world.advance(time).await,
        }
    }

    /// Everything comes to an end, and adds up.
    pub(crate) async fn end(mut self) {
        for visitor in &mut self.visitors {
            self.world.heal(&visitor.sockets[0].client);
            self.world.delay(&visitor.sockets[0].client, Duration::ZERO);
        }
        self.world.advance(LONG).await;
        for visitor in &mut self.visitors {
            for seat in &mut visitor.sockets {
                seat.assert_answers().await;
                seat.hear();
                let news = self.news.get(seat.client.namespace()).copied().unwrap_or_default();
                self.book.write(seat.client.id(), |page| {
                    seat.assert_told(page);
                    if seat.client.connected() {
                        assert_eq!((&seat.echoes, seat.news), (&page.echoed, news));
                        assert_eq!(page.connects, page.disconnects + 1, "both sides agree");
                    }
                    assert!(seat.client.connected() || self.recovers || page.connects == page.disconnects);
                });
            }
        }
        self.visitors.clear();
        self.world.advance(LONG).await;
        for (id, page) in self.book.pages() {
            assert!(page.connects == 1 || self.recovers);
            assert_eq!(page.connects, page.disconnects, "{id}");
            assert!(page.numbers.is_sorted_by(|one, next| one < next), "{:?}", page.numbers);
            let socket = page.socket.unwrap();
            assert!(!socket.connected() && socket.rooms().is_empty());
            assert_eq!(socket.outbox().bytes(), 0, "nothing waits to be written");
        }
        let stats = self.io.stats();
        assert_eq!(stats.sessions, 0);
        assert!(stats.namespaces.iter().all(|namespace| namespace.sockets == 0), "{stats:?}");
        assert_eq!(stats.opened, stats.closed.iter().map(|(_, count)| count).sum::<u64>());
        for name in NAMESPACES {
            assert!(self.io.of(name).to("everybody").sockets().await.unwrap().is_empty());
        }
    }

    /// A socket that has just joined; its connect handler has ended when this returns.
    async fn seated(&mut self, client: TestClient) -> Seat {
        self.world.settle().await;
        let news = self.news.get(client.namespace()).copied().unwrap_or_default();
        self.seats += 1;
        Seat::new(client, self.seats * 10_000, news)
    }

    /// Lets it go on where the one before it was, if it says that it was recovered.
    fn recovered(&mut self, before: usize, mut seat: Seat) -> Seat {
        let before = &mut self.visitors[before].sockets[0];
        assert_eq!(seat.client.recovered(), seat.client.id() == before.client.id());
        if seat.client.recovered() {
            assert!(self.recovers);
            before.hear();
            seat.news = before.news;
            seat.echoes.clone_from(&before.echoes);
        }
        seat
    }

    fn visitor(&mut self, which: usize) -> Option<&mut Visitor> {
        let at = which.checked_rem(self.visitors.len())?;
        self.visitors.get_mut(at)
    }

    /// A socket that has not left, as far as its client knows.
    fn seat(&mut self, which: usize) -> Option<&mut Seat> {
        let seats = self.visitors.iter_mut().flat_map(|visitor| &mut visitor.sockets);
        let mut seats: Vec<_> = seats.filter(|seat| seat.client.connected()).collect();
        let at = which.checked_rem(seats.len())?;
        Some(seats.swap_remove(at))
    }

    fn with_seat(&mut self, which: usize, act: impl FnOnce(&mut Seat)) {
        if let Some(seat) = self.seat(which) {
            act(seat);
        }
    }
}

/// More visitors show nothing new, and take their time.
const MOST: usize = 6;

/// Longer than every deadline of the server.
const LONG: Duration = Duration::from_secs(400);
