//! The settings of how a session is opened: who may, and under which name.

use std::{error::Error, future::Future, time::Duration};

use http::request::Parts;
use sockeye_engine::{EngineBuilder, Message, Refused, RequestError};

use super::Builder;
use crate::admit::{self, AdmitService};

/// A handler that judges handshakes and still waits for its state.
pub(super) type Allow<S> = Box<dyn FnOnce(S) -> AdmitService + Send + Sync>;

/// How a session is opened.
impl<S> Builder<S> {
    /// Decides who may open a session at all, with an ordinary axum handler, before any namespace is asked for. Default:
    /// everybody.
    ///
    /// It is called with the head of the handshake, once for each session, on either transport; not for its later
    /// requests nor its upgrade. A 2xx response allows. What else it returns refuses: the client is answered status 403
    /// and `{"code":4,"message":…}`, before the 101 of a websocket, with the words of a [`Refusal`](crate::Refusal) or
    /// of the response. A panic, or no answer within [`handshake_timeout`](Self::handshake_timeout), refuses with
    /// `Forbidden`. The payload of `auth` is not there yet, for it belongs to a namespace: see
    /// [`Namespace::admit`](crate::Namespace::admit).
    ///
    /// ```
    /// use axum::http::HeaderMap;
    /// use sockeye::{Refusal, Sockeye};
    ///
    /// async fn allow(headers: HeaderMap) -> Result<(), Refusal> {
    ///     match headers.contains_key("x-api-key") {
    ///         true => Ok(()),
    ///         false => Err(Refusal::new("an API key is needed")),
    ///     }
    /// }
    ///
    /// let sockeye = Sockeye::builder().allow_request(allow).build();
    /// # sockeye_test::run(async {
    /// # sockeye.io().add_namespace("/", sockeye::Namespace::new()).unwrap();
    /// # let world = sockeye_test::World::new(sockeye);
    /// # assert_eq!(world.client("/").connect().await.unwrap_err().status, Some(403));
    /// # assert!(world.client("/").header("x-api-key", "1").connect().await.is_ok());
    /// # });
    /// ```
    ///
    /// # Panics
    /// When there is one already.
    #[track_caller]
    pub fn allow_request<H, T>(mut self, handler: H) -> Self
    where
        H: axum::handler::Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        assert!(self.allow.is_none(), "a server has one handler for `allow_request`");
        self.allow = Some(Box::new(|state| AdmitService::new(handler.with_state(state))));
        self
    }

    /// Names sessions. Default: 20 characters made of 120 bits from the operating system.
    ///
    /// The name is the `sid`, a secret by which a client speaks for its session, so it must not be guessed; the public
    /// [`Socket::id`](crate::Socket::id) stays random. It has up to 64 characters that need no escape in a URL
    /// ([`SessionId::new`](crate::SessionId::new)). An error, a panic, a name that is taken or cannot be, or none within
    /// [`handshake_timeout`](Self::handshake_timeout) refuses the handshake with 400 and code 3, and says why in the log
    /// (DEBUG).
    ///
    /// ```
    /// use std::io;
    ///
    /// use sockeye::Sockeye;
    ///
    /// # fn random() -> String { "4f9c0a1be27d43f58c6".to_owned() }
    /// let named = |_: &_| async { Ok::<_, io::Error>(format!("node1-{}", random())) };
    /// let sockeye = Sockeye::builder().generate_id(named).build();
    /// ```
    pub fn generate_id<F, A, E>(mut self, generate: F) -> Self
    where
        F: Fn(&Parts) -> A + Send + Sync + 'static,
        A: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.doors.engine = self.doors.engine.generate_id(generate);
        self
    }

    /// How long [`allow_request`](Self::allow_request) and [`generate_id`](Self::generate_id) may take, each. Default
    /// 10 s, as an admission.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.doors.engine = self.doors.engine.handshake_timeout(timeout);
        self
    }

    /// Hears of each request that is refused with a code of the protocol (`{"code","message"}`), with the head of that
    /// request: for counting. What a namespace refuses is not among them. Default: the log has a line at DEBUG, target
    /// `sockeye::rejection`.
    pub fn connection_error<F>(mut self, told: F) -> Self
    where
        F: Fn(RequestError, &Parts) + Send + Sync + 'static,
    {
        self.doors.engine = self.doors.engine.connection_error(told);
        self
    }

    /// A message of Engine.IO that every session begins with: right behind the open packet, in the same body by polling.
    /// Clients of Socket.IO take it for a packet, so text should be one of theirs. Default: none.
    pub fn initial_packet(mut self, message: impl Into<Message>) -> Self {
        self.doors.engine = self.doors.engine.initial_packet(message);
        self
    }
}

/// Lets a handler judge the handshakes of an engine.
pub(super) fn judge(engine: EngineBuilder, service: AdmitService) -> EngineBuilder {
    engine.allow_request(move |head| {
        let asked = admit::allows(service.clone(), head);
        async move { asked.await.map_err(Refused::new) }
    })
}
