//! Handlers of typed events, and the contract that they keep.

use std::{any::TypeId, collections::HashMap, sync::Arc};

use sockeye_core::{AcksWith, Contract, EventType};

use super::Namespace;
use crate::Handler;

impl<S> Namespace<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Answers the event `E`, which the handler takes as its last argument; name, payload and ack come from
    /// [the type](EventType). A handler that acknowledges with something else does not compile.
    ///
    /// ```
    /// use serde::{Deserialize, Serialize};
    /// use sockeye::{EventType, Namespace, Reply, Socket};
    ///
    /// #[derive(Deserialize, EventType)]
    /// #[event("message", ack = Sent)]
    /// struct NewMessage { text: String }
    ///
    /// #[derive(Serialize)]
    /// struct Sent { id: u64 }
    ///
    /// async fn message(socket: Socket, new: NewMessage) -> Result<Sent, Reply> {
    ///     match new.text.len() {
    ///         0 => Err(Reply::error("empty", "say something")),
    ///         id => Ok(Sent { id: id as u64 }),
    ///     }
    /// }
    ///
    /// let chat: Namespace = Namespace::new().handle::<NewMessage, _>(message);
    /// ```
    ///
    /// # Panics
    /// When the event has a handler already, or when its name belongs to the protocol.
    #[track_caller]
    pub fn handle<E, T>(mut self, handler: impl Handler<T, S, Last = E, Returned: AcksWith<E::Ack>>) -> Self
    where
        E: EventType,
        T: 'static,
    {
        self.typed.insert(E::NAME, TypeId::of::<E>());
        self.on(E::NAME, handler)
    }

    /// States which events this namespace accepts and emits.
    ///
    /// It is checked when the server is built: each event that is accepted has a handler, one of the same type where
    /// [`handle`](Self::handle) has added it, and no other event has one; a [fallback](Self::fallback) may answer the
    /// rest. What is emitted here has to be in the contract, or fails with
    /// [`EmitError::NotInContract`](crate::EmitError::NotInContract).
    ///
    /// # Panics
    /// When the namespace already has a contract; and when the server is built, if the contract is not kept.
    #[track_caller]
    pub fn contract(mut self, contract: Contract) -> Self {
        assert!(self.contract.is_none(), "a namespace has one contract");
        self.contract = Some(Arc::new(contract));
        self
    }
}

/// Panics unless the handlers, by their names, are those of the contract.
#[track_caller]
pub(super) fn check<'a>(
    contract: &Contract,
    typed: &HashMap<&'static str, TypeId>,
    handlers: impl Iterator<Item = &'a Arc<str>> + Clone,
) {
    for event in contract.accepted() {
        let (name, ty) = (event.name(), event.type_name());
        assert!(
            handlers.clone().any(|handler| **handler == *name),
            "the contract accepts {ty}, and no handler answers the event {name:?}"
        );
        assert!(
            typed.get(name).is_none_or(|id| *id == event.type_id()),
            "the contract says that the event {name:?} is {ty}, and its handler takes another type"
        );
    }
    for name in handlers {
        assert!(
            contract.accepted().iter().any(|event| event.name() == &**name),
            "the event {name:?} has a handler, and is not in the contract"
        );
    }
}
