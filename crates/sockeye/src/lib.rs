//! A Socket.IO server that an axum router mounts as one more route.
//!
//! An event is a request, and its acknowledgement is the response: handlers are `async fn`s with extractors, layers
//! are tower's, and who may join a namespace is decided by an axum handler.
//!
//! # Hello world
//! ```
//! use axum::Router;
//! use sockeye::{Data, Namespace, Sockeye};
//!
//! async fn greet(Data(name): Data<String>) -> Data<String> {
//!     Data(format!("Hello, {name}!")) // the acknowledgement
//! }
//!
//! # sockeye_test::run(async {
//! let sockeye = Sockeye::builder().namespace("/", Namespace::new().on("greet", greet)).build();
//! let app = Router::new().merge(sockeye.router());
//! # let client = sockeye_test::World::new(app.clone()).client("/").connect().await.unwrap();
//! # assert_eq!(client.emit_with_ack::<String>("greet", "Ada").await.unwrap(), "Hello, Ada!");
//! # async fn serve(app: Router) -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! axum::serve(listener, app).await
//! # }
//! # });
//! ```
//! and in the browser `await io("http://127.0.0.1:3000").emitWithAck("greet", "Ada")`.
//!
//! # Layout
//! - [`Io`] is the handle of a server: made first, kept in the application's state, used from anywhere.
//! - [`Sockeye::builder`] takes the settings and the namespaces; [`Sockeye::router`] mounts the result.
//! - [`Namespace`] is to events what axum's `Router` is to paths: [`admit`](Namespace::admit) decides who joins,
//!   [`on`](Namespace::on) answers events, [`layer`](Namespace::layer) wraps them.
//! - [`Handler`] says what may stand in for an `async fn`; [`extract`] lists what it may take and [`IntoReply`] what it
//!   may return.
//! - [`Socket`] is one client in one namespace, [`Broadcast`] many of them.
//!
//! # Features
//! | feature | default | what it adds |
//! |---|---|---|
//! | `client-files` | no | [`ClientFiles`] and [`client_files!`]: the browser's client, served by the server itself |
//! | `cors` | no | `Origins::cors_layer`: the same origins for tower-http's CORS layer |
//! | `macros` | yes | `#[debug_handler]`, which makes the compiler name the argument of a handler that is at fault |
//! | `serve` | yes | [`serve()`], a server with deadlines and bounds for connections |
#![forbid(unsafe_code)]

mod admit;
mod builder;
mod catch;
#[cfg(feature = "client-files")]
mod client_files;
mod connection;
mod dedup;
mod detached;
mod error;
pub mod event;
mod extensions;
mod handler;
mod hooks;
mod io;
mod mount;
mod mounted;
mod namespace;
mod rate_limit;
mod rooms;
mod route;
#[cfg(feature = "serve")]
pub mod serve;
mod settings;
mod sites;
mod socket_ext;
mod sockeye;
mod stats;

// The paved path.
#[cfg(feature = "client-files")]
pub use self::client_files::ClientFiles;
#[cfg(feature = "serve")]
#[doc(inline)]
pub use self::serve::serve;
pub use self::{
    admit::{Joining, Refusal},
    builder::{Allowed, Builder},
    dedup::{Dedup, Deduped},
    handler::Handler,
    io::{AddNamespaceError, Io, NamespaceInfo},
    namespace::Namespace,
    rate_limit::RateLimitPerSocket,
    socket_ext::SocketExt,
    sockeye::Sockeye,
    stats::{NamespaceStats, Stats},
};
pub use sockeye_core::{
    AckError, Acker, Acks, Admitted, Args, Attachments, Broadcast, BroadcastError, Contract, Data, DataError,
    DisconnectReason, EmitError, Encoded, Event, EventFn, EventName, EventType, FromEvent, FromEventParts,
    Id, IntoReply, JoinError, ListenerId, NoAck, Raw, Recovery, Reply, Room, RoomInfo, ServerEvent, Socket,
    SocketInfo, Subject, Transport,
    extract::{Handshake, NamespacePath},
};
#[cfg(feature = "macros")]
pub use sockeye_macros::{EventType, debug_handler};

// What it leads past.
#[cfg(feature = "client-files")]
pub use self::client_files::ClientFilesError;
pub use self::{
    admit::AdmitService,
    connection::{Connection, Connections},
    handler::Layered,
    io::Shutdown,
    mount::{SockeyeLayer, SockeyeService},
    rate_limit::RateLimited,
    route::{Assembly, Route},
};
pub use sockeye_core::{
    Arguments, CloseReason, EventParts, IntoArgs, IntoRooms, Observer, Observing, SocketConfig, SocketData,
    args, broadcast, contract, extract, handshake, observer, rejection, reply, socket,
};
pub use sockeye_engine::{
    InvalidNetwork, InvalidOrigin, Limit, Message, Origins, PermessageDeflate, Report, RequestError,
    SameSite, Secure, SessionCookie, SessionId, TrustedProxies,
};

/// What the macros and the test kit name. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::detached::Detached;
    pub use sockeye_core::{EventType, FromEvent, FromEventParts, IntoReply, TypeScript};
}

/// The examples of the README and of the guides compile.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/guide/acks.md")]
    struct Acks;
    #[doc = include_str!("../../../docs/guide/auth.md")]
    struct Auth;
    #[doc = include_str!("../../../docs/guide/binary.md")]
    struct Binary;
    #[doc = include_str!("../../../docs/guide/namespaces.md")]
    struct Namespaces;
    #[doc = include_str!("../../../docs/guide/rooms.md")]
    struct Rooms;
    #[doc = include_str!("../../../docs/guide/events.md")]
    struct Events;
    #[doc = include_str!("../../../docs/guide/middleware.md")]
    struct Middleware;
    #[doc = include_str!("../../../docs/guide/compression.md")]
    struct Compression;
    #[doc = include_str!("../../../docs/guide/recovery.md")]
    struct Recovery;
}
