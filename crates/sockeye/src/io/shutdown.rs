//! Ending a server without losing what is queued.

use std::{future::IntoFuture, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use sockeye_engine::Report;

use super::Io;
use crate::connection::waits;

/// A shutdown that can be given a deadline; it begins when it is awaited.
#[derive(Clone, Debug)]
#[must_use = "a shutdown begins when it is awaited"]
pub struct Shutdown {
    io: Io,
    grace: Duration,
}

impl Io {
    /// Ends the server: new sessions are refused with 503, what is queued is written on every transport, handlers in
    /// flight may finish, and sessions are closed in batches. Clients see `transport close` and reconnect elsewhere;
    /// disconnect handlers see `server shutting down`.
    ///
    /// An event handler may await it too: it does not wait for that handler.
    ///
    /// ```
    /// # async fn stop(io: sockeye::Io) {
    /// let report = io.shutdown().grace(std::time::Duration::from_secs(3)).await;
    /// println!("{} sessions, {} of them cut", report.closed, report.aborted);
    /// # }
    /// ```
    pub fn shutdown(&self) -> Shutdown {
        Shutdown { io: self.clone(), grace: GRACE }
    }

    /// Waits for `signal`, ends the server, and then resolves: what `axum::serve(..).with_graceful_shutdown(..)` wants.
    ///
    /// axum stops to accept connections when this resolves, so known sessions are served until their last packet. Only
    /// while somebody awaits it does anything happen.
    pub fn shutdown_on<F>(&self, signal: F) -> impl Future<Output = ()> + Send + 'static + use<F>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let shutdown = self.shutdown();
        async move {
            let _ = signal.await;
            shutdown.await;
        }
    }
}

impl Shutdown {
    /// How long it may take until what is left is cut. Default 10 s.
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }
}

impl IntoFuture for Shutdown {
    type Output = Report;
    type IntoFuture = BoxFuture<'static, Report>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            match self.io.engine() {
                Some(engine) => {
                    let _wait = waits::begin(&engine);
                    engine.shutdown(self.grace).await
                }
                None => Report::default(),
            }
        }
        .boxed()
    }
}

/// Shorter than what service managers wait before they kill.
const GRACE: Duration = Duration::from_secs(10);
