//! Which replies keep the promise of an ack.

use crate::{Args, Data, IntoReply};

/// The replies of a handler whose event is acknowledged with an `A`.
///
/// | `A` | replies |
/// |---|---|
/// | `Sent` | `Data<Sent>`, `Result<Sent, E>`, `Result<Data<Sent>, E>` |
/// | `Args<(A, B)>` | `Args<(A, B)>`, `Result<Args<(A, B)>, E>` |
/// | `()` | `()`, `Result<(), E>` |
///
/// There is nothing to implement.
#[diagnostic::on_unimplemented(
    message = "the contract says that `{A}` acknowledges this event, and the handler returns `{Self}`",
    label = "this handler does not keep the contract",
    note = "return `Data<{A}>`, or `Result<{A}, E>`"
)]
pub trait AcksWith<A>: IntoReply {}

impl AcksWith<()> for () {}

impl<A> AcksWith<A> for Data<A> where Self: IntoReply {}

impl<T> AcksWith<Self> for Args<T> where Self: IntoReply {}

impl<A, E> AcksWith<A> for Result<A, E> where Self: IntoReply {}

impl<A, E> AcksWith<A> for Result<Data<A>, E> where Self: IntoReply {}
