//! Handlers for events of the application's other servers.

use std::{collections::HashMap, fmt, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use sockeye_core::{IntoReply, Reply, ServerEvent};

use super::Namespace;
use crate::catch::Caught;

/// Events of other servers.
impl<S> Namespace<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Answers the event `name` of the application's other servers: [`Broadcast::server_emit`](crate::Broadcast::server_emit)
    /// and [`server_emit_with_ack`](crate::Broadcast::server_emit_with_ack) there. The handler gets the state and the event,
    /// and what it returns is the answer. An event without a handler is not answered.
    ///
    /// A server that is alone, as with the adapter that lives in the process, hears of none.
    ///
    /// ```
    /// use sockeye::{Data, Namespace, ServerEvent};
    ///
    /// let chat: Namespace = Namespace::new().on_server_event("load", async |(), event: ServerEvent| {
    ///     println!("somebody asks for {:?}", event.data::<String>());
    ///     Data(0.7)
    /// });
    /// ```
    ///
    /// # Panics
    /// When the event has a handler already, or when its name is reserved (`connect`, `connection`, `new_namespace`, …).
    #[track_caller]
    pub fn on_server_event<F, R>(
        mut self,
        name: impl Into<Arc<str>>,
        handler: impl Fn(S, ServerEvent) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = R> + Send + 'static,
        R: IntoReply + 'static,
    {
        let name = name.into();
        assert!(!ServerEvent::is_reserved(&name), "the event name {name:?} is reserved");
        let pending = PendingAnswer::new(handler);
        let earlier = self.server_events.insert(name.clone(), pending);
        assert!(earlier.is_none(), "the servers' event {name:?} has two handlers");
        self
    }
}

/// A handler of servers' events that still waits for its state.
pub(super) struct PendingAnswer<S>(Box<dyn FnOnce(S) -> Answer + Send + Sync>);

type Answer = Arc<dyn Fn(ServerEvent) -> BoxFuture<'static, Reply> + Send + Sync>;

impl<S: Clone + Send + Sync + 'static> PendingAnswer<S> {
    fn new<F, R>(handler: impl Fn(S, ServerEvent) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = R> + Send + 'static,
        R: IntoReply + 'static,
    {
        Self(Box::new(move |state| {
            Arc::new(move |event| handler(state.clone(), event).map(IntoReply::into_reply).boxed())
        }))
    }

    pub(super) fn with_state<S2>(self, state: S) -> PendingAnswer<S2> {
        PendingAnswer(Box::new(move |_| (self.0)(state)))
    }

    pub(super) fn build(self, state: S) -> Answer {
        (self.0)(state)
    }
}

/// The handlers of servers' events of one namespace.
#[derive(Clone, Default)]
pub(crate) struct ServerEvents(Arc<HashMap<Arc<str>, Answer>>);

impl ServerEvents {
    pub(super) fn new(answers: HashMap<Arc<str>, Answer>) -> Self {
        Self(Arc::new(answers))
    }

    /// Answers an event of another server. A panic costs this answer alone.
    pub(crate) fn answer(&self, event: ServerEvent) -> BoxFuture<'static, Reply> {
        let Some(answer) = self.0.get(event.name()).cloned() else {
            return std::future::ready(Reply::none()).boxed();
        };
        let (namespace, name) = (event.namespace().clone(), event.name().to_owned());
        let answered = Caught::build(|| answer(event));
        async move {
            answered.await.unwrap_or_else(|_| {
                tracing::error!(target: "sockeye::panic", %namespace, event = ?name, "a handler panicked");
                Reply::error("internal", "internal error")
            })
        }
        .boxed()
    }
}

impl fmt::Debug for ServerEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerEvents").field("names", &self.0.keys()).finish()
    }
}
