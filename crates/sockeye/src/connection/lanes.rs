//! All sockets of one session.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use sockeye_core::{DisconnectReason, Id};
use sockeye_proto::socket::Slot;
use tokio::time::Sleep;

use super::{
    clock::Clock,
    lane::{Join, Lane, Step, Turn},
};
use crate::{catch::drop_caught, mounted::Mounted};

/// All sockets of one session: those of its slots, and those that have left and whose handlers are not done.
pub(super) struct Lanes {
    mounted: Arc<Mounted>,
    lanes: Vec<Lane>,
    /// Boxed: a session is open for much longer than it ends.
    ending: Option<Box<Ending>>,
}

/// What the end of a session needs.
#[derive(Default)]
struct Ending {
    /// When even disconnect handlers are cut that begin now, if the server is out of time.
    last: Option<Instant>,
    /// There is no session any more to keep the time.
    timer: Option<Pin<Box<Sleep>>>,
}

/// What the multiplexer has to be told.
pub(super) enum Told {
    Admitted(Slot),
    Refused(Slot),
    Left(Slot),
}

impl Lanes {
    pub(super) const fn new(mounted: Arc<Mounted>) -> Self {
        Self { mounted, lanes: Vec::new(), ending: None }
    }

    /// Moves them all out; none is left behind.
    pub(super) fn take(&mut self) -> Self {
        Self { mounted: self.mounted.clone(), lanes: mem::take(&mut self.lanes), ending: self.ending.take() }
    }

    pub(super) const fn mounted(&self) -> &Arc<Mounted> {
        &self.mounted
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    pub(super) fn push(&mut self, lane: Lane) {
        if self.lanes.is_empty() {
            // Most sessions have one for ever; a vector would begin with room for four.
            self.lanes.reserve_exact(1);
        }
        self.lanes.push(lane);
    }

    pub(super) fn in_slot(&mut self, slot: Slot) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.slot() == Some(slot))
    }

    pub(super) fn with_id(&mut self, id: Id) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.id() == id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter()
    }

    pub(super) fn end_all(&mut self, reason: DisconnectReason, now: Instant) {
        let grace = self.mounted.settings.handler_grace;
        for lane in &mut self.lanes {
            lane.end(reason, now + grace);
        }
    }

    /// What is under way ends now; disconnect handlers may go on until `last`.
    pub(super) fn cut_all(&mut self, now: Instant, last: Instant) {
        self.ending.get_or_insert_default().last = Some(last);
        for lane in &mut self.lanes {
            lane.hurry(now, last);
        }
    }

    /// Whether more is held than the budget allows. One event is always allowed.
    pub(super) fn is_over(&self, budget: usize, buffered: usize) -> bool {
        let (mut events, mut used) = (0, buffered);
        for lane in &self.lanes {
            let (of_lane, bytes) = lane.load();
            events += of_lane;
            used += bytes;
        }
        events > 1 && used > budget
    }

    /// Bytes that the client has sent to admissions and that are kept with its sockets.
    pub(super) fn auth(&self) -> usize {
        self.lanes.iter().map(|lane| lane.socket().auth().len()).sum()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.lanes.iter().filter_map(Lane::deadline).min()
    }

    /// Runs what can run. `tell` is for the multiplexer. Answers how many events were started.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, clock: &Clock, mut tell: impl FnMut(Told)) -> usize {
        let settings = &self.mounted.settings;
        let mut turn = Turn {
            clock,
            starts: STARTS,
            events_in_flight: settings.events_in_flight,
            grace: settings.handler_grace,
            last: self.ending.as_ref().and_then(|ending| ending.last),
            admit_timeout: settings.admit_timeout,
        };
        let mut at = 0;
        while let Some(lane) = self.lanes.get_mut(at) {
            match lane.poll(cx, &mut turn) {
                Step::Idle => at += 1,
                Step::Decided(Ok(locals)) => match lane.join(locals) {
                    Join::Done => {
                        lane.slot().map(Told::Admitted).map(&mut tell);
                    }
                    Join::Anew => lane.start_over(turn.admit_timeout),
                    Join::Late => {
                        lane.slot().map(Told::Admitted).map(&mut tell);
                        lane.take_slot().map(Told::Left).map(&mut tell);
                        lane.end(DisconnectReason::Server, turn.until());
                    }
                },
                Step::Decided(Err(refusal)) => {
                    lane.refuse(&refusal);
                    lane.take_slot().map(Told::Refused).map(&mut tell);
                    lane.end(DisconnectReason::Server, turn.until());
                }
                Step::Gone => {
                    let lane = self.lanes.swap_remove(at);
                    // With it may go the last values of the application that belonged to this socket.
                    let _ = drop_caught(lane);
                }
            }
        }
        if turn.starts == 0 {
            cx.waker().wake_by_ref();
        }
        if self.lanes.is_empty() {
            self.lanes = Vec::new();
        }
        STARTS - turn.starts
    }

    /// Runs what is left when the session has ended.
    pub(super) fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            // Nobody is admitted any more, so there is nothing to tell.
            self.poll(cx, &Clock::default(), drop);
            let Some(deadline) = self.deadline() else { break };
            let deadline = tokio::time::Instant::from_std(deadline);
            let ending = self.ending.get_or_insert_default();
            let timer = ending.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            if timer.as_mut().poll(cx).is_pending() {
                break;
            }
        }
        if self.lanes.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// So many events are started before the session's task lets others run: as many as the engine decodes in one go.
const STARTS: usize = 64;
