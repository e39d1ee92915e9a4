//! The tower service: a request is judged and handed to its session.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header, request::Parts, uri::Authority};
use memchr::memmem;
use sockeye_proto::engine::{
    RequestError, Transport,
    request::{Facts, RequestKind, judge, parse},
};
use tower_service::Service;
use tracing::debug;

use crate::{
    Body, Handler,
    engine::EngineState,
    handshake::{Address, Secure},
    hooks::Dress,
    open::Name,
    opening::{Opened, Opening},
    places::Place,
    polling::{Encoder, Get, Post},
    proxies::forwarded_by_tls,
    response,
    session::SessionState,
    websocket,
};

/// Serves Engine.IO requests of any body type. Made by [`Engine::service`](crate::Engine::service).
///
/// The path is not looked at: mount it where you like. Requires a tokio runtime with time enabled.
pub struct EngineService<H> {
    engine: Arc<EngineState<H>>,
}

impl<H: Handler> EngineService<H> {
    pub(crate) const fn new(engine: Arc<EngineState<H>>) -> Self {
        Self { engine }
    }

    pub(crate) fn path(&self) -> &str {
        &self.engine.settings.path
    }

    fn serve<B>(&self, request: Request<B>) -> ResponseFuture<B>
    where
        B: http_body::Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let hooks = &self.engine.settings.hooks;
        if let Some(answer) = hooks.front.as_ref().and_then(|front| (front.0)(&parts)) {
            return ResponseFuture::ready(answer.map(Body::new));
        }
        let warns = warns_of_scripts(&parts.headers);
        let (kind, session) = match self.judge(&parts) {
            Ok(judged) => judged,
            Err(error) => {
                hooks.refused(error, &parts);
                return ResponseFuture::ready(response::refusal(error));
            }
        };
        match (kind, session) {
            (RequestKind::Open(transport), _) => self.open(transport, parts, warns),
            (RequestKind::Poll, Some(session)) => {
                let encoder = Encoder::new(self.engine.compression.as_ref(), &parts.headers);
                let dress = Dress::later(hooks, &parts);
                ResponseFuture { kind: Kind::Get(Get::poll(session).encoded(encoder)), dress, warns }
            }
            (RequestKind::Post, Some(session)) => {
                let dress = Dress::later(hooks, &parts);
                let post = Post::new(session, parts, body, self.engine.config.max_payload)
                    .within(self.engine.settings.body_timeout);
                ResponseFuture { kind: Kind::Post(post), dress, warns }
            }
            (RequestKind::Upgrade, Some(session)) => {
                let dress = Dress::later(hooks, &parts);
                let mut response = websocket::upgrade(&self.engine, session, parts);
                if let Some(dress) = dress {
                    dress.put_on(&mut response);
                }
                ResponseFuture::ready(response)
            }
            _ => ResponseFuture::ready(not_allowed()),
        }
    }

    fn judge(&self, parts: &Parts) -> Result<(RequestKind, Option<Arc<SessionState>>), RequestError> {
        let query = parse(parts.uri.query());
        let session = query.sid.as_deref().and_then(|sid| self.engine.sessions.find(sid));
        let facts = Facts {
            method: parts.method.as_str(),
            upgrade: parts.headers.contains_key(header::UPGRADE),
            known: session.is_some(),
        };
        let kind = judge(&query, facts, &self.engine.config)?;
        let polls = matches!(kind, RequestKind::Poll | RequestKind::Post | RequestKind::Other);
        match &session {
            // An upgraded session has left polling for good (edge lines 89 and 90).
            Some(session) if polls && session.transport() != Transport::Polling => {
                Err(RequestError::BadRequest)
            }
            _ => Ok((kind, session)),
        }
    }

    fn open<B>(&self, transport: Transport, mut parts: Parts, warns: bool) -> ResponseFuture<B> {
        let place = match self.admit(&mut parts) {
            Ok(place) => place,
            Err(turned_away) => return ResponseFuture::ready(turned_away.response()),
        };
        let opening = Opening { engine: Arc::clone(&self.engine), transport, parts, place };
        let kind = if self.engine.settings.hooks.ask() {
            Kind::Asking(Box::pin(opening.ask()))
        } else {
            return ResponseFuture::opened(opening.open(Name::random()), warns);
        };
        ResponseFuture { kind, dress: None, warns }
    }

    /// Whether this client may open a session now.
    fn admit(&self, parts: &mut Parts) -> Result<Place, TurnedAway> {
        let settings = &self.engine.settings;
        let peer = settings.peer.and_then(|peer| peer(&parts.extensions));
        let through_proxy = peer.is_some_and(|peer| settings.proxies.contains(peer));
        let authority = parts.uri.authority().map(Authority::as_str);
        if let Err(origin) = settings.origins.judge(&parts.headers, authority, through_proxy) {
            self.engine.warned.refused(origin);
            settings.hooks.refused(RequestError::Forbidden, parts);
            return Err(TurnedAway::ForeignOrigin);
        }
        if self.engine.shutdown.has_begun() {
            return Err(TurnedAway::ShuttingDown);
        }
        let address = settings.proxies.client(peer, &parts.headers);
        parts.extensions.insert(Address(address));
        if through_proxy && forwarded_by_tls(&parts.headers) {
            parts.extensions.insert(Secure);
        }
        // Who hides behind a proxy is counted with all others that do.
        let place = self.engine.unclaimed.place(address.or(peer));
        place.ok_or_else(|| {
            debug!(target: "sockeye::rejection", "a handshake was refused: too many sessions are unclaimed");
            TurnedAway::TooMany
        })
    }
}

