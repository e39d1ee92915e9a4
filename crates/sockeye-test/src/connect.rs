//! From a client that is being described to one that has joined.

use std::{future::Future, net::SocketAddr, panic::Location, sync::Arc, time::Duration};

use axum::body::Body;
use http::{HeaderName, HeaderValue, Request, header};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Answer, TestClient, Transport,
    device::Device,
    join::{Joining, to_json},
    session::Session,
    state::Recovery,
    web,
};

/// Why a client was not let in; what `connect_error` tells in the browser.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("not connected: {message}")]
#[non_exhaustive]
pub struct ConnectError {
    /// The message: that of a [`Refusal`](sockeye::Refusal), or why no session could be opened.
    pub message: String,
    /// What the refusal adds. When no session could be opened: the answer's body, if it is JSON.
    pub data: Option<Value>,
    /// The status of the HTTP answer, when no session could be opened.
    pub status: Option<u16>,
}

impl ConnectError {
    /// What a CONNECT_ERROR packet says.
    pub(crate) fn of_packet(payload: &Value) -> Self {
        let message = match payload {
            Value::String(message) => message.clone(),
            payload => text(payload, "message").unwrap_or_default().to_owned(),
        };
        Self { message, data: payload.get("data").cloned(), status: None }
    }

    /// The session ended before the answer came.
    pub(crate) fn left(reason: &str) -> Self {
        Self { message: reason.to_owned(), data: None, status: None }
    }

    /// Why no session was opened.
    fn of_session(session: &Session, reason: &'static str) -> Self {
        let refusal = session.shared.look(|state| state.refusal.clone());
        let Some(answer) = refusal else {
            return Self::left(reason);
        };
        let data: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let message = data.as_ref().and_then(|data| text(data, "message")).unwrap_or(reason).to_owned();
        Self { message, data, status: Some(answer.status.as_u16()) }
    }
}

/// A client that is being described; [`connect`](Self::connect) lets it try. Made by
/// [`World::client`](crate::World::client).
#[must_use = "a client does nothing until it connects"]
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    device: Device,
    namespace: String,
    transport: Transport,
    query: String,
    auth: Option<Value>,
    recovery: Recovery,
}

impl ClientBuilder {
    pub(crate) fn new(device: Device, namespace: String) -> Self {
        let (query, recovery) = (String::new(), Recovery::default());
        Self { device, namespace, transport: Transport::default(), query, auth: None, recovery }
    }

    /// How the client travels; by websocket unless this says otherwise.
    pub const fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Puts a cookie into the client's jar, where those that the server sets come as well.
    pub fn cookie(self, name: &str, value: &str) -> Self {
        self.device.jar.set(name, value);
        self
    }

    /// Adds a header to every request of the client. One that a request of [`http`](Self::http) has itself wins; `host` is
    /// `sockeye.test` unless this says otherwise.
    ///
    /// # Panics
    /// When it is no header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        else {
            panic!("`{name}: {value}` is no header");
        };
        if name == header::HOST {
            self.device.headers.insert(name, value);
        } else {
            self.device.headers.append(name, value);
        }
        self
    }

    /// Adds a parameter to the query of every request of the client.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair(name, value);
        self.query.push('&');
        self.query.push_str(&pairs.finish());
        self
    }

    /// What the client sends along with its wish to join: an object.
    ///
    /// # Panics
    /// When it is no object.
    #[track_caller]
    pub fn auth(mut self, auth: impl Serialize) -> Self {
        self.auth = Some(to_json(auth));
        self
    }

    /// Where the client is; what the server sees as the peer of the connection (`ConnectInfo<SocketAddr>`).
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.device.address = Some(address.into());
        self
    }

    /// How long everything between this client and the server takes, in each direction; nothing unless this or
    /// [`World::delay`](crate::World::delay) says otherwise.
    pub fn delay(self, delay: Duration) -> Self {
        self.device.network.delay(delay);
        self
    }

    /// Takes what an earlier socket kept, so that its state may be recovered.
    pub(crate) fn recovering(mut self, recovery: Recovery) -> Self {
        self.recovery = recovery;
        self
    }

    /// The value of a cookie in the client's jar.
    #[must_use]
    pub fn cookie_value(&self, name: &str) -> Option<String> {
        self.device.jar.value(name)
    }

    /// Sends an HTTP request to the application, with the client's cookies, headers and address. Cookies of the answer go
    /// into the jar: so a client logs in before it connects.
    ///
    /// # Panics
    /// When no answer comes within the world's [`patience`](crate::World::patience).
    #[track_caller]
    pub fn http<B: Into<Body>>(&self, request: Request<B>) -> impl Future<Output = Answer> + use<B> {
        web::send(self.device.clone(), request.map(Into::into), Location::caller())
    }

    /// [`http`](Self::http) for a GET.
    #[track_caller]
    pub fn get(&self, uri: &str) -> impl Future<Output = Answer> + use<> {
        web::send(self.device.clone(), web::get(uri), Location::caller())
    }

    /// [`http`](Self::http) for a POST of JSON.
    #[track_caller]
    pub fn post<T: Serialize + ?Sized>(&self, uri: &str, body: &T) -> impl Future<Output = Answer> + use<T> {
        web::send(self.device.clone(), web::post(uri, body), Location::caller())
    }

    /// Opens a session and joins the namespace.
    ///
    /// # Errors
    /// When the server refuses either, or breaks off.
    ///
    /// # Panics
    /// When nothing is decided within the world's [`patience`](crate::World::patience).
    #[track_caller]
    pub fn connect(self) -> impl Future<Output = Result<TestClient, ConnectError>> {
        let caller = Location::caller();
        async move {
            let session = Session::open(self.device.clone(), self.transport, self.query.clone());
            let opening = web::patient(&self.device, caller, "a session", session.opened());
            if let Err(reason) = opening.await {
                return Err(ConnectError::of_session(&session, reason));
            }
            let joining = Joining {
                session: Arc::clone(&session),
                namespace: self.namespace.clone(),
                auth: self.auth.clone(),
                recovery: self.recovery.clone(),
                again: Box::new(self),
            };
            let joined = joining.join(caller).await;
            if joined.is_err() {
                // As stock clients do whose only namespace was refused.
                session.close();
            }
            joined
        }
    }

    /// The same client once more, for another namespace or for a session that is over.
    pub(crate) fn again(&self, namespace: &str, auth: Option<Value>) -> Self {
        Self { namespace: namespace.to_owned(), auth, recovery: Recovery::default(), ..self.clone() }
    }
}

fn text<'a>(json: &'a Value, field: &str) -> Option<&'a str> {
    json.get(field)?.as_str()
}
