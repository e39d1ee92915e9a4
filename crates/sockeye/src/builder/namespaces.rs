//! The namespaces of a server: those that are there, and those that are made when somebody comes.

use std::{fmt, sync::Arc};

use futures_util::FutureExt as _;
use serde_json::Value;
use sockeye_core::Broadcast;

use super::Builder;
use crate::{
    Namespace,
    namespace::{Pattern, name},
    settings::Settings,
    sites::{Allow, Common, Dynamic, OnCreated, Parent, Sites},
};

/// What was added so far.
pub(super) struct Namespaces<S> {
    fixed: Vec<(Arc<str>, Namespace<S>)>,
    parents: Vec<PendingParent<S>>,
    keep_empty: bool,
    on_created: Option<OnCreated>,
}

/// A parent that waits for the application's state.
struct PendingParent<S> {
    pattern: Pattern,
    namespace: Namespace<S>,
    allow: Option<PendingAllow<S>>,
}

type PendingAllow<S> = Box<dyn FnOnce(S) -> Allow + Send + Sync>;

/// What the function of [`Builder::namespace_if`] may answer: yes or no, or an error, which is a no.
pub trait Allowed {
    /// Whether it is a yes.
    fn allowed(self) -> bool;
}

impl Allowed for bool {
    fn allowed(self) -> bool {
        self
    }
}

impl<E> Allowed for Result<bool, E> {
    fn allowed(self) -> bool {
        self.unwrap_or(false)
    }
}

impl<S> Default for Namespaces<S> {
    fn default() -> Self {
        Self { fixed: Vec::new(), parents: Vec::new(), keep_empty: false, on_created: None }
    }
}

impl<S: Clone + Send + Sync + 'static> Namespaces<S> {
    pub(super) fn build(self, state: &S, settings: &Settings, common: Common) -> Arc<Sites> {
        let parents = self.parents.into_iter().map(|PendingParent { pattern, namespace, allow }| {
            Parent::new(pattern, namespace.build(state), allow.map(|allow| allow(state.clone())))
        });
        let dynamic = Dynamic {
            most: settings.max_dynamic_namespaces,
            keep_empty: self.keep_empty,
            on_created: self.on_created,
        };
        let sites = Sites::new(parents.collect(), dynamic, common);
        for (name, namespace) in self.fixed {
            sites.add(&name, namespace.build(state));
        }
        Arc::new(sites)
    }
}

