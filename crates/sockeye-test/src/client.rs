//! One socket of a client: what a test holds.

use std::{fmt, future::Future, panic::Location, sync::Arc, time::Duration};

use axum::body::Body;
use http::Request;
use serde::Serialize;
use sockeye_core::{FromAck, IntoArgs};
use sockeye_proto::socket::encode::EventWriter;

use crate::{
    Answer, Asking, ClientBuilder, Join,
    ask::AskError,
    session::Session,
    state::{Phase, SocketState, Stage, State},
};

mod end;
mod receive;
mod wait;

/// A client's socket in one namespace. It speaks both protocols over the transport it was told to use, answers pings, and
/// keeps what comes until the test asks for it.
///
/// Whatever is awaited has a deadline by the test's clock ([`World::patience`](crate::World::patience)), and the test
/// fails with what came instead. Dropping the last socket of a session is closing the tab: the connections end.
pub struct TestClient {
    pub(crate) session: Arc<Session>,
    pub(crate) namespace: String,
    pub(crate) id: String,
    pub(crate) again: ClientBuilder,
}

impl TestClient {
    /// The socket's id, the same as [`Socket::id`](sockeye::Socket::id).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether it has joined and not left, as far as the client knows.
    pub fn connected(&self) -> bool {
        self.look(|socket| matches!(socket.stage, Stage::Joined))
    }

