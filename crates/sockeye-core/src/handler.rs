//! Functions that answer events: one implementation for each number of arguments.

mod enter;
mod tuples;

use futures_util::future::BoxFuture;

use crate::{Event, IntoReply, Reply};

/// An `async fn` or async closure of up to sixteen extractors, of which only the last may consume the payload, and which
/// returns a reply: what handlers of a namespace and [listeners of a socket](crate::Socket::on) are made of.
///
/// `T` keeps the implementations for functions of different shape apart; it is always inferred. There is nothing to
/// implement.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event handler",
    label = "not an event handler",
    note = "a handler is an `async fn` whose arguments are extractors (only the last may consume the payload) and whose return value is a reply; put `#[sockeye::debug_handler]` on it to see which argument is at fault"
)]
pub trait EventFn<T, S>: Clone + Send + Sync + 'static {
    /// The type of the last argument; `()` without arguments.
    type Last;
    /// What is returned.
    type Returned: IntoReply;

    /// Extracts the arguments and runs the function, or says which of them could not be extracted.
    #[doc(hidden)]
    fn call(self, event: Event, state: S) -> BoxFuture<'static, Reply>;
}