/// Namespaces.
impl<S> Builder<S> {
    /// Adds the namespace `name`, or with a pattern (`/tenant/{id}`) namespaces that are made when somebody comes. A
    /// client that asks for a name which is neither is told `Invalid namespace`.
    ///
    /// Patterns are written as axum's routes: `{id}` is the text between two slashes, `{*rest}` all that is left. A
    /// client that asks for a name which fits makes that namespace, but only by being admitted; whoever is refused leaves
    /// nothing behind. It goes when the last of its sockets has left, unless
    /// [`keep_empty_namespaces`](Self::keep_empty_namespaces). Of several patterns the first that was added wins, and a
    /// name that was added as such wins over all of them. What was declared is built once: a limit of a layer is one
    /// for all namespaces of a pattern.
    ///
    /// In `admit` and in handlers [`NamespacePath`](crate::extract::NamespacePath) reads the parameters, and
    /// `io.of("/tenant/{id}")` emits to all namespaces of the pattern.
    ///
    /// # Panics
    /// When the name does not begin with `/`, or contains a comma or a question mark (which end it on the wire); when a
    /// pattern cannot be read; when it was added before.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn namespace(mut self, name: impl Into<Arc<str>>, namespace: Namespace<S>) -> Self {
        let name = name.into();
        if Pattern::is_one(&name) {
            return self.parent(&name, namespace, None);
        }
        if let Err(wrong) = name::check(&name) {
            panic!("the name of a namespace {wrong}: {name:?}");
        }
        let fixed = &mut self.namespaces.fixed;
        assert!(fixed.iter().all(|(known, _)| *known != name), "the namespace {name:?} was added twice");
        fixed.push((name, namespace));
        self
    }

    /// Adds namespaces that are made when somebody comes and `allow` says so: of those names that fit the pattern, for
    /// all `/{*name}`. Otherwise as [`namespace`](Self::namespace).
    ///
    /// `allow` is asked with the name, the client's auth payload and the state, and answers a `bool`, or a `Result` of one.
    /// No, an error, a panic and an answer that takes longer than [`admit_timeout`](Self::admit_timeout) are one: the next
    /// pattern that fits is asked, and when none is left the client is told `Invalid namespace`.
    ///
    /// It decides which namespaces there are, not who may join them: while a namespace exists nobody is asked again. Who
    /// may join is for [`Namespace::admit`], which is asked for every client.
    ///
    /// ```
    /// use serde_json::Value;
    /// use sockeye::{Namespace, Sockeye};
    ///
    /// #[derive(Clone)]
    /// struct Documents;
    ///
    /// impl Documents {
    ///     async fn contains(&self, name: &str) -> Result<bool, std::io::Error> {
    ///         Ok(name == "/document/1")
    ///     }
    /// }
    ///
    /// let exists = async |name: String, _auth: Value, documents: Documents| documents.contains(&name).await;
    /// let sockeye = Sockeye::builder()
    ///     .namespace_if("/document/{id}", exists, Namespace::new())
    ///     .build_with_state(Documents);
    /// # sockeye_test::run(async {
    /// # let world = sockeye_test::World::new(sockeye);
    /// # assert!(world.client("/document/1").connect().await.is_ok());
    /// # assert_eq!(world.client("/document/2").connect().await.unwrap_err().message, "Invalid namespace");
    /// # });
    /// ```
    ///
    /// # Panics
    /// As [`namespace`](Self::namespace). Several functions may be added for one pattern.
    #[track_caller]
    pub fn namespace_if<F, Fut>(self, pattern: impl Into<Arc<str>>, allow: F, namespace: Namespace<S>) -> Self
    where
        F: Fn(String, Value, S) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Allowed> + Send + 'static,
        S: Clone + Send + Sync + 'static,
    {
        let allow = |state: S| -> Allow {
            Arc::new(move |name, auth| allow(name, auth, state.clone()).map(Allowed::allowed).boxed())
        };
        self.parent(&pattern.into(), namespace, Some(Box::new(allow)))
    }

    /// How many namespaces that were made for patterns may exist at a time; one more is refused. Default 10,000: where
    /// anybody may make them they are memory (about a kilobyte each) that strangers take. One client alone is in no more
    /// than [`max_namespaces`](Self::max_namespaces).
    pub fn max_dynamic_namespaces(mut self, namespaces: usize) -> Self {
        self.settings.max_dynamic_namespaces = namespaces;
        self
    }

    /// Whether namespaces that were made for a pattern stay when the last socket has left. Default: no, they go. Those
    /// that nobody was ever admitted to do not stay in any case.
    pub fn keep_empty_namespaces(mut self, keep: bool) -> Self {
        self.namespaces.keep_empty = keep;
        self
    }

    /// Is told of each namespace that comes into being while the server runs: made for a pattern, or added by
    /// [`Io::add_namespace`](crate::Io::add_namespace). Called before the client
    /// for whom it was made is greeted; it must not block.
    ///
    /// # Panics
    /// When there is such a function already.
    #[track_caller]
    pub fn on_namespace(mut self, created: impl Fn(Broadcast) + Send + Sync + 'static) -> Self {
        assert!(self.namespaces.on_created.is_none(), "a server has one `on_namespace`");
        self.namespaces.on_created = Some(Arc::new(created));
        self
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    fn parent(mut self, pattern: &Arc<str>, namespace: Namespace<S>, allow: Option<PendingAllow<S>>) -> Self {
        let pattern = match Pattern::parse(pattern.clone()) {
            Ok(pattern) => pattern,
            Err(error) => panic!("the pattern {pattern:?} cannot be read: {error}"),
        };
        let parents = &mut self.namespaces.parents;
        assert!(
            parents.iter().all(|known| known.allow.is_some() || known.pattern.text() != pattern.text()),
            "the namespace {:?} was added twice",
            pattern.text()
        );
        parents.push(PendingParent { pattern, namespace, allow });
        self
    }
}

impl<S> fmt::Debug for Namespaces<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fixed = self.fixed.iter().map(|(name, _)| name);
        f.debug_set().entries(fixed.chain(self.parents.iter().map(|parent| parent.pattern.text()))).finish()
    }
}