    /// Why it has left, in the words of the stock client: `io server disconnect`, `io client disconnect`, `ping timeout`,
    /// `transport close`, `transport error`, `forced close`. `None` while it has not.
    pub fn reason(&self) -> Option<&'static str> {
        self.look(|socket| match socket.stage {
            Stage::Left(reason) => Some(reason),
            _ => None,
        })
    }

    /// Whether its state was recovered: rooms, data, and what it has missed.
    pub fn recovered(&self) -> bool {
        self.look(|socket| socket.recovered)
    }

    /// Whether its session has moved from polling to a websocket.
    pub fn has_upgraded(&self) -> bool {
        self.session.shared.look(|state| state.upgraded)
    }

    /// Waits until its session has moved to a websocket.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn upgraded(&self) -> impl Future<Output = ()> + '_ {
        self.wait(Location::caller(), "the upgrade to a websocket".to_owned(), |upgraded, _| {
            upgraded.then_some(())
        })
    }

    /// The name of its session, which the handshake told it; `sid` in the query of its requests.
    pub fn sid(&self) -> Option<String> {
        self.session.shared.look(|state| match &state.phase {
            Phase::Open { sid } => Some(sid.clone()),
            _ => None,
        })
    }

    /// The value of a cookie in the client's jar.
    pub fn cookie_value(&self, name: &str) -> Option<String> {
        self.session.device.jar.value(name)
    }

    /// One more socket on the same session, in another namespace.
    pub fn socket(&self, namespace: &str) -> Join {
        let (session, client) = (self.session.clone(), self.again.clone());
        Join { session, client, namespace: namespace.to_owned(), auth: None }
    }

    /// Emits an event; as many arguments as [`IntoArgs`] says. It is on its way when this returns.
    ///
    /// # Panics
    /// When the socket has left, or an argument cannot be written as JSON.
    #[track_caller]
    pub fn emit(&self, name: &str, args: impl IntoArgs) {
        if let Some(reason) = self.reason() {
            panic!("`{name}` cannot be emitted: the socket has left ({reason})");
        }
        let writer = EventWriter::event(&self.namespace, None, name);
        self.session.send(written(writer, name, args));
    }

    /// Emits an event and reads the answer: its first argument as `T`, several as [`Args`](sockeye::Args), all as
    /// [`Raw`](sockeye::Raw). It is emitted at the call. The answer is awaited as long as the world has
    /// [`patience`](crate::World::patience); see [`timeout`](Self::timeout).
    ///
    /// # Errors
    /// When none comes, or one of another form.
    ///
    /// # Panics
    /// When an argument cannot be written as JSON.
    #[track_caller]
    pub fn emit_with_ack<T: FromAck>(&self, name: &str, args: impl IntoArgs) -> Asking<T> {
        self.ask(self.session.device.patience, name, args)
    }

    /// How long the next [`emit_with_ack`](Timed::emit_with_ack) waits for the answer.
    pub const fn timeout(&self, timeout: Duration) -> Timed<'_> {
        Timed { client: self, timeout }
    }

    /// Answers events of that name, now and from now on, instead of keeping them: what a stock client does by a listener
    /// with a callback. An answer is as many arguments as [`IntoArgs`] says.
    ///
    /// An event that does not ask for an answer is kept for [`next`](Self::next) all the same.
    pub fn on_ask<T, R>(&self, name: &str, mut answer: impl FnMut(T) -> R + Send + 'static)
    where
        T: FromAck,
        R: IntoArgs,
    {
        let answerer = Box::new(move |arguments: &_, writer: &mut EventWriter| {
            let question = T::from_ack(arguments).map_err(|error| error.to_string())?;
            answer(question).write_args(writer).map_err(|error| error.to_string())
        });
        self.change(|socket| drop(socket.answerers.insert(name.to_owned(), answerer)));
    }

    /// Sends an HTTP request to the application, as [`ClientBuilder::http`].
    ///
    /// # Panics
    /// When no answer comes within the world's [`patience`](crate::World::patience).
    #[track_caller]
    pub fn http<B: Into<Body>>(&self, request: Request<B>) -> impl Future<Output = Answer> + use<B> {
        self.again.http(request)
    }

    /// [`http`](Self::http) for a GET.
    #[track_caller]
    pub fn get(&self, uri: &str) -> impl Future<Output = Answer> + use<> {
        self.again.get(uri)
    }

    /// [`http`](Self::http) for a POST of JSON.
    #[track_caller]
    pub fn post<T: Serialize + ?Sized>(&self, uri: &str, body: &T) -> impl Future<Output = Answer> + use<T> {
        self.again.post(uri, body)
    }

    #[track_caller]
    fn ask<T>(&self, timeout: Duration, name: &str, args: impl IntoArgs) -> Asking<T> {
        let (waiter, answer) = tokio::sync::oneshot::channel();
        let id = self.session.shared.change(|state| {
            let id = state.next_ack;
            state.next_ack += 1;
            let Some(socket) = state.socket(&self.namespace) else { return id };
            match socket.stage {
                Stage::Left(reason) => drop(waiter.send(Err(AskError::Disconnected(reason)))),
                _ => drop(socket.acks.insert(id, waiter)),
            }
            id
        });
        let writer = EventWriter::event(&self.namespace, Some(id), name);
        self.session.send(written(writer, name, args));
        Asking::new(answer, timeout)
    }

    fn look<T>(&self, look: impl FnOnce(&SocketState) -> T) -> T {
        self.change(|socket| look(socket))
    }

    fn change<T>(&self, change: impl FnOnce(&mut SocketState) -> T) -> T {
        self.session
            .shared
            .change(|state: &mut State| change(state.sockets.entry(self.namespace.clone()).or_default()))
    }
}

/// A client with an option for what it asks next; made by [`TestClient::timeout`].
#[derive(Clone, Copy, Debug)]
#[must_use = "options do nothing until something is emitted"]
pub struct Timed<'a> {
    client: &'a TestClient,
    timeout: Duration,
}

impl Timed<'_> {
    /// As [`TestClient::emit_with_ack`].
    ///
    /// # Errors
    /// When no answer comes in time, or one of another form.
    ///
    /// # Panics
    /// When an argument cannot be written as JSON.
    #[track_caller]
    pub fn emit_with_ack<T: FromAck>(&self, name: &str, args: impl IntoArgs) -> Asking<T> {
        self.client.ask(self.timeout, name, args)
    }
}

#[track_caller]
fn written(mut writer: EventWriter, name: &str, args: impl IntoArgs) -> sockeye_proto::Group {
    if let Err(error) = args.write_args(&mut writer) {
        panic!("`{name}` cannot be emitted: {error}");
    }
    writer.finish()
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient")
            .field("namespace", &self.namespace)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
