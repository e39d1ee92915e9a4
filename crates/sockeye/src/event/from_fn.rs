//! Layers made of functions.

use std::{
    fmt,
    marker::PhantomData,
    mem,
    task::{Context, Poll},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Map},
};
use sockeye_core::{Event, IntoReply, Reply};
use tower::BoxError;
use tower_layer::Layer;
use tower_service::Service;

use super::{Middleware, Next};

/// Makes a layer of an `async fn`, for a namespace, for routes or for one handler.
///
/// The function takes extractors, then the [`Event`], then [`Next`], and returns a reply. To refuse an event, reply without
/// running the rest. To change it, give [`Next::run`] another one; with another [name](Event::set_name) it goes to another
/// handler, if the layer is one of the namespace. The reply can be [read](Reply) and replaced.
///
/// ```
/// use sockeye::{Admitted, Data, Event, Namespace, Reply, event::{self, Next}};
///
/// #[derive(Clone)]
/// struct User { admin: bool }
///
/// /// Refuses, and trims what people say.
/// async fn guard(Admitted(user): Admitted<User>, mut event: Event, next: Next) -> Reply {
///     if event.name() == "delete-user" && !user.admin {
///         return Reply::error("forbidden", "only admins delete users");
///     }
///     if let Ok(text) = event.arguments().deserialize_first::<String>()
///         && event.set_args(text.trim()).is_err()
///     {
///         return Reply::error("invalid_payload", "no text");
///     }
///     next.run(event).await
/// }
///
/// let users: Namespace = Namespace::new()
///     .on("rename", async |Data(name): Data<String>| Data(name))
///     .layer(event::from_fn(guard));
/// # use sockeye_test::{CallEvent, EventTest, ReadReply};
/// # sockeye_test::run(async {
/// # let event = Event::test("rename", " Ada ").admitted(User { admin: false });
/// # assert_eq!(users.call(event).await.read::<String>(), "Ada");
/// # let event = Event::test("delete-user", "ada").admitted(User { admin: false });
/// # let users = Namespace::new().layer(event::from_fn(guard));
/// # assert_eq!(users.call(event).await.error_code().as_deref(), Some("forbidden"));
/// # });
/// ```
pub const fn from_fn<F, T>(function: F) -> FromFnLayer<F, (), T> {
    from_fn_with_state((), function)
}

/// As [`from_fn`], with a state for the function's extractors: axum's `State`, and all that need one.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
/// use axum::extract::State;
/// use sockeye::{Event, Namespace, Reply, event::{self, Next}};
///
/// type Count = Arc<AtomicU64>;
///
/// async fn count(State(count): State<Count>, event: Event, next: Next) -> Reply {
///     count.fetch_add(1, Ordering::Relaxed);
///     next.run(event).await
/// }
///
/// let events = Count::default();
/// let chat: Namespace = Namespace::new().layer(event::from_fn_with_state(events.clone(), count));
/// # use sockeye_test::{CallEvent, EventTest};
/// # sockeye_test::run(async {
/// # chat.call(Event::test("anything", ())).await;
/// # assert_eq!(events.load(Ordering::Relaxed), 1);
/// # });
/// ```
pub const fn from_fn_with_state<F, S, T>(state: S, function: F) -> FromFnLayer<F, S, T> {
    FromFnLayer { function, state, types: PhantomData }
}

/// The layer of [`from_fn`].
#[must_use = "a layer does nothing until it is added"]
pub struct FromFnLayer<F, S, T> {
    function: F,
    state: S,
    types: PhantomData<fn() -> T>,
}

impl<F: Clone, S: Clone, T, I> Layer<I> for FromFnLayer<F, S, T> {
    type Service = FromFn<F, S, T, I>;

    fn layer(&self, inner: I) -> Self::Service {
        FromFn { function: self.function.clone(), state: self.state.clone(), inner, types: PhantomData }
    }
}

/// The service of [`from_fn`].
pub struct FromFn<F, S, T, I> {
    function: F,
    state: S,
    inner: I,
    types: PhantomData<fn() -> T>,
}

impl<F, S, T, I> Service<Event> for FromFn<F, S, T, I>
where
    F: Middleware<T, S>,
    S: Clone,
    I: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    type Response = Reply;
    type Error = I::Error;
    type Future = Map<BoxFuture<'static, Reply>, fn(Reply) -> Result<Reply, I::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> Self::Future {
        // The one that is ready is the one to be called; its clone may not be.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        self.function.clone().call(event, self.state.clone(), Next::new(inner)).map(Ok as _)
    }
}

// Not derived: the derives would ask `T` to be `Clone` and functions to be `Debug`.
impl<F: Clone, S: Clone, T> Clone for FromFnLayer<F, S, T> {
    fn clone(&self) -> Self {
        from_fn_with_state(self.state.clone(), self.function.clone())
    }
}

impl<F: Clone, S: Clone, T, I: Clone> Clone for FromFn<F, S, T, I> {
    fn clone(&self) -> Self {
        Self {
            function: self.function.clone(),
            state: self.state.clone(),
            inner: self.inner.clone(),
            types: PhantomData,
        }
    }
}

impl<F, S, T> fmt::Debug for FromFnLayer<F, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFnLayer").finish_non_exhaustive()
    }
}

impl<F, S, T, I> fmt::Debug for FromFn<F, S, T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}
