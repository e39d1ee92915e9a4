//! The world of a test: an application, its clients, the networks between them, and the time.

use std::{fmt, time::Duration};

use axum::Router;
use sockeye::Sockeye;

use crate::{ClientBuilder, TestClient, clock, device::Device};

/// An application in memory, with clients that speak the whole stack to it: no port, no socket, and a clock that stands
/// still while anything can run, so that a minute of silence takes no time.
///
/// ```
/// use serde_json::json;
/// use sockeye::{Data, Namespace, Socket, Sockeye};
/// use sockeye_test::World;
///
/// # sockeye_test::run(async {
/// let chat = Namespace::new().on("message", async |socket: Socket, Data(text): Data<String>| {
///     socket.broadcast().emit("message", &text).await?;
///     Ok::<_, sockeye::BroadcastError>(text.len())
/// });
/// let world = World::new(Sockeye::builder().namespace("/chat", chat).build());
/// let ada = world.client("/chat").connect().await.unwrap();
/// let bob = world.client("/chat").connect().await.unwrap();
///
/// let length: usize = ada.emit_with_ack("message", "hello").await.unwrap();
/// assert_eq!((length, bob.next::<String>("message").await), (5, "hello".to_owned()));
/// ada.assert_silent().await;
/// # });
/// ```
#[derive(Clone)]
pub struct World {
    app: Router,
    path: String,
    patience: Duration,
}

impl World {
    /// The world of an application: a [`Sockeye`], or the [`Router`] that it is merged into, so that `/login` and its like
    /// are there too.
    ///
    /// # Panics
    /// When the clock runs. Write `#[tokio::test(start_paused = true)]`.
    #[track_caller]
    pub fn new(app: impl IntoApp) -> Self {
        assert!(
            clock::is_paused(),
            "the clock of this test runs; write `#[tokio::test(start_paused = true)]`, or `World::in_real_time`"
        );
        Self::in_real_time(app)
    }

    /// The same by the clock on the wall, for applications that look at it themselves. Whatever waits, waits really, and
    /// [`advance`](Self::advance) does.
    pub fn in_real_time(app: impl IntoApp) -> Self {
        let (app, path) = app.into_app();
        Self { app, path, patience: PATIENCE }
    }

    /// Where the server is mounted, if it is not at the path of the [`Sockeye`], or of a router at `/socket.io/`.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// How long anything is awaited before the test fails; by the test's clock. Two minutes unless this says otherwise:
    /// longer than the server's own deadlines, so that the test fails by what the server did.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// A client with cookies and a network of its own, to be described further and then
    /// [connected](ClientBuilder::connect) to this namespace.
    pub fn client(&self, namespace: &str) -> ClientBuilder {
        let device = Device::new(self.app.clone(), self.path.clone(), self.patience);
        ClientBuilder::new(device, namespace.to_owned())
    }

    /// The client's network dies, and nobody is told: what either side sends does not arrive. Both find out by the
    /// heartbeat, or never if it is [healed](Self::heal) before that.
    pub fn cut(&self, client: &TestClient) {
        client.session.device.network.cut();
    }

    /// The client's network is there again, and what was under way arrives.
    pub fn heal(&self, client: &TestClient) {
        client.session.device.network.heal();
    }

    /// How long everything between this client and the server takes from now on, in each direction.
    pub fn delay(&self, client: &TestClient, delay: Duration) {
        client.session.device.network.delay(delay);
    }

    /// Lets time pass, from one timer to the next, with all that follows from each; then everything
    /// [settles](Self::settle).
    pub async fn advance(&self, time: Duration) {
        tokio::time::sleep(time).await;
        clock::settle().await;
    }

    /// Lets everything run that can. The clock moves on by a millisecond.
    pub async fn settle(&self) {
        clock::settle().await;
    }
}

/// What a [`World`] can be made of.
pub trait IntoApp: sealed::Sealed {
    /// The application and the path of its server.
    #[doc(hidden)]
    fn into_app(self) -> (Router, String);
}

impl IntoApp for Router {
    fn into_app(self) -> (Router, String) {
        (self, "/socket.io/".to_owned())
    }
}

impl IntoApp for &Sockeye {
    fn into_app(self) -> (Router, String) {
        (self.router(), self.path().to_owned())
    }
}

impl IntoApp for Sockeye {
    fn into_app(self) -> (Router, String) {
        IntoApp::into_app(&self)
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for axum::Router {}
    impl Sealed for sockeye::Sockeye {}
    impl Sealed for &sockeye::Sockeye {}
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("path", &self.path).finish_non_exhaustive()
    }
}

const PATIENCE: Duration = Duration::from_secs(120);
