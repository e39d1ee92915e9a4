//! The namespaces of a server, while it runs and before it does.

use std::sync::Arc;

use parking_lot::Mutex;
use thiserror::Error;

use super::Io;
use crate::{
    Namespace,
    namespace::name,
    sites::{Site, Sites},
};

/// A namespace of a server, as [`Io::namespaces`] tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamespaceInfo {
    /// Its name, such as `/admin`.
    pub name: Arc<str>,
    /// How many sockets of this process are in it.
    pub sockets: usize,
    /// The pattern it was made for; nothing if it was added by name, and so will stay.
    pub pattern: Option<Arc<str>>,
}

/// A namespace was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AddNamespaceError {
    /// The name is none: it does not begin with a slash, or holds a comma, a question mark or a brace.
    #[error("the name of a namespace {0}")]
    InvalidName(&'static str),
    /// There is a namespace of that name.
    #[error("there is a namespace of that name already")]
    Taken,
    /// The server is gone.
    #[error("the server is gone")]
    Closed,
}

/// What was added before the server was built; nothing any more once it is.
#[derive(Default)]
pub(super) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    built: bool,
    names: Vec<Arc<str>>,
    namespaces: Vec<(Arc<str>, Namespace)>,
}

impl Io {
    /// Adds a namespace, now or (before the server is built) when it is built. It stays for as long as the server does.
    ///
    /// For what is put together at run time, and for libraries that bring a namespace of their own; whatever is known
    /// when the server is built is said to its [builder](crate::Builder::namespace).
    ///
    /// ```
    /// use sockeye::{Data, Io, Namespace};
    ///
    /// # fn late(io: &Io) -> Result<(), sockeye::AddNamespaceError> {
    /// let tools = Namespace::new().on("ping", async || Data("pong"));
    /// io.add_namespace("/tools", tools)?;
    /// # Ok(())
    /// # }
    /// # sockeye_test::run(async {
    /// # let sockeye = sockeye::Sockeye::builder::<()>().build();
    /// # late(sockeye.io()).unwrap();
    /// # let tools = sockeye_test::World::new(sockeye).client("/tools").connect().await.unwrap();
    /// # assert_eq!(tools.emit_with_ack::<String>("ping", ()).await.unwrap(), "pong");
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`AddNamespaceError`]: the name is taken, or none. A name that the builder has too is found out when the server is
    /// built, which panics then.
    pub fn add_namespace(
        &self,
        name: impl Into<Arc<str>>,
        namespace: Namespace,
    ) -> Result<(), AddNamespaceError> {
        let name = name.into();
        name::check(&name).map_err(AddNamespaceError::InvalidName)?;
        let Some(namespace) = self.0.queue.push(&name, namespace)? else { return Ok(()) };
        let engine = self.engine().ok_or(AddNamespaceError::Closed)?;
        let sites = &engine.handler().mounted().sites;
        if sites.find(&name).is_some() {
            return Err(AddNamespaceError::Taken);
        }
        let site = sites.add(&name, namespace.build(&())).ok_or(AddNamespaceError::Taken)?;
        sites.tell_created(&site);
        Ok(())
    }

    /// The namespaces that there are at this moment, by name. None before the server is built, and after it is gone.
    pub fn namespaces(&self) -> Vec<NamespaceInfo> {
        let Some(engine) = self.engine() else { return Vec::new() };
        let sites = &engine.handler().mounted().sites;
        let info = |site: Arc<Site>| NamespaceInfo {
            name: site.name().clone(),
            sockets: site.rooms.len(),
            pattern: sites.pattern(&site).cloned(),
        };
        let mut namespaces: Vec<_> = sites.all().into_iter().map(info).collect();
        namespaces.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        namespaces
    }
}

impl Queue {
    /// Keeps a namespace for the server that is to be built; gives it back when that has happened.
    fn push(&self, name: &Arc<str>, namespace: Namespace) -> Result<Option<Namespace>, AddNamespaceError> {
        let mut state = self.0.lock();
        if state.built {
            return Ok(Some(namespace));
        }
        if state.names.contains(name) {
            // Layers and handlers of the application are dropped with no lock held.
            drop(state);
            return Err(AddNamespaceError::Taken);
        }
        state.names.push(name.clone());
        state.namespaces.push((name.clone(), namespace));
        Ok(None)
    }

    /// Moves everything into the server, and answers what `built` does: it is called when nothing can be queued any
    /// longer.
    ///
    /// # Panics
    /// At a name that the server has already.
    #[track_caller]
    pub(super) fn drain(&self, sites: &Sites, built: impl FnOnce() -> bool) -> bool {
        loop {
            let namespaces = {
                let mut state = self.0.lock();
                if state.namespaces.is_empty() {
                    state.built = true;
                    state.names = Vec::new();
                    return built();
                }
                std::mem::take(&mut state.namespaces)
            };
            // Building runs layers of the application, so it is done with no lock held.
            for (name, namespace) in namespaces {
                let added = sites.add(&name, namespace.build(&()));
                assert!(added.is_some(), "the namespace {name:?} was added twice");
            }
        }
    }
}
