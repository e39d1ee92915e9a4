//! A namespace: who may join it, and what answers its events. Declared once, shared by all its sockets.

mod build;
mod contract;
mod dispatch;
mod hooks;
pub(crate) mod name;
mod order;
mod outgoing;
mod pattern;
mod servers;
mod sharing;
mod table;

use std::{any::TypeId, collections::HashMap, convert::Infallible, fmt, sync::Arc};

use axum::{extract::Request, response::IntoResponse};
use sockeye_core::{Contract, DataType, Event, IntoReply, Reply, socket::Tap};
use tower::BoxError;
use tower_layer::Layer;
use tower_service::Service;

use self::{
    build::{Admission, PendingRoute, Wrap, WrapAdmission},
    servers::PendingAnswer,
};
pub(crate) use self::{order::Order, pattern::Pattern, servers::ServerEvents, table::Table};
use crate::{
    Handler,
    admit::AdmitService,
    error::OnError,
    hooks::Hooks,
    route::{Assembly, Route},
};

/// The declaration of a namespace. It is to events what axum's `Router` is to paths.
///
/// `S` is the state that handlers still wait for; [`Sockeye::builder`](crate::Sockeye::builder) gives it when the
/// server is built, or [`with_state`](Self::with_state) before that.
///
/// ```
/// use sockeye::{Args, Data, Namespace, Socket};
///
/// let chat: Namespace = Namespace::new()
///     .on("sum", async |Args((a, b)): Args<(i64, i64)>| Data(a + b))
///     .on("join", async |socket: Socket, Data(room): Data<String>| Data(socket.join(room).await.is_ok()))
///     .on_disconnect(async |socket: Socket| println!("{} left", socket.id()));
/// # sockeye_test::run(async {
/// # let world = sockeye_test::World::new(sockeye::Sockeye::builder().namespace("/", chat).build());
/// # let client = world.client("/").connect().await.unwrap();
/// # assert_eq!(client.emit_with_ack::<i64>("sum", (1, 2)).await.unwrap(), 3);
/// # assert!(client.emit_with_ack::<bool>("join", "lobby").await.unwrap());
/// # });
/// ```
#[must_use]
pub struct Namespace<S = ()> {
    routes: HashMap<Arc<str>, PendingRoute<S>>,
    fallback: Option<PendingRoute<S>>,
    on_connect: Option<PendingRoute<S>>,
    on_disconnect: Option<PendingRoute<S>>,
    admission: Option<Admission<S>>,
    admit_layers: Vec<WrapAdmission>,
    layers: Vec<Wrap>,
    on_error: OnError,
    order: Order,
    recovers: bool,
    data: Option<DataType>,
    taps: Vec<Tap>,
    /// The types of events, where handlers have said them.
    typed: HashMap<&'static str, TypeId>,
    contract: Option<Arc<Contract>>,
    hooks: Hooks<PendingRoute<S>>,
    server_events: HashMap<Arc<str>, PendingAnswer<S>>,
}

