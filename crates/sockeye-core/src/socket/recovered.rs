//! A socket that goes on where another has ended.

use http::Extensions;
use sockeye_proto::Id;

use super::{Socket, SocketInit};
use crate::recovery::Member;

impl Socket {
    /// Whether this socket goes on with an earlier session of its client: same id, rooms and data, and the events that it
    /// has missed are on their way. `false` before it has joined, and where [recovery](crate::Recovery) is off.
    pub fn recovered(&self) -> bool {
        self.member().is_some_and(Member::recovered)
    }
}

/// For the crates that run sessions and namespaces.
impl Socket {
    /// A socket of the same session and request, that has not joined either, with another name.
    #[must_use]
    pub fn renamed(&self, id: Id) -> Self {
        let state = &self.0;
        Self::new(SocketInit {
            id,
            namespace: state.namespace.clone(),
            outbox: state.outbox.clone(),
            session: state.session.clone(),
            handshake: state.handshake.clone(),
            auth: state.auth().clone(),
        })
    }

    /// Asks it to leave, because its client is back on another connection.
    pub fn supersede(&self) {
        if let Some(member) = self.member() {
            member.take_over();
        }
        self.0.leave();
    }

    /// Whether it was asked to leave because its client is back on another connection.
    pub fn is_superseded(&self) -> bool {
        self.member().is_some_and(Member::taken_over)
    }

    /// What the admission has left.
    pub(crate) fn locals(&self) -> Option<&Extensions> {
        self.0.locals.get()
    }

    pub(crate) fn member(&self) -> Option<&Member> {
        self.0.member.as_deref()
    }

    pub(crate) fn takes_events(&self) -> bool {
        self.0.takes_events()
    }
}
