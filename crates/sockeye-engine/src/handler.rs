//! The seam towards the user of the engine: one `Handler` for all sessions, one `SessionHandler` for each.

use std::{
    task::{Context, Poll},
    time::Instant,
};

use sockeye_proto::engine::{Close, CloseReason, MessageRef};

use crate::{Handshake, Sender};

/// Makes the [`SessionHandler`] of every new session.
///
/// ```
/// use std::task::Context;
///
/// use sockeye_engine::{CloseReason, Flow, Handler, Handshake, MessageRef, Sender, SessionHandler};
///
/// struct Echo;
/// struct EchoSession(Sender);
///
/// impl Handler for Echo {
///     type Session = EchoSession;
///
///     fn open(&self, _handshake: Handshake, sender: Sender) -> EchoSession {
///         EchoSession(sender)
///     }
/// }
///
/// impl SessionHandler for EchoSession {
///     fn message(
///         &mut self,
///         _cx: &mut Context<'_>,
///         message: MessageRef<'_>,
///         _request: Option<&http::request::Parts>,
///     ) -> Flow {
///         let _ = self.0.send(message);
///         Flow::Continue
///     }
///
///     fn closed(&mut self, _reason: CloseReason) {}
/// }
/// ```
pub trait Handler: Send + Sync + 'static {
    /// What lives as long as one session.
    type Session: SessionHandler;

    /// A session was opened. Called once for each, before anything of it is decoded; what is sent here follows
    /// the open packet. A panic refuses the session with status 500.
    fn open(&self, handshake: Handshake, sender: Sender) -> Self::Session;
}

/// What happens in one session. All methods are called by the one task that owns the session, never two at once.
///
/// A panic in any of them closes this session with the reason `forced close` (or its polling spelling); no other
/// session notices.
pub trait SessionHandler: Send + 'static {
    /// A message has arrived. `request` is the POST that carried it, or `None` on a websocket.
    ///
    /// Runs while the bytes are still in a read buffer of the thread: decode, keep what you need, and do at once what can
    /// be done without waiting. What waits belongs to [`poll`](Self::poll).
    fn message(
        &mut self,
        cx: &mut Context<'_>,
        message: MessageRef<'_>,
        request: Option<&http::request::Parts>,
    ) -> Flow;

    /// Runs what is in flight. Called on every wake of the session's task, after decoding and before writing.
    /// `cx` wakes that task.
    fn poll(&mut self, cx: &mut Context<'_>) -> Next {
        let _ = cx;
        Next::quiet()
    }

    /// The transport is a websocket from now on.
    fn upgraded(&mut self) {}

    /// Half of `stall_timeout` has passed since [`Flow::Pause`]: whoever waits for this very client should give up.
    fn stalled(&mut self) {}

    /// The session has ended; called exactly once, whatever raced. Messages read before the end were told before.
    fn closed(&mut self, reason: CloseReason);

    /// The server has run out of the time it was given to end: what is under way ends now, and what has to be said last
    /// is said by `until`. Called at most once, after [`closed`](Self::closed).
    fn cut(&mut self, until: Instant) {
        let _ = until;
    }

    /// What is left to do after [`closed`](Self::closed): polled until it is ready. Its bound is the handler's own
    /// affair; the connection and its buffers are gone by then.
    fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }
}

/// What the session's task does next with what the client sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// Decode the next message.
    #[default]
    Continue,
    /// Decode no more until [`SessionHandler::poll`] says otherwise: the rest of a POST stays as the bytes it is,
    /// a websocket is not read. The pong deadline stands still meanwhile and `stall_timeout` runs.
    Pause,
    /// End the session; nothing more is decoded.
    Close(Close),
}

/// The answer of [`SessionHandler::poll`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// Decode, pause or close.
    pub flow: Flow,
    /// Poll again at this instant, even if nothing wakes the task before.
    pub deadline: Option<Instant>,
    /// How many messages this poll has set to work. From a few dozen on the task lets others run before it goes on.
    pub handled: usize,
    /// Nothing is in flight: until a message comes or [`Outbox::wake`](sockeye_proto::Outbox::wake) is called, another
    /// poll would do nothing and is left out where that is cheaper. Nothing else that was given a waker counts then.
    pub quiet: bool,
}

impl Next {
    /// Decode on; nothing is due.
    pub const fn idle() -> Self {
        Self { flow: Flow::Continue, deadline: None, handled: 0, quiet: false }
    }

    /// Decode on; nothing is due or in flight, so that there is nothing to poll.
    pub const fn quiet() -> Self {
        Self { quiet: true, ..Self::idle() }
    }
}
