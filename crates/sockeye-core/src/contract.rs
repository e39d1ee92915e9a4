//! Events as types: the name, the payload and the ack in one place, and which of them a namespace knows.

mod acks_with;
mod event_type;
mod typescript;

pub use self::{
    acks_with::AcksWith,
    event_type::{EventType, TypeScript},
};

use std::{any::TypeId, fmt};

/// The events of a namespace: what its clients may emit, and what may be emitted to them.
///
/// Given to a namespace by `Namespace::contract`, it is checked when the server is built: every event that it accepts has
/// a handler, and nothing else has. What is emitted in that namespace has to be in it, or the emit fails with
/// [`EmitError::NotInContract`](crate::EmitError::NotInContract). And it writes the [types](Self::typescript) of the
/// browser's side.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sockeye_core::{Contract, EventType, TypeScript};
///
/// #[derive(Deserialize)]
/// struct NewMessage { room: String, text: String }
///
/// // `#[derive(EventType)] #[event("message", ack = u64, ts = "…", ack_ts = "number")]` writes this.
/// impl EventType for NewMessage {
///     const NAME: &'static str = "message";
///     type Ack = u64;
///     fn typescript() -> TypeScript {
///         TypeScript::new("{ room: string; text: string }").with_ack("number")
///     }
/// }
///
/// #[derive(Serialize)]
/// struct Joined { name: String }
///
/// impl EventType for Joined {
///     const NAME: &'static str = "joined";
///     type Ack = ();
/// }
///
/// let contract = Contract::new().accepts::<NewMessage>().emits::<Joined>();
/// assert!(contract.typescript().contains(r#""message": (data: { room: string; text: string }"#));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a contract does nothing until a namespace has it"]
pub struct Contract {
    accepts: Vec<Declared>,
    emits: Vec<Declared>,
}

/// One event of a contract.
#[derive(Clone, Copy)]
pub struct Declared {
    name: &'static str,
    id: TypeId,
    ty: &'static str,
    typescript: fn() -> TypeScript,
}

impl Contract {
    /// One without events.
    pub const fn new() -> Self {
        Self { accepts: Vec::new(), emits: Vec::new() }
    }

    /// An event that clients emit.
    ///
    /// # Panics
    /// When its name is taken by another one, or belongs to the protocol.
    #[track_caller]
    pub fn accepts<E: EventType>(mut self) -> Self {
        add(&mut self.accepts, Declared::new::<E>());
        self
    }

    /// An event that is emitted to clients.
    ///
    /// # Panics
    /// When its name is taken by another one, or belongs to the protocol.
    #[track_caller]
    pub fn emits<E: EventType>(mut self) -> Self {
        add(&mut self.emits, Declared::new::<E>());
        self
    }

    /// What clients emit.
    pub fn accepted(&self) -> &[Declared] {
        &self.accepts
    }

    /// What is emitted to clients.
    pub fn emitted(&self) -> &[Declared] {
        &self.emits
    }

    /// Whether an event may be emitted; `id` is its type, where that is known.
    pub(crate) fn may_emit(&self, name: &str, id: Option<TypeId>) -> bool {
        self.emits.iter().any(|event| event.name == name && id.is_none_or(|id| id == event.id))
    }
}

impl Declared {
    /// The declaration of an event.
    pub fn new<E: EventType>() -> Self {
        Self {
            name: E::NAME,
            id: TypeId::of::<E>(),
            ty: std::any::type_name::<E>(),
            typescript: E::typescript,
        }
    }

    /// Its name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Which type it is.
    pub const fn type_id(&self) -> TypeId {
        self.id
    }

    /// What the type is called in Rust.
    pub const fn type_name(&self) -> &'static str {
        self.ty
    }
}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declared").field("name", &self.name).field("type", &self.ty).finish()
    }
}

#[track_caller]
fn add(list: &mut Vec<Declared>, event: Declared) {
    let Declared { name, ty, .. } = event;
    assert!(
        !sockeye_proto::socket::is_reserved(name),
        "the event name {name:?} of {ty} is reserved by the protocol"
    );
    if let Some(earlier) = list.iter().find(|earlier| earlier.name == name) {
        assert!(earlier.id == event.id, "the event name {name:?} belongs to {} and to {ty}", earlier.ty);
        return;
    }
    list.push(event);
}
