//! The right to answer later.

use std::{
    convert::Infallible,
    fmt,
    sync::{Arc, atomic::AtomicBool},
};

use super::FromEventParts;
use crate::{EventParts, IntoArgs, IntoReply, Reply, Socket, socket::Emit};

/// Takes the acknowledgement into the handler's own hands, to give it later, or elsewhere, or never.
///
/// A handler with this argument says nothing by returning `()`. An error that it returns still answers, unless the
/// acker has; of two answers the first goes out.
///
/// ```
/// use std::time::Duration;
/// use sockeye_core::{Acker, Data};
///
/// async fn slow(acker: Acker, Data(job): Data<u32>) {
///     tokio::spawn(async move {
///         tokio::time::sleep(Duration::from_secs(1)).await;
///         let _ = acker.send(job + 1).await;
///     });
/// }
/// ```
#[must_use = "the client waits for its answer"]
pub struct Acker(Option<Slot>);

struct Slot {
    socket: Socket,
    ack: u64,
    answered: Arc<AtomicBool>,
}

impl Acker {
    pub(crate) fn of(parts: &EventParts) -> Self {
        Self(parts.ack().map(|ack| Slot {
            socket: parts.socket().clone(),
            ack,
            answered: parts.socket().take_over(parts.seq()),
        }))
    }

    /// Whether the client has asked for an answer. If not, answering does nothing.
    pub const fn is_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Answers with as many arguments as `args` has; see [`IntoArgs`]. Queued by this call.
    ///
    /// # Errors
    /// When awaited: [`EmitError`](crate::EmitError).
    pub fn send(self, args: impl IntoArgs) -> Emit {
        self.answer(|| Reply::args(args))
    }

    /// Answers with what a handler could return. Queued by this call.
    ///
    /// # Errors
    /// When awaited: [`EmitError`](crate::EmitError).
    pub fn reply(self, reply: impl IntoReply) -> Emit {
        self.answer(|| reply.into_reply())
    }

    fn answer(self, reply: impl FnOnce() -> Reply) -> Emit {
        match self.0 {
            Some(slot) => slot.socket.answer_by_hand(&slot.answered, slot.ack, reply()),
            None => Emit::done(Ok(())),
        }
    }
}

impl<S: Sync> FromEventParts<S> for Acker {
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.acker())
    }
}

impl fmt::Debug for Acker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acker").field("wanted", &self.is_wanted()).finish()
    }
}
