//! How far a socket has come.

use std::time::Instant;

use futures_util::future::BoxFuture;
use sockeye_core::{Reply, recovery::Restoring};

use crate::{admit::Verdict, catch::Caught};

/// A handler under way.
pub(super) type Handler = BoxFuture<'static, Reply>;

/// How far a socket has come. It only ever goes forward.
pub(super) enum Stage {
    /// The session that its client wants to go on with is still in use.
    Claiming(BoxFuture<'static, Option<Restoring>>),
    /// Its admission is being decided.
    Asking(Caught<BoxFuture<'static, Verdict>>),
    /// Everybody is let in.
    Welcome,
    /// It has joined, and the connect handler runs; its events wait.
    Greeting(Caught<Handler>),
    /// Its events run.
    Open,
    /// It has left, and the disconnect handler runs.
    Parting {
        handler: Caught<Handler>,
        /// The disconnect handler is dropped then.
        until: Instant,
    },
    /// Nothing more will be started; handlers may still be under way.
    Parted,
}
