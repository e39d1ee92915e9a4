//! The events of a lane: waiting for their turn, started in order, answered when they end.

use std::{collections::VecDeque, mem, task::Context};

use futures_util::FutureExt as _;
use smol_str::SmolStr;
use sockeye_core::{Arguments, Event, Reply};
use tracing::Span;

use super::{
    Lane, Turn,
    stage::{Handler, Stage},
};
use crate::{
    catch::{Caught, First, Panicked, first_poll},
    connection::{
        running::{Ended, Running, Started},
        waiting::Waiting,
    },
    route::Route,
};

impl Lane {
    /// An event has been decoded: it is started at once if it is its turn, and waits for it otherwise. Answers whether
    /// nothing of it is left.
    pub(in crate::connection) fn take(
        &mut self,
        name: &str,
        ack: Option<u64>,
        arguments: Arguments,
        events_in_flight: usize,
        cx: &mut Context<'_>,
    ) -> bool {
        // Behind hooks it waits even if none runs: they and the events of a socket are started in one order.
        let at_once = self.waiting.is_empty()
            && self.hooks.is_none()
            && self.ends.is_none()
            && matches!(self.stage, Stage::Open)
            && self.may_start(events_in_flight, cx);
        if at_once {
            let span = self.span.take();
            let before = self.parked.len();
            {
                let _inside = span.as_deref().map(Span::enter);
                self.start(name, ack, arguments, cx);
            }
            self.span = span;
            self.parked.len() == before
        } else {
            let event = Waiting { name: SmolStr::new(name), ack, arguments };
            self.used += event.cost();
            self.waiting.push_back(event);
            false
        }
    }

    /// Starts the next event if it is its turn.
    pub(super) fn start_next(&mut self, cx: &mut Context<'_>, turn: &mut Turn<'_>) -> bool {
        if turn.starts == 0 || self.waiting.is_empty() || !self.may_start(turn.events_in_flight, cx) {
            return false;
        }
        let Some(event) = self.waiting.pop_front() else { return false };
        if self.waiting.is_empty() {
            // A burst must not leave its high-water mark behind.
            self.waiting = VecDeque::new();
        }
        turn.starts -= 1;
        self.used -= event.cost();
        self.start(&event.name, event.ack, event.arguments, cx);
        true
    }

    /// Whether it is the turn of another event: the one before is in its handler, not too many are under way, and the
    /// client takes what it is sent.
    fn may_start(&self, events_in_flight: usize, cx: &mut Context<'_>) -> bool {
        let most = self.site.table.order.events_in_flight(events_in_flight);
        self.parked.len() < most
            && self.last_has_entered()
            && !self.is_thrown_out()
            // Events make sockets join and leave rooms: they wait for the handlers of that, rather than fail for them.
            && self.hooks_left() <= HOOKS_AHEAD
            // Each event may ask for an answer. A client that asks faster than it reads waits, and is not cut for it.
            && self.socket.outbox().poll_room(cx).is_ready()
    }

    /// Calls the handler of the next event and polls it once in place: most handlers end here and are never parked.
    fn start(&mut self, name: &str, ack: Option<u64>, arguments: Arguments, cx: &mut Context<'_>) {
        let seq = self.last + 1;
        self.last = seq;
        self.site.context.observers().tell(|observer| {
            observer.event_received(&self.socket, name, &arguments);
        });
        let cost = Waiting::cost_of(name, &arguments);
        let table = &self.site.table;
        let (kept, route) = table.find(name);
        let route = if self.socket.is_listened_to() { &table.root } else { route };
        let event = Event::new(self.socket.clone(), kept, seq, ack, arguments);
        let first = first_poll(|| route.answer(event), cx);
        let started = |cost| Started { name: SmolStr::new(name), seq, ack, cost };
        match first {
            First::Ended(Ok(reply)) => {
                self.last_ended = true;
                if let Some(ack) = ack {
                    self.socket.answer(seq, ack, reply);
                }
                if self.socket.is_listened_to() {
                    self.adopt_unfinished(&started(0));
                }
            }
            First::Ended(Err(panicked)) => self.ended(Ended { event: started(0), reply: Err(panicked) }),
            First::Parked(future) => {
                self.last_ended = false;
                self.used += cost;
                self.parked.push(Running::new(future, started(cost)));
            }
        }
    }

    /// Whether every event that came has been started, and the last of them is in its handler.
    pub(super) fn all_started(&self) -> bool {
        self.waiting.is_empty() && self.last_has_entered()
    }

    pub(super) fn poll_parked(&mut self, cx: &mut Context<'_>) {
        while let Some(ended) = self.parked.poll_ended(cx) {
            self.ended(ended);
        }
    }

    /// Nothing of what is under way may go on, for the grace of a socket that has left is over.
    pub(super) fn cut(&mut self) {
        self.drop_waiting();
        if matches!(self.stage, Stage::Greeting(_)) {
            self.stage = Stage::Open;
            self.site.report_cut(1);
        }
        self.cut_hooks();
        let cut = self.parked.cut();
        self.site.report_cut(cut.len());
        for event in cut {
            self.settle(&event, Reply::none());
        }
    }

    pub(super) fn drop_waiting(&mut self) {
        let dropped = mem::take(&mut self.waiting);
        self.used -= dropped.iter().map(Waiting::cost).sum::<usize>();
    }

    /// A handler that is not asked for by an event of the client.
    pub(super) fn call(&self, route: &Route, name: &'static str) -> Caught<Handler> {
        // Number 0: it is none of the client's events, and none of them waits for it to enter.
        let event = Event::new(self.socket.clone(), name, 0, None, Arguments::default());
        Caught::build(|| route.answer(event))
    }

    /// What a connect or disconnect handler has returned goes nowhere, but should not go unseen.
    pub(super) fn report(&self, handler: &'static str, reply: &Result<Reply, Panicked>) {
        let namespace = self.site.name();
        match reply {
            Ok(_) => {}
            Err(Panicked) => {
                tracing::error!(target: "sockeye::panic", %namespace, handler, "a handler panicked")
            }
        }
    }

    /// The server has asked it to leave, and the session's task has not heard of it yet.
    fn is_thrown_out(&self) -> bool {
        self.ends.is_none() && !self.socket.connected()
    }

    fn last_has_entered(&self) -> bool {
        self.last_ended || self.socket.has_entered(self.last)
    }

    fn ended(&mut self, Ended { event, reply }: Ended) {
        let reply = reply.unwrap_or_else(|Panicked| {
            // The name may be the client's own text if a fallback has panicked, so it is escaped.
            let namespace = self.site.name();
            tracing::error!(target: "sockeye::panic", %namespace, event = ?event.name, "a handler panicked");
            Reply::error("internal", "internal error")
        });
        self.settle(&event, reply);
        self.adopt_unfinished(&event);
    }

    /// What listeners of the event still do when it is answered.
    fn adopt_unfinished(&mut self, event: &Started) {
        for running in self.socket.take_unfinished() {
            // Goes on like a handler that answers nobody.
            let event = Started { ack: None, cost: 0, ..event.clone() };
            let running = running.map(|()| Reply::none()).boxed();
            self.parked.push(Running::new(Caught::build(|| running), event));
        }
    }

    fn settle(&mut self, event: &Started, reply: Reply) {
        self.used -= event.cost;
        if event.seq == self.last {
            self.last_ended = true;
        }
        if let Some(ack) = event.ack {
            self.socket.answer(event.seq, ack, reply);
        }
    }
}

/// While more hooks of its socket than this have not ended, no event is started.
const HOOKS_AHEAD: usize = 64;