/// Internet Explorer has a filter of its own against scripts, which takes packets for an attack unless it is told to
/// stay quiet.
fn warns_of_scripts(headers: &HeaderMap) -> bool {
    let Some(agent) = headers.get(header::USER_AGENT).map(HeaderValue::as_bytes) else { return false };
    let has = |name: &[u8]| memmem::find(agent, name).is_some();
    has(b";MSIE") || has(b"Trident/")
}

/// Why a client may not open a session now.
enum TurnedAway {
    ForeignOrigin,
    ShuttingDown,
    TooMany,
}

impl TurnedAway {
    fn response(&self) -> Response<Body> {
        match self {
            Self::ForeignOrigin => response::foreign_origin(),
            Self::ShuttingDown | Self::TooMany => response::come_back_later(),
        }
    }
}

/// A method that means nothing to a session. The reference answers an empty 500; the mistake is the client's, and a
/// 5xx would be logged as ours by every tracing layer.
fn not_allowed() -> Response<Body> {
    let mut response = response::empty(StatusCode::METHOD_NOT_ALLOWED);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    response
}

impl<H, B> Service<Request<B>> for EngineService<H>
where
    H: Handler,
    B: http_body::Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<B>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture<B> {
        self.serve(request)
    }
}

impl<H> Clone for EngineService<H> {
    fn clone(&self) -> Self {
        Self { engine: Arc::clone(&self.engine) }
    }
}

impl<H> fmt::Debug for EngineService<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineService").finish_non_exhaustive()
    }
}

/// The answer to one request, when the session has decided on it.
#[must_use = "futures do nothing unless polled"]
pub struct ResponseFuture<B> {
    kind: Kind<B>,
    /// What the application adds to the answer.
    dress: Option<Box<Dress>>,
    /// The client warns of scripts in what is not meant for its page.
    warns: bool,
}

enum Kind<B> {
    Ready(Option<Response<Body>>),
    /// The application is asked about a handshake.
    Asking(Pin<Box<dyn Future<Output = Opened> + Send>>),
    Get(Get),
    Post(Post<B>),
}

impl<B> ResponseFuture<B> {
    fn ready(response: Response<Body>) -> Self {
        Self { kind: Kind::Ready(Some(response)), dress: None, warns: false }
    }

    fn opened(opened: Opened, warns: bool) -> Self {
        match opened {
            Opened::Answered(response) => Self::ready(response),
            Opened::Get(get, dress) => Self { kind: Kind::Get(get), dress, warns },
        }
    }
}

impl<B> Future for ResponseFuture<B>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Kind::Asking(asking) = &mut self.kind {
            let opened = ready!(asking.as_mut().poll(cx));
            *self = Self::opened(opened, self.warns);
        }
        let reply = match &mut self.kind {
            Kind::Ready(response) => {
                return Poll::Ready(Ok(response.take().expect("a future is not polled after it was ready")));
            }
            Kind::Asking(_) => return Poll::Pending,
            Kind::Get(get) => get.poll_reply(cx),
            Kind::Post(post) => post.poll_reply(cx),
        };
        let mut response = ready!(reply).into_response();
        if self.warns && response.status() == StatusCode::OK {
            response.headers_mut().insert(header::X_XSS_PROTECTION, HeaderValue::from_static("0"));
        }
        if let Some(dress) = self.dress.take() {
            dress.put_on(&mut response);
        }
        Poll::Ready(Ok(response))
    }
}

impl<B> fmt::Debug for ResponseFuture<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
