//! One event for several: the listeners of its socket, and the handler of the namespace among them.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use sockeye_core::{
    Entry, Event, Gate, Reply,
    socket::{Listener, ListenersOf},
};

use crate::{
    catch::{Caught, Panicked},
    route::Route,
};

/// Runs all whom an event concerns: each starts when the one before it has entered its body, or has ended.
///
/// It ends with the first answer, once all have entered; what still runs then is left to the session's task. While nobody
/// answers it ends with the last of them.
pub(super) struct Sharing {
    event: Event,
    gate: Arc<Gate>,
    /// Those whose turn has not come.
    waiting: vec::IntoIter<Part>,
    started: usize,
    /// The one that was started last has ended, perhaps without having entered.
    last_ended: bool,
    running: FuturesUnordered<Running>,
    /// To be told when all have entered.
    entry: Option<Entry>,
    answer: Option<Reply>,
    /// What is said if nobody answers.
    otherwise: Option<Reply>,
}

enum Part {
    Any(Listener),
    Handler(Route),
    Named(Listener),
    /// In the place of a handler, where nobody listens to the event by its name.
    Nobody,
}

impl Sharing {
    /// `known` is the handler of the event by its name, `fallback` that of events without one.
    pub(super) fn new(
        event: Event,
        of: ListenersOf,
        known: Option<&Route>,
        fallback: Option<&Route>,
    ) -> Self {
        let ListenersOf { any, named } = of;
        let handler = match known.or(if named.is_empty() { fallback } else { None }) {
            Some(route) => Some(Part::Handler(route.clone())),
            None if named.is_empty() => Some(Part::Nobody),
            None => None,
        };
        let any = any.into_iter().map(Part::Any);
        let parts: Vec<_> = any.chain(handler).chain(named.into_iter().map(Part::Named)).collect();
        Self {
            entry: Some(event.parts().entry()),
            event,
            gate: Arc::default(),
            waiting: parts.into_iter(),
            started: 0,
            last_ended: true,
            running: FuturesUnordered::new(),
            answer: None,
            otherwise: None,
        }
    }

    /// Whether the one that was started last is in its body, or has ended.
    fn last_has_entered(&self) -> bool {
        self.last_ended || self.gate.entered() >= self.started
    }

    fn start(&mut self, part: Part, cx: &mut Context<'_>) {
        self.started += 1;
        self.last_ended = false;
        let event = self.event.shared(&self.gate, self.started);
        let (watches, future) = match part {
            Part::Any(listener) => (true, Caught::build(|| listener.answer(event))),
            Part::Handler(route) => (false, Caught::build(|| route.answer(event))),
            Part::Named(listener) => (false, Caught::build(|| listener.answer(event))),
            Part::Nobody => {
                return self.ended(Ended {
                    place: self.started,
                    watches: false,
                    reply: Ok(Reply::unknown_event()),
                });
            }
        };
        let mut running = Running { future, place: self.started, watches };
        match Pin::new(&mut running).poll(cx) {
            Poll::Ready(ended) => self.ended(ended),
            Poll::Pending => self.running.push(running),
        }
    }

    fn ended(&mut self, Ended { place, watches, reply }: Ended) {
        if place == self.started {
            self.last_ended = true;
        }
        let reply = reply.unwrap_or_else(|Panicked| {
            let namespace = self.event.socket().namespace_name();
            tracing::error!(target: "sockeye::panic", namespace, event = ?self.event.name(), "a listener panicked");
            Reply::error("internal", "internal error")
        });
        if reply.is_some() && !reply.is_implicit() {
            self.answer.get_or_insert(reply);
        } else if !watches {
            self.otherwise.get_or_insert(reply);
        }
    }
}

impl Future for Sharing {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Reply> {
        let this = &mut *self;
        // Before asking who has entered: a layer may run a handler on another task.
        this.gate.register(cx.waker());
        loop {
            while let Poll::Ready(Some(ended)) = this.running.poll_next_unpin(cx) {
                this.ended(ended);
            }
            if !this.last_has_entered() {
                return Poll::Pending;
            }
            let Some(part) = this.waiting.next() else { break };
            this.start(part, cx);
        }
        if let Some(entry) = this.entry.take() {
            entry.enter();
        }
        if this.running.is_empty() {
            let reply = this.answer.take().or_else(|| this.otherwise.take());
            return Poll::Ready(reply.unwrap_or_else(Reply::none));
        }
        match this.answer.take() {
            Some(answer) if this.event.wants_ack() => {
                let rest = std::mem::take(&mut this.running);
                this.event.socket().leave_unfinished(Box::pin(rest.for_each(async |_| {})));
                Poll::Ready(answer)
            }
            answer => {
                this.answer = answer;
                Poll::Pending
            }
        }
    }
}

/// One of those who share the event, under way.
struct Running {
    future: Caught<BoxFuture<'static, Reply>>,
    place: usize,
    watches: bool,
}

struct Ended {
    place: usize,
    /// It listens to every event, so that its `()` is nobody's answer.
    watches: bool,
    reply: Result<Reply, Panicked>,
}

impl Future for Running {
    type Output = Ended;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended> {
        let reply = std::task::ready!(Pin::new(&mut self.future).poll(cx));
        Poll::Ready(Ended { place: self.place, watches: self.watches, reply })
    }
}
