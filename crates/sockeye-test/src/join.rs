//! Joining one namespace of an open session.

use std::{future::Future, panic::Location, sync::Arc};

use serde::Serialize;
use serde_json::{Value, json};
use sockeye_proto::socket::encode;

use crate::{
    ClientBuilder, ConnectError, TestClient,
    session::Session,
    state::{Phase, Recovery, SocketState, Stage},
    web,
};

/// One more socket on the session of another; made by [`TestClient::socket`].
#[must_use = "a socket does nothing until it connects"]
#[derive(Debug)]
pub struct Join {
    pub(crate) session: Arc<Session>,
    pub(crate) client: ClientBuilder,
    pub(crate) namespace: String,
    pub(crate) auth: Option<Value>,
}

impl Join {
    /// What the client sends along with its wish to join: an object.
    ///
    /// # Panics
    /// When it is no object.
    #[track_caller]
    pub fn auth(mut self, auth: impl Serialize) -> Self {
        self.auth = Some(to_json(auth));
        self
    }

    /// Joins the namespace.
    ///
    /// # Errors
    /// When the server refuses, or breaks off.
    ///
    /// # Panics
    /// When the client has joined that namespace already, or nothing is decided within the world's
    /// [`patience`](crate::World::patience).
    #[track_caller]
    pub fn connect(self) -> impl Future<Output = Result<TestClient, ConnectError>> {
        let caller = Location::caller();
        let Self { session, client, namespace, auth } = self;
        let again = Box::new(client.again(&namespace, auth.clone()));
        let recovery = Recovery::default();
        async move { Joining { session, namespace, auth, recovery, again }.join(caller).await }
    }
}

/// A socket that is about to join.
pub(crate) struct Joining {
    pub(crate) session: Arc<Session>,
    pub(crate) namespace: String,
    pub(crate) auth: Option<Value>,
    pub(crate) recovery: Recovery,
    /// How to do all this again.
    pub(crate) again: Box<ClientBuilder>,
}

impl Joining {
    pub(crate) async fn join(self, caller: &'static Location<'static>) -> Result<TestClient, ConnectError> {
        let Self { session, namespace, auth, recovery, again } = self;
        let payload = with_recovery(auth, &recovery);
        session.shared.change(|state| {
            let known = state.sockets.get(&namespace);
            if known.is_some_and(|known| matches!(known.stage, Stage::Joining | Stage::Joined)) {
                panic!("{caller}: the client has joined `{namespace}` already");
            }
            let stage = match state.phase {
                Phase::Closed(reason) => Stage::Left(reason),
                _ => Stage::Joining,
            };
            state
                .sockets
                .insert(namespace.clone(), SocketState { stage, recovery, ..SocketState::default() });
        });
        session.send(match &payload {
            Some(auth) => encode::connect(&namespace, auth),
            None => sockeye_proto::socket::client::Client::new(Arc::default()).connect(&namespace),
        });
        let decided = session.shared.clone().until(|state| {
            let socket = state.sockets.get(&namespace)?;
            match &socket.stage {
                Stage::Joining => None,
                Stage::Joined => Some(Ok(socket.id.clone())),
                Stage::Refused(error) => Some(Err(error.clone())),
                Stage::Left(reason) => Some(Err(ConnectError::left(reason))),
            }
        });
        let what = format!("an answer to the wish to join `{namespace}`");
        let id = web::patient(&session.device, caller, &what, decided).await?;
        Ok(TestClient { session: session.clone(), namespace, id, again: *again })
    }
}

/// What to be recovered by stands first, so that the user's own fields win, as in stock clients.
fn with_recovery(auth: Option<Value>, recovery: &Recovery) -> Option<Value> {
    let Some(pid) = &recovery.pid else { return auth };
    let mut with = serde_json::Map::new();
    with.insert("pid".to_owned(), json!(pid));
    if let Some(offset) = &recovery.offset {
        with.insert("offset".to_owned(), json!(offset));
    }
    if let Some(Value::Object(auth)) = auth {
        with.extend(auth);
    }
    Some(Value::Object(with))
}

/// # Panics
/// When it is no object.
#[track_caller]
pub(crate) fn to_json(auth: impl Serialize) -> Value {
    match serde_json::to_value(auth) {
        Ok(auth @ Value::Object(_)) => auth,
        Ok(other) => panic!("the auth payload of a client is an object, and not {other}"),
        Err(error) => panic!("the auth payload is no JSON: {error}"),
    }
}
