//! The ways into an application: as routes, as a service, as a layer.

use axum::{Router, routing::any_service};

use crate::{Sockeye, connection::Connections};

/// The engine's service with the namespaces behind it: a tower service for requests that were routed to it.
pub type SockeyeService = sockeye_engine::EngineService<Connections>;

/// Takes the requests below the server's path, by segment, and leaves all others to the service it wraps.
pub type SockeyeLayer = sockeye_engine::EngineLayer<Connections>;

impl Sockeye {
    /// The routes of this server, to be merged into the application's: its path (`/socket.io/`) and what lies below.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use sockeye::{Namespace, Sockeye};
    ///
    /// let sockeye = Sockeye::builder().namespace("/", Namespace::new()).build();
    /// let app: Router = Router::new().route("/", get("hello")).merge(sockeye.router());
    /// ```
    pub fn router<S>(&self) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        // Any method: which of them makes sense is the protocol's business, and its errors have a form of their own.
        let path = self.engine().path();
        let below = path.trim_end_matches('/');
        // GET besides by its name: a page of the application at the same path is found at the start. Not a service behind
        // a path alone, which every `merge` boxes once more, for each request to go through.
        let every = || any_service(self.service()).get_service(self.service());
        let mut router =
            Router::new().route(&format!("{below}/"), every()).route(&format!("{below}/{{*rest}}"), every());
        if !path.ends_with('/') {
            router = router.route(path, every());
        }
        router
    }

    /// The server as a service, for a route of your own or for plain hyper. It does not look at the path.
    pub fn service(&self) -> SockeyeService {
        self.engine().service()
    }

    /// The server as a layer, for stacks without a router.
    pub fn layer(&self) -> SockeyeLayer {
        self.engine().layer()
    }
}
