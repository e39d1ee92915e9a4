//! One session: its namespaces, its sockets, and their events.

mod clock;
mod control;
mod guard;
mod lane;
mod lanes;
mod running;
mod searches;
mod waiting;
pub(crate) mod waits;

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use serde_json::Value;
use sockeye_core::{
    Arguments, CloseReason, DisconnectReason, Id, Payload, Socket, SocketInit, Transport,
    handshake::Handshake,
};
use sockeye_engine::{Flow, MessageRef, Next, Sender, SessionHandler};
use sockeye_proto::{
    engine::{self, Close},
    socket::{Incoming, Mux, Slot, Violation, encode},
};

use self::{
    clock::{Clock, now},
    control::Control,
    guard::Guard,
    lane::{Lane, Shown},
    lanes::Told,
    searches::Searches,
};
use crate::{
    admit,
    mounted::Mounted,
    sites::{Found, Seat},
};

/// Opens a [`Connection`] for every session: what the engine is built with.
pub struct Connections {
    mounted: Arc<Mounted>,
}

/// One session's namespaces. Polled by the session's task.
pub struct Connection {
    control: Arc<Control>,
    handshake: Arc<Handshake>,
    mux: Mux,
    lanes: Guard,
    searches: Searches,
    /// What the client did wrong, if that ends the session.
    violation: Option<Violation>,
    paused: bool,
}

impl Connections {
    pub(crate) const fn new(mounted: Arc<Mounted>) -> Self {
        Self { mounted }
    }

    pub(crate) const fn mounted(&self) -> &Arc<Mounted> {
        &self.mounted
    }
}

impl sockeye_engine::Handler for Connections {
    type Session = Connection;

    fn open(&self, handshake: sockeye_engine::Handshake, sender: Sender) -> Connection {
        let sockeye_engine::Handshake { head, extensions, sid, transport, time, version, address, secure } =
            handshake;
        Connection {
            control: Control::new(sender),
            handshake: Arc::new(
                Handshake::new(head, extensions, version, sid, transport, time)
                    .with_address(address)
                    .with_secure(secure),
            ),
            mux: Mux::new(self.mounted.mux.clone(), now()),
            lanes: Guard::new(self.mounted.clone()),
            searches: Searches::default(),
            violation: None,
            paused: false,
        }
    }
}

impl SessionHandler for Connection {
    fn message(
        &mut self,
        cx: &mut Context<'_>,
        message: MessageRef<'_>,
        _: Option<&http::request::Parts>,
    ) -> Flow {
        let clock = &Clock::default();
        let taken = match self.mux.handle_by(message, || clock.now()) {
            Ok(Some(Incoming::Event { slot, ack, name, arguments })) => {
                let events_in_flight = self.lanes.mounted().settings.events_in_flight;
                let Some(lane) = self.lanes.in_slot(slot) else { return self.flow(clock) };
                let take = || lane.take(&name, ack, arguments, events_in_flight, cx);
                Ok(waits::enter(&self.control, take))
            }
            Ok(Some(Incoming::Connect { slot, namespace, auth })) => {
                self.connect(slot, namespace, auth);
                Ok(false)
            }
            Ok(Some(Incoming::Ack { slot, id, arguments })) => self.acknowledged(slot, id, arguments, clock),
            Ok(Some(Incoming::Disconnect { slot })) => {
                self.departed(slot, clock);
                Ok(false)
            }
            Ok(None) => Ok(false),
            Err(violation) => Err(violation),
        };
        match taken {
            // Nothing more is held than before.
            Ok(true) if !self.paused => Flow::Continue,
            Ok(_) => self.flow(clock),
            Err(violation) => self.violated(violation),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Next {
        if self.is_quiet() {
            return Next::quiet();
        }
        let control = self.control.clone();
        waits::enter(&control, || self.poll_lanes(cx))
    }

    fn upgraded(&mut self) {
        for lane in self.lanes.iter().filter(|lane| lane.is_in()) {
            lane.upgraded();
        }
    }

    fn stalled(&mut self) {
        for lane in self.lanes.iter() {
            lane.socket().stalled();
        }
    }

    fn closed(&mut self, reason: CloseReason) {
        let reason = match (reason, self.violation) {
            // The reference calls a packet that it cannot decode the same on both transports (edge line 299).
            (CloseReason::Protocol(violation, _), Some(kind)) if kind.is_undecodable() => {
                CloseReason::Protocol(violation, Transport::WebSocket)
            }
            (reason, _) => reason,
        };
        self.lanes.end_all(DisconnectReason::Session(reason), now());
        self.searches.cut();
        self.control.waits.closed();
    }

    fn cut(&mut self, until: Instant) {
        // A handler that awaits the end of the server goes on behind it.
        if !self.control.waits.are_there() {
            self.lanes.cut_all(now(), until);
        }
    }

    fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        waits::enter(&self.control, || self.lanes.poll_finish(cx))
    }
}

impl Connection {
    /// Acks act at once: the handler that waits for one may be what keeps the events behind it waiting.
    fn acknowledged(
        &mut self,
        slot: Slot,
        id: u64,
        arguments: Arguments,
        clock: &Clock,
    ) -> Result<bool, Violation> {
        let lane = self.lanes.in_slot(slot);
        if lane.is_none_or(|lane| !lane.socket().acknowledge(id, arguments)) {
            self.mux.unasked(clock.now())?;
        }
        Ok(false)
    }

