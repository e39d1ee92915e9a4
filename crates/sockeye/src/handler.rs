//! What may answer an event: any `async fn` whose arguments are extractors.

mod functions;
mod layered;

pub use layered::Layered;

use sockeye_core::{Event, IntoReply};
use tower::BoxError;
use tower_layer::Layer;
use tower_service::Service;

use crate::route::{Assembly, Route};

/// An event handler: an `async fn` or async closure of up to sixteen extractors.
///
/// Its arguments are read from the event and from the handshake, and the returned value is the acknowledgement.
/// Only the last argument may consume the payload. `T` keeps the implementations for functions of different shape
/// apart; it is always inferred.
///
/// | the function returns | the client's acknowledgement |
/// |---|---|
/// | `()` or `Ok(())` | no argument |
/// | `Data(value)` or `Ok(value)` | one argument |
/// | `Args((a, b))` or `Ok(Args((a, b)))` | two arguments |
/// | `Err(error)` | what `error.into_reply()` says |
/// | `NoAck` | none, ever |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event handler",
    label = "not an event handler",
    note = "a handler is an `async fn` whose arguments are extractors (only the last may consume the payload) and whose return value is a reply; put `#[sockeye::debug_handler]` on it to see which argument is at fault"
)]
pub trait Handler<T, S>: Clone + Send + Sync + Sized + 'static {
    /// The type of its last argument; `()` without arguments.
    type Last;
    /// What it returns.
    type Returned: IntoReply;

    /// Joins the handler with its state into a route. Called once, when the namespace is built.
    #[doc(hidden)]
    fn into_route(self, assembly: &Assembly<S>) -> Route;

    /// Wraps this handler alone in a tower layer, which is applied once, when the namespace is built: a limit counts
    /// all events that reach this handler, whoever sent them.
    fn layer<L>(self, layer: L) -> Layered<L, Self, T, S>
    where
        L: Layer<Route>,
        L::Service: Service<Event, Response: IntoReply, Error: Into<BoxError>>,
    {
        Layered::new(layer, self)
    }
}
