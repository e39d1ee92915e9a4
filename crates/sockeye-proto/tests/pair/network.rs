//! What is under way: each thing arrives at its time, in the order of its connection.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use sockeye_proto::engine::{Conn, Req};

use super::plan::{Dice, Plan};

/// Something that happens at one of the two sides.
#[derive(Debug)]
pub(super) enum Event {
    /// At the server: a GET, or the head of a POST.
    Asked { req: Req, post: bool },
    /// At the server: a packet of a POST's body.
    Packet(Req, Vec<u8>),
    /// At the server: the end of a POST's body.
    BodyEnd(Req),
    /// At the server: the client of a request went away.
    Gone { req: Req, post: bool },
    /// At the client: an answer.
    Answered(Req, u16, Vec<u8>),
    /// At the client: no answer will come.
    Failed(Req),
    /// At the server: a websocket is asked for.
    Connect(Conn),
    /// At the client: it is open.
    Connected(Conn),
    /// At one of them: something came by a websocket.
    Wire(Side, Conn, Wire),
    /// A side sends a message of its own.
    Emit(Side),
    /// A side wants to end.
    Close(Side),
    /// All websockets break.
    Break,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Server,
    Client,
}

#[derive(Clone, Debug)]
pub(super) enum Wire {
    Text(String),
    Binary(Vec<u8>),
    Closed,
}

/// The clock, the queue of events and the dice.
pub(super) struct Network {
    pub(super) start: Instant,
    pub(super) now: Instant,
    pub(super) dice: Dice,
    delay: Duration,
    losses: u64,
    black_hole: Option<Instant>,
    queue: BTreeMap<(Instant, u64), Event>,
    count: u64,
    /// When the last thing of a connection and direction arrives: nothing overtakes it.
    last: HashMap<(Side, Conn), Instant>,
}

impl Network {
    pub(super) fn new(plan: &Plan) -> Self {
        let start = Instant::now();
        Self {
            start,
            now: start,
            dice: Dice::new(plan.seed),
            delay: plan.delay,
            losses: plan.losses,
            black_hole: plan.black_hole.map(|after| start + after),
            queue: BTreeMap::new(),
            count: 0,
            last: HashMap::new(),
        }
    }

    /// The instant of the next event.
    pub(super) fn next(&self) -> Option<Instant> {
        self.queue.keys().next().map(|(at, _)| *at)
    }

    pub(super) fn pop(&mut self) -> Option<Event> {
        let ((at, _), event) = self.queue.pop_first()?;
        self.now = at;
        Some(event)
    }

    pub(super) fn at(&mut self, at: Instant, event: Event) {
        self.count += 1;
        self.queue.insert((at, self.count), event);
    }

    /// Something travels, alone.
    pub(super) fn send(&mut self, event: Event) -> Instant {
        let at = self.now + self.dice.within(self.delay);
        self.deliver(at, event);
        at
    }

    /// Something travels by a websocket, behind what went before.
    pub(super) fn send_wire(&mut self, to: Side, conn: Conn, wire: Wire) {
        let at = self.now + self.dice.within(self.delay);
        let last = self.last.entry((to, conn)).or_insert(at);
        *last = at.max(*last);
        let at = *last;
        self.deliver(at, Event::Wire(to, conn, wire));
    }

    /// The client sends a request.
    pub(super) fn request(&mut self, req: Req, body: Option<Vec<Vec<u8>>>) {
        let post = body.is_some();
        if self.is_lost() {
            // Sometimes the server has seen the beginning of it.
            if self.dice.below(2) == 0 {
                let at = self.send(Event::Asked { req, post });
                let later = at + self.dice.within(self.delay);
                self.deliver(later, Event::Gone { req, post });
            }
            return self.fail(req);
        }
        let mut at = self.send(Event::Asked { req, post });
        for packet in body.into_iter().flatten() {
            at += self.dice.within(self.delay / 9);
            self.deliver(at, Event::Packet(req, packet));
        }
        if post {
            self.deliver(at, Event::BodyEnd(req));
        }
    }

    /// The server answers one.
    pub(super) fn answer(&mut self, req: Req, status: u16, body: Vec<u8>) {
        if self.is_lost() {
            // Sometimes the server learns of it.
            if self.dice.below(2) == 0 {
                self.send(Event::Gone { req, post: false });
            }
            return self.fail(req);
        }
        self.send(Event::Answered(req, status, body));
    }

    /// Sometimes a client learns that its request was lost, sometimes only its timers tell.
    fn fail(&mut self, req: Req) {
        if self.dice.below(4) > 0 {
            self.send(Event::Failed(req));
        }
    }

    fn is_lost(&mut self) -> bool {
        self.dice.below(100) < self.losses
    }

    fn deliver(&mut self, at: Instant, event: Event) {
        if self.black_hole.is_none_or(|hole| at < hole) {
            self.at(at, event);
        }
    }
}
