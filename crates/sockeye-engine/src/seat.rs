//! Where the driver of a session that polls rests, so that requests may turn it themselves.

use std::{
    any::Any,
    future::Future,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use sockeye_proto::engine::Transport;
use tokio::runtime::{self, Handle as Runtime};

use crate::{Handler, driver::Driver, inbox::Command, session::SessionState};

#[cfg(test)]
mod tests;

/// The task of a session.
///
/// On a websocket it owns the driver, and nobody else comes near it. While the session polls, the driver rests where
/// requests find it: one that comes turns it at once, on its own thread, and mostly has its answer after that, so that
/// neither task has to wake the other. All else is done by this task.
#[expect(
    clippy::large_enum_variant,
    reason = "on a websocket, which most sessions are on, it is the only one"
)]
pub(crate) enum Task<H: Handler> {
    Owner(Driver<H>),
    Seated(Seated),
}

/// The seat of one session.
#[derive(Default)]
pub(crate) enum Seat {
    /// The task owns the driver.
    #[default]
    Empty,
    Taken(Box<Resting>),
    /// Somebody turns the driver.
    Turned {
        /// The task was woken meanwhile.
        missed: bool,
    },
    /// There is no driver any more, or none will come back.
    Over,
}

/// A driver that rests.
pub(crate) struct Resting {
    driver: Box<dyn Turns>,
    /// Of the task: what the driver waits for wakes that.
    waker: Waker,
    /// Of the task as well: what handlers spawn belongs there.
    runtime: runtime::Id,
}

/// A driver of any handler.
pub(crate) trait Turns: Send {
    /// Polls it, and tells it one thing more than what waits in its inbox.
    fn act(&mut self, cx: &mut Context<'_>, told: Option<Command>) -> Poll<()>;

    /// Whether a GET waits.
    fn is_polled(&self) -> bool;

    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl SessionState {
    /// Tells the driver something. If it rests and there is a GET that might be answered, it acts at once, which may
    /// run code of the application: hold no lock. Else the command is left in the inbox, and handed back when the session
    /// has ended.
    pub(crate) fn tell(&self, command: Command) -> Option<Command> {
        let Ok(here) = Runtime::try_current() else { return self.command(command) };
        let polls = matches!(command, Command::Poll(..));
        let may_act =
            |resting: &Resting| resting.runtime == here.id() && (polls || resting.driver.is_polled());
        let resting = {
            let mut seat = self.seat().lock();
            let acts = matches!(&*seat, Seat::Taken(resting) if may_act(resting));
            if acts { seat.take() } else { None }
        };
        let Some(mut resting) = resting else { return self.command(command) };
        let turned = resting.turn(Some(command));
        if turned.is_ready() {
            *self.seat().lock() = Seat::Over;
            // The task has nothing left to do but to end.
            resting.waker.wake();
        } else {
            self.rest(resting);
        }
        None
    }

    /// Seats a driver that was turned, unless the task has gone meanwhile.
    fn rest(&self, resting: Box<Resting>) {
        let mut seat = self.seat().lock();
        let missed = match &*seat {
            Seat::Turned { missed } => missed.then(|| resting.waker.clone()),
            _ => {
                drop(seat);
                return drop(resting);
            }
        };
        *seat = Seat::Taken(resting);
        drop(seat);
        if let Some(waker) = missed {
            waker.wake();
        }
    }
}

impl Resting {
    /// A driver that panics is none to go on with.
    fn turn(&mut self, told: Option<Command>) -> Poll<()> {
        let Self { driver, waker, .. } = self;
        let turn = || driver.act(&mut Context::from_waker(waker), told);
        catch_unwind(AssertUnwindSafe(turn)).unwrap_or(Poll::Ready(()))
    }
}

impl Seat {
    fn take(&mut self) -> Option<Box<Resting>> {
        match mem::replace(self, Self::Turned { missed: false }) {
            Self::Taken(resting) => Some(resting),
            other => {
                *self = other;
                None
            }
        }
    }
}

/// What is left of the task while its driver is seated. Dropped, it ends the session.
pub(crate) struct Seated {
    session: Arc<SessionState>,
}

impl Seated {
    /// The driver, to be turned; without one whether the task is done.
    fn take(&self) -> Result<Box<Resting>, Poll<()>> {
        let mut seat = self.session.seat().lock();
        if let Some(resting) = seat.take() {
            return Ok(resting);
        }
        match &mut *seat {
            Seat::Turned { missed } => {
                *missed = true;
                Err(Poll::Pending)
            }
            _ => Err(Poll::Ready(())),
        }
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        let seat = mem::replace(&mut *self.session.seat().lock(), Seat::Over);
        // A driver that is dropped before its end runs code of the application.
        drop(seat);
    }
}

impl<H: Handler> Task<H> {
    fn poll_owner(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Self::Owner(driver) = self else { return Poll::Pending };
        if driver.act(cx, None).is_ready() {
            return Poll::Ready(());
        }
        if driver.is_polled() {
            let session = Arc::clone(driver.session());
            // Not to be undone by a session that is over before the driver is there.
            *session.seat().lock() = Seat::Turned { missed: false };
            let seated = Self::Seated(Seated { session: Arc::clone(&session) });
            if let Self::Owner(driver) = mem::replace(self, seated) {
                let runtime = driver.runtime();
                session.rest(Box::new(Resting {
                    driver: Box::new(driver),
                    waker: cx.waker().clone(),
                    runtime,
                }));
            }
        }
        Poll::Pending
    }

    fn poll_seated(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Self::Seated(seated) = self else { return Poll::Pending };
        let mut resting = match seated.take() {
            Ok(resting) => resting,
            Err(done) => return done,
        };
        if !resting.waker.will_wake(cx.waker()) {
            resting.waker = cx.waker().clone();
        }
        if resting.turn(None).is_ready() {
            return Poll::Ready(());
        }
        let session = Arc::clone(&seated.session);
        if session.transport() == Transport::WebSocket {
            // No request turns it any more: it comes back to where it costs least.
            if let Ok(driver) = resting.driver.into_any().downcast::<Driver<H>>() {
                *self = Self::Owner(*driver);
                *session.seat().lock() = Seat::Empty;
            }
        } else {
            session.rest(resting);
        }
        Poll::Pending
    }
}

/// Nothing in it is pinned.
impl<H: Handler> Unpin for Task<H> {}

impl<H: Handler> Future for Task<H> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let task = self.get_mut();
        match task {
            Self::Owner(_) => task.poll_owner(cx),
            Self::Seated(_) => task.poll_seated(cx),
        }
    }
}
