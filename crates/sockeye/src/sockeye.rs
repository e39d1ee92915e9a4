//! A built server.

use sockeye_engine::Engine;

use crate::{Builder, Io, connection::Connections};

/// A Socket.IO server, built and ready to be mounted. Cheap to clone; all clones are one.
///
/// ```
/// use axum::Router;
/// use sockeye::{Data, Namespace, Sockeye};
///
/// let echo = Namespace::new().on("echo", async |Data(text): Data<String>| Data(text));
/// let sockeye = Sockeye::builder().namespace("/", echo).build();
/// let app: Router = Router::new().merge(sockeye.router());
/// # sockeye_test::run(async {
/// # let client = sockeye_test::World::new(app).client("/").connect().await.unwrap();
/// # assert_eq!(client.emit_with_ack::<String>("echo", "hi").await.unwrap(), "hi");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Sockeye {
    engine: Engine<Connections>,
    io: Io,
}

impl Sockeye {
    /// Starts to put a server together.
    pub fn builder<S>() -> Builder<S> {
        Builder::new()
    }

    pub(crate) const fn new(engine: Engine<Connections>, io: Io) -> Self {
        Self { engine, io }
    }

    /// The handle of this server.
    pub const fn io(&self) -> &Io {
        &self.io
    }

    /// The path it answers below, such as `/socket.io/`.
    pub fn path(&self) -> &str {
        self.engine.path()
    }

    /// How many sessions are open.
    pub fn sessions(&self) -> usize {
        self.engine.sessions()
    }

    pub(crate) const fn engine(&self) -> &Engine<Connections> {
        &self.engine
    }
}