    fn departed(&mut self, slot: Slot, clock: &Clock) {
        let until = clock.now() + self.lanes.mounted().settings.handler_grace;
        if let Some(lane) = self.lanes.in_slot(slot) {
            // The multiplexer has freed the place by itself.
            lane.take_slot();
            lane.end(DisconnectReason::Client, until);
        }
    }

    fn connect(&mut self, slot: Slot, namespace: &str, auth: Payload) {
        let Mounted { sites, settings, mux, .. } = &**self.lanes.mounted();
        // Kept for as long as the socket lives, and a session may have many of them.
        let found = if self.lanes.auth() + self.searches.auth() + auth.len() > mux.max_payload {
            Found::Nothing(admit::plain("Auth payload too large"))
        } else {
            sites.ask(namespace, auth, settings.admit_timeout)
        };
        self.found(slot, namespace, found);
    }

    fn poll_lanes(&mut self, cx: &mut Context<'_>) -> Next {
        let clock = &Clock::default();
        let late = self.deadline().is_some_and(|deadline| deadline <= clock.now());
        let violation = if late { self.mux.handle_timeout(clock.now()).err() } else { None };
        let close = self.control.is_asked() && self.obey(clock.now());
        while let Some((slot, name, found)) = self.searches.poll_found(cx) {
            self.found(slot, &name, found);
        }
        let mux = &mut self.mux;
        let sender = self.control.sender();
        let handled = self.lanes.poll(cx, clock, |told| match told {
            Told::Admitted(slot) => {
                sender.claimed();
                mux.admitted(slot);
            }
            Told::Refused(slot) => mux.refused(slot),
            Told::Left(slot) => mux.left(slot),
        });
        let flow = match violation {
            Some(violation) => self.violated(violation),
            None if close => self.close_all(clock.now()),
            None => self.flow(clock),
        };
        let deadline = self.deadline().into_iter().chain(self.lanes.deadline()).min();
        Next { flow, deadline, handled, quiet: false }
    }

    /// Whether a poll would do nothing, as mostly when something is only to be written.
    fn is_quiet(&self) -> bool {
        !self.paused
            && !self.control.is_asked()
            && self.searches.is_empty()
            && self.deadline().is_none()
            && self.lanes.iter().all(Lane::is_quiet)
    }

