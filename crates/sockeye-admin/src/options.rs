//! What can be set.

use std::{fmt, sync::Arc, time::Duration};

use http::HeaderName;
use sockeye::{AdmitService, Limit, Namespace};

use crate::{
    AdminError, Auth, MemoryStore, Redaction, ReportedEvent, SessionStore,
    auth::Gate,
    redact::{Redact, Redactor},
};

/// How much admins see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Each socket, room and event. The default, as in the reference.
    #[default]
    Development,
    /// Numbers only: how many clients, sockets, packets and bytes. For servers with many clients.
    Production,
}

/// The settings of the admin namespace.
///
/// ```
/// use sockeye_admin::{AdminOptions, Auth, Mode, Redaction};
///
/// let auth = Auth::basic("admin", "$2b$10$xExEychIzAz8F.OfIDH5FeXqmt8p7Kk6kPin1IBE1YlfzlKfLykJW");
/// let options = AdminOptions::new(auth)
///     .mode(Mode::Development)
///     .read_only(true)
///     .server_id("eu-1")
///     .redact(|event| match event.name() {
///         "login" => Redaction::HideArguments,
///         "cursor" => Redaction::Omit,
///         _ => Redaction::Show,
///     });
/// ```
#[must_use = "options do nothing until they are given to `instrument`"]
pub struct AdminOptions {
    auth: Auth,
    store: Arc<dyn SessionStore>,
    tries: (usize, Duration),
    layers: Vec<Wrap>,
    settings: Settings,
}

type Wrap = Box<dyn FnOnce(Namespace) -> Namespace + Send + Sync>;

/// What is asked for while the namespace lives.
pub(crate) struct Settings {
    pub(crate) namespace: Arc<str>,
    pub(crate) mode: Mode,
    pub(crate) read_only: bool,
    pub(crate) server_id: Option<String>,
    pub(crate) redactor: Redactor,
    pub(crate) hidden_headers: Vec<HeaderName>,
    pub(crate) max_listed: usize,
}

impl AdminOptions {
    /// The settings of the reference; who may look has to be said.
    pub fn new(auth: Auth) -> Self {
        let settings = Settings {
            namespace: "/admin".into(),
            mode: Mode::default(),
            read_only: false,
            server_id: None,
            redactor: Redactor::default(),
            hidden_headers: vec![
                http::header::AUTHORIZATION,
                http::header::COOKIE,
                http::header::PROXY_AUTHORIZATION,
            ],
            max_listed: 10_000,
        };
        Self {
            auth,
            store: Arc::new(MemoryStore::default()),
            tries: (10, Duration::from_secs(60)),
            layers: Vec::new(),
            settings,
        }
    }

    /// The name of the namespace. Default `/admin`, which the UI asks for unless told otherwise.
    pub fn namespace(mut self, name: impl Into<Arc<str>>) -> Self {
        self.settings.namespace = name.into();
        self
    }

    /// How much admins see. Default [`Mode::Development`].
    pub fn mode(mut self, mode: Mode) -> Self {
        self.settings.mode = mode;
        self
    }

    /// Admins can look and not touch: emitting, joining, leaving and disconnecting are not offered, and not there. Default
    /// `false`.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.settings.read_only = read_only;
        self
    }

    /// What this server is called among others in the UI. Default: the name of the host.
    pub fn server_id(mut self, id: impl Into<String>) -> Self {
        self.settings.server_id = Some(id.into());
        self
    }

    /// Where it is kept who has logged in. Default: in this process, [`MemoryStore`].
    pub fn store(mut self, store: impl SessionStore) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// How often a password may be tried from one address within a time; the right one sets the count back. Default 10 a
    /// minute. A network of 64 bits counts as one address of IPv6. At most 10,000 addresses are remembered, further ones are
    /// counted together.
    pub fn login_tries(mut self, tries: usize, within: Duration) -> Self {
        self.tries = (tries, within);
        self
    }

    /// Decides for each event what of it admins see; in [`Mode::Development`] only. Default: everything. Called where the
    /// event passes, so it has to be quick.
    pub fn redact(
        mut self,
        redact: impl Fn(&ReportedEvent<'_>) -> Redaction + Send + Sync + 'static,
    ) -> Self {
        self.settings.redactor.redact = Some(Box::new(redact) as Box<Redact>);
        self
    }

    /// How many events a second admins see; the others of that second are not reported. Default 500: the UI keeps the last
    /// thousand, and a busy server must not spend its time on being looked at.
    pub fn events_per_second(mut self, events: u32) -> Self {
        self.settings.redactor.most = events;
        self
    }

    /// Bytes of an event's arguments above which admins see their length instead. Default 16 KiB.
    pub fn event_bytes(mut self, bytes: usize) -> Self {
        self.settings.redactor.longest = bytes;
        self
    }

    /// How many sockets an admin who connects is told of. Default 10,000: each is about a kilobyte.
    pub fn listed_sockets(mut self, sockets: usize) -> Self {
        self.settings.max_listed = sockets;
        self
    }

    /// Shows of this header of a client's handshake that it was there, and not what it said. So it is with `authorization`,
    /// `cookie` and `proxy-authorization` already.
    pub fn hide_header(mut self, name: HeaderName) -> Self {
        self.settings.hidden_headers.push(name);
        self
    }

    /// Wraps the admission in an HTTP layer, see [`Namespace::admit_layer`]: for a login of your own, such as axum's
    /// `from_extractor` with the extractor that guards the rest of your application.
    pub fn admit_layer<L>(mut self, layer: L) -> Self
    where
        L: tower_layer::Layer<AdmitService> + Send + Sync + 'static,
        L::Service: tower_service::Service<
                axum::extract::Request,
                Response: axum::response::IntoResponse,
                Error = std::convert::Infallible,
                Future: Send + 'static,
            > + Clone
            + Send
            + Sync
            + 'static,
    {
        self.layers.push(Box::new(move |namespace| namespace.admit_layer(layer)));
        self
    }

    /// What is bounded by now, and what happens beyond.
    pub fn limits(&self) -> Vec<Limit> {
        let redactor = &self.settings.redactor;
        let (tries, within) = self.tries;
        let window = Limit::time("login_tries", within).value;
        vec![
            Limit::new("login_tries", format!("{tries} in {window}"))
                .beyond("A further password from that address is not looked at.")
                .seen("`connect_error`: too many login tries, please try again later"),
            Limit::count("events_per_second", redactor.most as usize)
                .beyond("Further events of that second are not told to admins.")
                .seen("—"),
            Limit::bytes("event_bytes", redactor.longest)
                .beyond("Of longer arguments admins are told the length.")
                .seen("`[n bytes]`"),
            Limit::count("listed_sockets", self.settings.max_listed)
                .beyond(
                    "An admin who connects is not told of further sockets until something happens to them.",
                )
                .seen("—"),
        ]
    }

    pub(crate) fn into_parts(self) -> Result<(Settings, Gate, Vec<Wrap>), AdminError> {
        let gate = Gate::new(self.auth, self.store, self.tries)?;
        Ok((self.settings, gate, self.layers))
    }
}

impl fmt::Debug for AdminOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminOptions")
            .field("auth", &self.auth)
            .field("namespace", &self.settings.namespace)
            .field("mode", &self.settings.mode)
            .field("read_only", &self.settings.read_only)
            .finish_non_exhaustive()
    }
}
