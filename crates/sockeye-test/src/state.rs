//! What a session's driver and its handles share: how far it is, its sockets, and what came for them.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::Arc,
};

use parking_lot::Mutex;
use serde_json::Value;
use sockeye_core::Arguments;
use sockeye_proto::socket::encode::EventWriter;
use tokio::sync::{Notify, oneshot};

use crate::{answer::Answer, ask::AskError, connect::ConnectError};

/// Shared by the driver of a session and all handles of its sockets.
#[derive(Default)]
pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

/// One session, as its client sees it.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    pub(crate) upgraded: bool,
    pub(crate) sockets: HashMap<String, SocketState>,
    /// The last answer that was no success, which explains a failure to open.
    pub(crate) refusal: Option<Answer>,
    /// What the server did that no client can understand.
    pub(crate) fault: Option<String>,
    pub(crate) next_ack: u64,
}

/// How far a session is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Opening,
    Open {
        sid: String,
    },
    Closed(&'static str),
}

/// One socket of the session.
#[derive(Default)]
pub(crate) struct SocketState {
    pub(crate) stage: Stage,
    pub(crate) id: String,
    pub(crate) recovery: Recovery,
    pub(crate) recovered: bool,
    /// Events that nobody has taken yet.
    pub(crate) came: VecDeque<Came>,
    pub(crate) acks: HashMap<u64, oneshot::Sender<Result<Arguments, AskError>>>,
    pub(crate) answerers: HashMap<String, Answerer>,
}

/// How far a socket is.
#[derive(Clone, Debug, Default)]
pub(crate) enum Stage {
    #[default]
    Joining,
    Joined,
    Refused(ConnectError),
    Left(&'static str),
}

/// What a client keeps to be recovered by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recovery {
    pub(crate) pid: Option<String>,
    pub(crate) offset: Option<String>,
}

/// An event that came.
pub(crate) struct Came {
    pub(crate) name: String,
    pub(crate) arguments: Arguments,
    pub(crate) ack: Option<u64>,
}

/// Answers an event at once, by writing the arguments of the ack.
pub(crate) type Answerer = Box<dyn FnMut(&Arguments, &mut EventWriter) -> Result<(), String> + Send>;

impl Shared {
    /// Looks at the state, or changes it; who waits for a change looks again.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.state.lock());
        self.changed.notify_waiters();
        changed
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock())
    }

    /// Waits until there is something in the state.
    pub(crate) async fn until<T>(self: Arc<Self>, mut find: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            // The guard is gone before the wait; a change from here on is not missed, for `changed` exists.
            let found = find(&mut self.state.lock());
            match found {
                Some(found) => return found,
                None => changed.await,
            }
        }
    }
}

impl State {
    pub(crate) fn socket(&mut self, namespace: &str) -> Option<&mut SocketState> {
        self.sockets.get_mut(namespace)
    }

    /// The session is over, and with it all its sockets.
    pub(crate) fn close(&mut self, reason: &'static str) {
        if let Phase::Closed(_) = self.phase {
            return;
        }
        self.phase = Phase::Closed(reason);
        for socket in self.sockets.values_mut() {
            socket.leave(reason);
        }
    }
}

impl SocketState {
    /// It has left; what came before that can still be taken.
    pub(crate) fn leave(&mut self, reason: &'static str) {
        if matches!(self.stage, Stage::Left(_) | Stage::Refused(_)) {
            return;
        }
        self.stage = Stage::Left(reason);
        for (_, asked) in self.acks.drain() {
            let _ = asked.send(Err(AskError::Disconnected(reason)));
        }
    }

    /// It has joined, by this payload of the server's.
    pub(crate) fn join(&mut self, payload: &Value) {
        self.stage = Stage::Joined;
        let text = |field| payload.get(field).and_then(Value::as_str);
        text("sid").unwrap_or_default().clone_into(&mut self.id);
        let pid = text("pid").map(str::to_owned);
        self.recovered = pid.is_some() && pid == self.recovery.pid;
        self.recovery.pid = pid;
    }

    /// An event came. With recovery on, its last argument is its offset.
    pub(crate) fn hear(&mut self, event: &Came) {
        if self.recovery.pid.is_some() {
            let arguments: Option<Vec<Value>> = serde_json::from_str(event.arguments.as_json()).ok();
            if let Some(Value::String(offset)) = arguments.and_then(|mut arguments| arguments.pop()) {
                self.recovery.offset = Some(offset);
            }
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.look(|state| f.debug_struct("Shared").field("phase", &state.phase).finish_non_exhaustive())
    }
}

/// As a test's author wants to see it.
impl fmt::Display for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, arguments) = (&self.name, self.arguments.as_json());
        write!(f, "`{name}` {arguments}")?;
        match self.arguments.attachments().len() {
            0 => {}
            count => write!(f, " with {count} attachments")?,
        }
        if self.ack.is_some() { f.write_str(" (asks for an answer)") } else { Ok(()) }
    }
}
