//! Events without a session: one call of a namespace's handlers, behind its layers.

use std::{fmt, future::Future};

use http::{Extensions, HeaderName, HeaderValue, Request, request::Parts};
use serde::Serialize;
use serde_json::Value;
use sockeye::{__private::Detached, Event, Namespace, Reply};
use sockeye_core::{Arguments, FromAck, IntoArgs, Parameters};

use crate::join::to_json;

/// Makes events out of nothing: `Event::test("message", &new)`.
///
/// ```
/// use sockeye::{Admitted, Data, Event, Namespace};
/// use sockeye_test::{CallEvent, EventTest, ReadReply};
///
/// # sockeye_test::run(async {
/// let chat: Namespace = Namespace::new()
///     .on("greet", async |Admitted(name): Admitted<String>, Data(word): Data<String>| {
///         Data(format!("{word}, {name}!"))
///     });
/// let event = Event::test("greet", "Hello").admitted("Ada".to_owned());
/// assert_eq!(chat.call(event).await.read::<String>(), "Hello, Ada!");
/// # });
/// ```
pub trait EventTest {
    /// An event that a client might send, with as many arguments as [`IntoArgs`] says. It asks for an ack.
    ///
    /// # Panics
    /// When an argument cannot be written as JSON.
    fn test(name: &str, args: impl IntoArgs) -> TestEvent;
}

impl EventTest for Event {
    #[track_caller]
    fn test(name: &str, args: impl IntoArgs) -> TestEvent {
        let arguments = Reply::args(args).arguments();
        let Some(arguments) = arguments else { panic!("the arguments of `{name}` nest too deep") };
        let (handshake, ()) =
            Request::get("/socket.io/?EIO=4&transport=websocket").body(()).unwrap_or_default().into_parts();
        TestEvent {
            name: name.to_owned(),
            arguments,
            namespace: "/".to_owned(),
            handshake,
            auth: "{}".to_owned(),
            locals: Extensions::new(),
            extensions: Extensions::new(),
            asks: true,
        }
    }
}

/// An event that is being described, for [`CallEvent::call`].
#[must_use = "an event does nothing until it is handled"]
pub struct TestEvent {
    name: String,
    arguments: Arguments,
    namespace: String,
    handshake: Parts,
    auth: String,
    locals: Extensions,
    extensions: Extensions,
    asks: bool,
}

impl TestEvent {
    /// A value that the admission would have left, for [`Admitted`](sockeye::Admitted).
    pub fn admitted<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.locals.insert(value);
        self
    }

    /// The name of its namespace; `/` unless this says otherwise.
    pub fn namespace(mut self, name: &str) -> Self {
        name.clone_into(&mut self.namespace);
        self
    }

    /// A parameter in the namespace's name, for [`NamespacePath`](sockeye::NamespacePath): `tenant` of `/tenant/{tenant}`.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        let known = self.handshake.extensions.remove::<Parameters>();
        let known = known.iter().flat_map(Parameters::iter).map(|(name, value)| (name.into(), value.into()));
        let parameters = Parameters::new(known.chain([(name.into(), value.into())]));
        self.handshake.extensions.insert(parameters);
        self
    }

    /// A header of the handshake.
    ///
    /// # Panics
    /// When it is no header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        else {
            panic!("`{name}: {value}` is no header");
        };
        self.handshake.headers.append(name, value);
        self
    }

    /// The target of the handshake, with its query.
    ///
    /// # Panics
    /// When it is no URI.
    #[track_caller]
    pub fn uri(mut self, uri: &str) -> Self {
        match uri.parse() {
            Ok(uri) => self.handshake.uri = uri,
            Err(error) => panic!("{uri:?}: {error}"),
        }
        self
    }

    /// What the client sent along when it joined: an object.
    ///
    /// # Panics
    /// When it is no object.
    #[track_caller]
    pub fn auth(mut self, auth: impl Serialize) -> Self {
        self.auth = to_json(auth).to_string();
        self
    }

    /// A value in the extensions of the handshake, as an HTTP layer of the application would leave one; an
    /// [`Io`](sockeye::Io), for instance.
    pub fn handshake_extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.handshake.extensions.insert(value);
        self
    }

    /// A value in the extensions of the event, as an event layer further out would leave one.
    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// The client does not ask for an ack.
    pub const fn without_ack(mut self) -> Self {
        self.asks = false;
        self
    }

    /// The event, from the only socket of a namespace that knows none of it.
    pub fn into_event(self) -> Event {
        self.of(&Detached::new(Namespace::new()))
    }

    fn of(self, detached: &Detached) -> Event {
        let Self { name, arguments, namespace, handshake, auth, locals, extensions, asks } = self;
        let socket = detached.socket(&namespace, handshake, &auth, locals);
        let mut event = Event::new(socket, name, 1, asks.then_some(0), arguments);
        *event.extensions_mut() = extensions;
        event
    }
}

/// Calls the handlers of a namespace without a session.
pub trait CallEvent {
    /// What the namespace replies to an event: its layers, route and handler run as they are; admission, connect and
    /// disconnect handlers are not asked. A panic of the handler is the test's.
    ///
    /// An answer that the handler takes into its own hands ([`Acker`](sockeye::Acker)) is no reply.
    fn call(self, event: TestEvent) -> impl Future<Output = Reply> + Send;

    /// The same for an event with a socket of its own choice, which the test may look at afterwards.
    fn call_event(self, event: Event) -> impl Future<Output = Reply> + Send;
}

impl CallEvent for Namespace {
    async fn call(self, event: TestEvent) -> Reply {
        let detached = Detached::new(self);
        let event = event.of(&detached);
        detached.call(event).await
    }

    async fn call_event(self, event: Event) -> Reply {
        Detached::new(self).call(event).await
    }
}

/// Reads a reply as the client would.
pub trait ReadReply {
    /// Its first argument as `T`, several as [`Args`](sockeye::Args), all as [`Raw`](sockeye::Raw).
    ///
    /// # Panics
    /// When they do not fit, or there is no reply.
    fn read<T: FromAck>(&self) -> T;

    /// Its arguments as a JSON array.
    ///
    /// # Panics
    /// When there is no reply.
    fn json(&self) -> Value;

    /// The code of an error in sockeye's form; `None` for any other reply.
    fn error_code(&self) -> Option<String>;
}

impl ReadReply for Reply {
    #[track_caller]
    fn read<T: FromAck>(&self) -> T {
        let Some(arguments) = self.arguments() else { panic!("there is no reply") };
        match T::from_ack(&arguments) {
            Ok(value) => value,
            Err(error) => panic!("{} does not have the expected form: {error}", arguments.as_json()),
        }
    }

    #[track_caller]
    fn json(&self) -> Value {
        let Some(json) = self.as_json() else { panic!("there is no reply") };
        serde_json::from_str(json).unwrap_or_default()
    }

    fn error_code(&self) -> Option<String> {
        let arguments: Value = serde_json::from_str(self.as_json()?).ok()?;
        arguments.pointer("/0/error/code")?.as_str().map(str::to_owned)
    }
}

impl fmt::Debug for TestEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestEvent").field("name", &self.name).finish_non_exhaustive()
    }
}
