//! An event as a type.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::{Data, Event, FromEvent, extract::via, rejection::DataRejection};

/// An event as a type: what it is called, and what acknowledges it. The value itself is its one argument.
///
/// With `Deserialize` it is an extractor, so a handler takes it as its last argument; with `Serialize` it can be emitted.
/// Derive it: `#[derive(EventType)]` with `#[event("message", ack = Sent)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event of a contract",
    label = "no `EventType`",
    note = "derive `EventType` for it, with `#[event(\"its name\", ack = TypeOfItsAck)]`"
)]
pub trait EventType: Send + 'static {
    /// The event's name on the wire.
    const NAME: &'static str;

    /// What acknowledges it, as one argument; `()` for no argument, [`Args`](crate::Args) for several.
    type Ack: 'static;

    /// How the browser's side writes these types. Default: `unknown`, which leaves it to them to look.
    fn typescript() -> TypeScript {
        TypeScript::unknown::<Self::Ack>()
    }
}

/// The types of an event and of its ack as TypeScript writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeScript {
    pub(super) data: Cow<'static, str>,
    pub(super) ack: Option<Cow<'static, str>>,
}

impl TypeScript {
    /// The type of the event's argument, such as `{ text: string }`; its ack has none.
    pub fn new(data: impl Into<Cow<'static, str>>) -> Self {
        Self { data: data.into(), ack: None }
    }

    /// The type of the ack's argument.
    #[must_use]
    pub fn with_ack(mut self, ack: impl Into<Cow<'static, str>>) -> Self {
        self.ack = Some(ack.into());
        self
    }

    /// An event of which no more is known than whether an ack of type `A` has an argument.
    pub fn unknown<A: 'static>() -> Self {
        let no_argument = std::any::TypeId::of::<A>() == std::any::TypeId::of::<()>();
        Self { data: UNKNOWN.into(), ack: (!no_argument).then_some(UNKNOWN.into()) }
    }
}

const UNKNOWN: &str = "unknown";

#[diagnostic::do_not_recommend]
impl<T, S> FromEvent<S, via::Contract> for T
where
    T: EventType + DeserializeOwned,
    S: Sync,
{
    type Rejection = DataRejection;

    fn from_event(event: Event, state: &S) -> impl Future<Output = Result<Self, DataRejection>> + Send {
        let read = <Data<T> as FromEvent<S>>::from_event(event, state);
        async move { read.await.map(|Data(value)| value) }
    }
}
