//! Which functions may wrap the way of an event.

use futures_util::{FutureExt as _, future::BoxFuture};
use sockeye_core::{Event, FromEventParts, IntoReply, Reply};

use super::Next;

/// An `async fn` or async closure that [`from_fn`](super::from_fn) makes a layer of: any extractors that leave the
/// arguments alone, then the [`Event`], then [`Next`]; it returns a reply.
///
/// `T` keeps the implementations for functions of different shape apart; it is always inferred. There is nothing to
/// implement.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot wrap events",
    label = "not a middleware for events",
    note = "a middleware is an `async fn(.., event: Event, next: Next)` whose other arguments are extractors that leave the payload alone, and which returns a reply"
)]
pub trait Middleware<T, S>: Clone + Send + Sync + 'static {
    /// Extracts the arguments and runs the function, or says which of them could not be extracted.
    #[doc(hidden)]
    fn call(self, event: Event, state: S, next: Next) -> BoxFuture<'static, Reply>;
}

#[diagnostic::do_not_recommend]
impl<F, Fut, S> Middleware<((),), S> for F
where
    F: FnOnce(Event, Next) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output: IntoReply> + Send + 'static,
    S: Send + 'static,
{
    fn call(self, event: Event, _: S, next: Next) -> BoxFuture<'static, Reply> {
        self(event, next).map(IntoReply::into_reply).boxed()
    }
}

macro_rules! impl_middleware {
    ([$($ty:ident $via:ident),*], $last:ident) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, reason = "arguments are named like their types")]
        impl<F, Fut, S, ViaLast, $($ty, $via,)* $last> Middleware<(ViaLast, $(($via, $ty),)* $last,), S> for F
        where
            F: FnOnce($($ty,)* $last, Event, Next) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output: IntoReply> + Send,
            S: Send + Sync + 'static,
            $($ty: FromEventParts<S, $via> + Send,)*
            $last: FromEventParts<S, ViaLast> + Send,
        {
            fn call(self, mut event: Event, state: S, next: Next) -> BoxFuture<'static, Reply> {
                Box::pin(async move {
                    $(
                        let $ty = match $ty::from_event_parts(event.parts_mut(), &state).await {
                            Ok(value) => value,
                            Err(rejection) => return rejection.into_reply().into_error(),
                        };
                    )*
                    let $last = match $last::from_event_parts(event.parts_mut(), &state).await {
                        Ok(value) => value,
                        Err(rejection) => return rejection.into_reply().into_error(),
                    };
                    self($($ty,)* $last, event, next).await.into_reply()
                })
            }
        }
    };
}

sockeye_core::all_the_tuples!(impl_middleware);