    /// What the name of a CONNECT has come to.
    fn found(&mut self, slot: Slot, name: &str, found: Found) {
        match found {
            Found::Seat(seat, auth) => self.seated(slot, seat, auth),
            Found::Asking(search) => self.searches.push(slot, name, search),
            Found::Nothing(told) => self.refuse(slot, name, &told),
        }
    }

    fn seated(&mut self, slot: Slot, seat: Seat, auth: Payload) {
        let Some(id) = random_id() else {
            return self.refuse(slot, seat.name(), &admit::panicked());
        };
        // A client that was here before shows the secret of its session, which is none of the application's business.
        let (shown, auth) = match seat.context.sequencer() {
            Some(_) => Shown::read(auth),
            None => (None, auth),
        };
        let socket = Socket::new(SocketInit {
            id,
            namespace: seat.context.clone(),
            outbox: self.control.sender().outbox().clone(),
            session: self.control.clone(),
            handshake: self.handshake.clone(),
            auth,
        });
        let admit_timeout = self.lanes.mounted().settings.admit_timeout;
        self.lanes.push(match shown {
            None => Lane::new(slot, socket, seat, admit_timeout),
            Some(shown) => Lane::claiming(slot, socket, seat, shown, admit_timeout),
        });
    }

    fn refuse(&mut self, slot: Slot, name: &str, told: &Value) {
        let _ = self.control.sender().outbox().push(encode::connect_error(name, told));
        self.mux.refused(slot);
    }

    /// When the client will have waited too long. One fault is enough.
    fn deadline(&self) -> Option<Instant> {
        if self.violation.is_none() { self.mux.timeout() } else { None }
    }

    /// Does what sockets have asked for; `true`: the session is to end.
    fn obey(&mut self, now: Instant) -> bool {
        let requests = self.control.take();
        let until = now + self.lanes.mounted().settings.handler_grace;
        for id in requests.leave {
            // One that has not joined yet is told when its admission is decided.
            if let Some(lane) = self.lanes.with_id(id)
                && lane.has_joined()
            {
                if let Some(slot) = lane.take_slot() {
                    self.mux.left(slot);
                }
                let superseded = lane.socket().is_superseded();
                let reason = if superseded { DisconnectReason::TakenOver } else { DisconnectReason::Server };
                lane.end(reason, until);
            }
        }
        requests.close
    }

    /// Ends every namespace, then the session.
    fn close_all(&mut self, now: Instant) -> Flow {
        for lane in self.lanes.iter().filter(|lane| lane.has_joined()) {
            // Tells the client, once.
            drop(lane.socket().disconnect());
        }
        self.lanes.end_all(DisconnectReason::Server, now);
        let transport = self.control.sender().transport();
        Flow::Close(Close::Graceful(CloseReason::Forced(transport)))
    }

    fn violated(&mut self, violation: Violation) -> Flow {
        tracing::debug!(target: "sockeye::session", violation = violation.as_str(), "the client broke the protocol");
        self.violation = Some(violation);
        Flow::Close(Close::Violation(engine::Violation::new(violation.as_str())))
    }

    /// Whether to read on.
    fn flow(&mut self, clock: &Clock) -> Flow {
        let over = self.lanes.is_over(self.lanes.mounted().settings.inbound_budget, self.mux.buffered());
        if over != self.paused {
            self.paused = over;
            self.mux.paused(over, clock.now());
        }
        if over { Flow::Pause } else { Flow::Continue }
    }
}

pub(crate) fn random_id() -> Option<Id> {
    let mut bytes = [0; 15];
    // Fails on no system that runs a server; but a guessable id would be worse than a refused client.
    getrandom::fill(&mut bytes).ok()?;
    Some(Id::from_random(bytes))
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("paused", &self.paused).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It lies in the task of each session, which is rounded up to 128 bytes: with what the engine has in there, it fills
    /// 640. A field more costs 128 bytes.
    #[test]
    fn it_fits_into_the_task_of_its_session() {
        assert!(size_of::<Connection>() <= 152, "{}", size_of::<Connection>());
    }
}
