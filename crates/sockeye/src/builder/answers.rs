//! The settings of what stands on the server's HTTP answers.

use http::{HeaderMap, request::Parts};
use sockeye_engine::SessionCookie;

use super::Builder;

/// Headers and cookies.
impl<S> Builder<S> {
    /// Sets a cookie on sessions that are opened by polling, for load balancers that keep clients with their servers.
    /// Default: none.
    ///
    /// ```
    /// use sockeye::{SessionCookie, Sockeye};
    ///
    /// let sockeye = Sockeye::builder().cookie(SessionCookie::new().secure(true)).build();
    /// ```
    pub fn cookie(mut self, cookie: SessionCookie) -> Self {
        self.doors.engine = self.doors.engine.cookie(cookie);
        self
    }

    /// Serves the browser's client below the server's [`path`](Self::path): a page gets it by
    /// `<script src="/socket.io/socket.io.js">`. Default: nothing is served.
    #[cfg(feature = "client-files")]
    pub fn client_files(mut self, files: crate::ClientFiles) -> Self {
        self.doors.engine = self.doors.engine.front(move |head| files.answer(head));
        self
    }

    /// Changes the headers of the first answer of each session: of the GET, or of the 101. Default: nothing.
    ///
    /// For headers on refusals too, put a layer in front of the server.
    pub fn initial_headers<F>(mut self, change: F) -> Self
    where
        F: Fn(&mut HeaderMap, &Parts) + Send + Sync + 'static,
    {
        self.doors.engine = self.doors.engine.initial_headers(change);
        self
    }

    /// Changes the headers of every answer of a session, the first one and the 101 included. Default: nothing.
    pub fn headers<F>(mut self, change: F) -> Self
    where
        F: Fn(&mut HeaderMap, &Parts) + Send + Sync + 'static,
    {
        self.doors.engine = self.doors.engine.headers(change);
        self
    }
}