impl<S> Namespace<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// A namespace that everybody may join and that knows no event.
    pub fn new() -> Self {
        Self {
            routes: HashMap::new(),
            fallback: None,
            on_connect: None,
            on_disconnect: None,
            admission: None,
            admit_layers: Vec::new(),
            layers: Vec::new(),
            on_error: OnError::DEFAULT,
            order: Order::default(),
            recovers: true,
            data: None,
            hooks: Hooks::default(),
            server_events: HashMap::new(),
            taps: Vec::new(),
            typed: HashMap::new(),
            contract: None,
        }
    }

    /// Keeps this namespace out of connection state recovery ([`Builder::recovery`](crate::Builder::recovery)): nothing of
    /// it is kept for clients that are away, and each of them begins anew. For namespaces whose clients load their whole
    /// state when they connect.
    pub fn without_recovery(mut self) -> Self {
        self.recovers = false;
        self
    }

    /// Decides who may join, with an ordinary axum handler.
    ///
    /// It is called with a `POST` request made of the handshake's URI and headers, everything that the application's
    /// HTTP layers put into its extensions, and the auth payload of the client as a JSON body (`{}` when it sent
    /// none). A 2xx response admits, and the extensions of that response become the socket's locals, to be read by
    /// [`Admitted`](crate::Admitted). To refuse, return a [`Refusal`](crate::Refusal); any other response refuses
    /// too, and its text tells the client why.
    ///
    /// # Panics
    /// When the namespace already has an admit handler.
    #[track_caller]
    pub fn admit<H, T>(mut self, handler: H) -> Self
    where
        H: axum::handler::Handler<T, S>,
        T: 'static,
    {
        assert!(self.admission.is_none(), "a namespace has one admit handler");
        self.admission = Some(Admission::new(handler));
        self
    }

    /// Wraps the admission in an HTTP layer: axum's, tower-http's, or your own. The last one added is the outermost.
    ///
    /// A layer that writes response headers (cookies) has nothing to write them to: the answer travels in a packet.
    pub fn admit_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<AdmitService> + Send + Sync + 'static,
        L::Service: Service<Request, Response: IntoResponse, Error = Infallible, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.admit_layers.push(Box::new(move |inner| AdmitService::new(layer.layer(inner))));
        self
    }

    /// Answers the event `name` with `handler`.
    ///
    /// # Panics
    /// When the event has a handler already, or when its name belongs to the protocol (`connect`, `disconnect`, …).
    #[track_caller]
    pub fn on<H, T>(mut self, name: impl Into<Arc<str>>, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let name = name.into();
        assert!(
            !sockeye_proto::socket::is_reserved(&name),
            "the event name {name:?} is reserved by the protocol; see `on_connect` and `on_disconnect`"
        );
        let earlier = self.routes.insert(name.clone(), PendingRoute::new(handler));
        assert!(earlier.is_none(), "the event {name:?} has two handlers");
        self
    }

    /// Runs when a client has joined, before any of its events: they wait until the handler has ended.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_connect<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        assert!(self.on_connect.is_none(), "a namespace has one connect handler");
        self.on_connect = Some(PendingRoute::new(handler));
        self
    }

    /// Runs when a client has left, for whatever [`DisconnectReason`](crate::DisconnectReason): exactly once for each
    /// client that joined, when the last event that came before is in its handler. Whom the server itself has thrown out
    /// is not served any longer: of its events those that wait are dropped.
    ///
    /// The socket is out of all rooms by then, but [`Socket::rooms`](crate::Socket::rooms) still tells which they were.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_disconnect<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        assert!(self.on_disconnect.is_none(), "a namespace has one disconnect handler");
        self.on_disconnect = Some(PendingRoute::new(handler));
        self
    }

    /// Answers events that have no handler. Without it the client is told `unknown_event`, if it asked for an
    /// acknowledgement.
    ///
    /// # Panics
    /// When the namespace already has a fallback.
    #[track_caller]
    pub fn fallback<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        assert!(self.fallback.is_none(), "a namespace has one fallback");
        self.fallback = Some(PendingRoute::new(handler));
        self
    }

    /// Wraps the whole namespace in a tower layer: every event passes it, known or not. The last one added is the
    /// outermost.
    ///
    /// The layer is applied once, when the namespace is built, so a limit is one limit for all clients. An error of
    /// the layer becomes a reply, see [`on_error`](Self::on_error).
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Send + Sync + 'static,
        L::Service: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.layers.push(Box::new(move |inner, on_error| inner.layer(&layer, on_error)));
        self
    }

    /// Wraps each handler added so far, the fallback included, in a layer of its own. Events without a handler do not
    /// pass it.
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.routes =
            self.routes.into_iter().map(|(name, route)| (name, route.layer(layer.clone()))).collect();
        self.fallback = self.fallback.map(|route| route.layer(layer));
        self
    }

    /// Says what a client is told when a layer fails, instead of `timeout`, `overloaded` or `internal`.
    pub fn on_error<R: IntoReply>(mut self, reply: impl Fn(BoxError) -> R + Send + Sync + 'static) -> Self {
        self.on_error = OnError::new(move |error| -> Reply { reply(error).into_reply() });
        self
    }

    /// Runs one event of a socket at a time: the next starts when the one before it has been answered.
    pub fn sequential(self) -> Self {
        self.concurrent(1)
    }

    /// Runs at most `events` events of a socket at the same time. Without it
    /// [`events_in_flight`](crate::Builder::events_in_flight) holds. They start in the order of their arrival in any
    /// case.
    ///
    /// # Panics
    /// When `events` is 0.
    #[track_caller]
    pub fn concurrent(mut self, events: usize) -> Self {
        self.order = Order::at_most(events);
        self
    }

    /// Declares what [`Socket::data`](crate::Socket::data) of its sockets is, so that two places in a program cannot take it
    /// for two things: reading or writing it as another type is an error then, save as JSON (`serde_json::Value`).
    pub fn data<T: serde::de::DeserializeOwned + 'static>(mut self) -> Self {
        self.data = Some(DataType::of::<T>());
        self
    }

    /// Gives the handlers their state. What is added later may wait for another one.
    pub fn with_state<S2>(self, state: S) -> Namespace<S2> {
        Namespace {
            routes: self
                .routes
                .into_iter()
                .map(|(name, route)| (name, route.with_state(state.clone())))
                .collect(),
            fallback: self.fallback.map(|route| route.with_state(state.clone())),
            on_connect: self.on_connect.map(|route| route.with_state(state.clone())),
            on_disconnect: self.on_disconnect.map(|route| route.with_state(state.clone())),
            hooks: self.hooks.map(|route| route.with_state(state.clone())),
            server_events: self
                .server_events
                .into_iter()
                .map(|(name, answer)| (name, answer.with_state(state.clone())))
                .collect(),
            admission: self.admission.map(|admission| admission.with_state(state)),
            admit_layers: self.admit_layers,
            layers: self.layers,
            on_error: self.on_error,
            order: self.order,
            recovers: self.recovers,
            data: self.data,
            taps: self.taps,
            typed: self.typed,
            contract: self.contract,
        }
    }

    /// Joins everything, once: what sessions are served from.
    pub(crate) fn build(self, state: &S) -> Table {
        if let Some(contract) = &self.contract {
            contract::check(contract, &self.typed, self.routes.keys());
        }
        let assembly = Assembly::new(state.clone(), self.on_error);
        let routes = self.routes.into_iter().map(|(name, route)| (name, route.build(&assembly))).collect();
        let dispatcher = dispatch::Dispatcher::new(routes, self.fallback.map(|route| route.build(&assembly)));
        // What a layer stands before goes there through the layer.
        let direct = if self.layers.is_empty() { dispatcher.routes() } else { Default::default() };
        let root = self
            .layers
            .into_iter()
            .fold(Route::new(dispatcher), |inner, layer| layer(inner, assembly.on_error()));
        let admit = match (self.admission, self.admit_layers.is_empty()) {
            (None, true) => None,
            (admission, _) => {
                let inner = admission
                    .map_or_else(AdmitService::everybody, |admission| admission.build(state.clone()));
                Some(self.admit_layers.into_iter().fold(inner, |inner, layer| layer(inner)))
            }
        };
        Table {
            direct,
            root,
            on_connect: self.on_connect.map(|route| route.build(&assembly)),
            on_disconnect: self.on_disconnect.map(|route| route.build(&assembly)),
            admit,
            order: self.order,
            recovers: self.recovers,
            data: self.data,
            hooks: self.hooks.map(|route| route.build(&assembly)),
            server_events: ServerEvents::new(
                self.server_events
                    .into_iter()
                    .map(|(name, answer)| (name, answer.build(state.clone())))
                    .collect(),
            ),
            taps: self.taps,
            contract: self.contract,
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Namespace<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Namespace<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Namespace")
            .field("events", &self.routes.keys())
            .field("admit", &self.admission.is_some())
            .finish_non_exhaustive()
    }
}
