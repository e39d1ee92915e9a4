//! The hooks of an engine, one by one.

use std::{error::Error, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Response, request::Parts};
use sockeye_proto::{Frame, engine::RequestError};

use super::EngineBuilder;
use crate::{Message, Refused, SessionCookie, hooks::Hook};

/// What the application has a say in.
impl EngineBuilder {
    /// Asks whether a client may open a session: once for each, at its handshake, on either transport, and not for later
    /// requests nor for the upgrade. Default: everybody may.
    ///
    /// A refusal is answered 403 with `{"code":4,"message":…}`, before the 101 of a websocket. A panic, or no answer
    /// within [`handshake_timeout`](Self::handshake_timeout), refuses too.
    ///
    /// The head is not for keeps: copy out of it what the future needs.
    pub fn allow_request<F, A>(mut self, allow: F) -> Self
    where
        F: Fn(&Parts) -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        self.settings.hooks_mut().allow_request = Some(Hook(Arc::new(move |head| Box::pin(allow(head)))));
        self
    }

    /// Names sessions. Default: 20 characters made of 120 bits from the operating system.
    ///
    /// A name has up to [`SessionId::MAX`](crate::SessionId::MAX) characters that need no escape in a URL. It is a secret
    /// by which a client speaks for its session: it must not be guessed. An error, a panic, a name that is taken or cannot
    /// be, or no answer within [`handshake_timeout`](Self::handshake_timeout) refuses the handshake with 400 and code 3.
    pub fn generate_id<F, A, E>(mut self, generate: F) -> Self
    where
        F: Fn(&Parts) -> A + Send + Sync + 'static,
        A: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let generate = move |head: &Parts| {
            let named = generate(head);
            async move { named.await.map_err(Into::into) }
        };
        self.settings.hooks_mut().generate_id = Some(Hook(Arc::new(move |head| Box::pin(generate(head)))));
        self
    }

    /// How long `allow_request` and `generate_id` may take, each. Default 10 s.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.settings.hooks_mut().handshake_timeout = timeout;
        self
    }

    /// Hears of each request that is refused with a code of the protocol, as the reference's event of this name: with the
    /// code, and the head of the request. It is called while the request is answered: count, and return.
    pub fn connection_error<F>(mut self, told: F) -> Self
    where
        F: Fn(RequestError, &Parts) + Send + Sync + 'static,
    {
        self.settings.hooks_mut().connection_error = Some(Hook(Arc::new(told)));
        self
    }

    /// Changes the headers of the first answer of each session: of the GET, or of the 101. A panic leaves them as they
    /// are by then.
    pub fn initial_headers<F>(mut self, change: F) -> Self
    where
        F: Fn(&mut HeaderMap, &Parts) + Send + Sync + 'static,
    {
        self.settings.hooks_mut().initial_headers = Some(Hook(Arc::new(change)));
        self
    }

    /// Changes the headers of every answer of a session, the 101 and the first one included, that is not a refusal.
    pub fn headers<F>(mut self, change: F) -> Self
    where
        F: Fn(&mut HeaderMap, &Parts) + Send + Sync + 'static,
    {
        self.settings.hooks_mut().headers = Some(Hook(Arc::new(change)));
        self
    }

    /// A message that every session begins with: right behind the open packet, in the same body by polling.
    pub fn initial_packet(mut self, message: impl Into<Message>) -> Self {
        self.settings.hooks_mut().initial_packet = Some(match message.into() {
            Message::Text(text) => Frame::text(&text),
            Message::Binary(bytes) => Frame::binary(&bytes),
        });
        self
    }

    /// Sets a cookie on sessions that are opened by polling, for load balancers. Default: none.
    pub fn cookie(mut self, cookie: SessionCookie) -> Self {
        self.settings.hooks_mut().cookie = Some(cookie);
        self
    }

    /// Looks at every request first, whatever its method: what it answers never reaches the engine. For files that are
    /// served below the engine's path.
    pub fn front<F>(mut self, answer: F) -> Self
    where
        F: Fn(&Parts) -> Option<Response<Bytes>> + Send + Sync + 'static,
    {
        self.settings.hooks_mut().front = Some(Hook(Arc::new(answer)));
        self
    }
}
