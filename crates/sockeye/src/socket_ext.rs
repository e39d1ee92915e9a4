//! From a socket to its server.

use sockeye_core::Socket;

use crate::Io;

/// What a [`Socket`] can do in a server: bring it into scope to write `socket.io()`.
///
/// ```
/// use sockeye::{BroadcastError, Socket, SocketExt};
///
/// async fn alarm(socket: Socket) -> Result<(), BroadcastError> {
///     socket.io().of("/admin").emit("alarm", &socket.id()).await
/// }
/// # use sockeye::{Namespace, Sockeye};
/// # sockeye_test::run(async {
/// # let namespaces = Sockeye::builder().namespace("/admin", Namespace::new());
/// # let sockeye = namespaces.namespace("/", Namespace::new().on("alarm", alarm)).build();
/// # let world = sockeye_test::World::new(sockeye);
/// # let admin = world.client("/admin").connect().await.unwrap();
/// # let client = world.client("/").connect().await.unwrap();
/// # client.emit("alarm", ());
/// # assert_eq!(admin.next::<String>("alarm").await, client.id());
/// # });
/// ```
pub trait SocketExt: sealed::Sealed {
    /// The handle of the server that the socket belongs to. In a handler it can as well be an argument: [`Io`] is an
    /// extractor.
    fn io(&self) -> Io;
}

impl SocketExt for Socket {
    fn io(&self) -> Io {
        // A socket without a server has a handle of none.
        self.context().server().get().cloned().unwrap_or_default()
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for sockeye_core::Socket {}
}
