//! What the sockets of one namespace share.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{Extensions, request::Parts};

use crate::{
    Adapter, Contract, DataType, EmitError, EventType, Local, Observers, recovery::Sequencer, socket::Tap,
};

mod limits;
mod parameters;

pub use self::parameters::Parameters;

/// What the sockets of one namespace share: its name, its rooms, the way to other nodes, and the bounds of each.
pub struct NamespaceContext {
    name: Arc<str>,
    adapter: Arc<dyn Adapter>,
    local: Arc<dyn Local>,
    config: SocketConfig,
    next_ack: AtomicU64,
    observers: Arc<Observers>,
    data_type: Option<DataType>,
    taps: Vec<Tap>,
    parameters: Option<Parameters>,
    contract: Option<Arc<Contract>>,
    sequencer: Option<Arc<Sequencer>>,
    server: Extensions,
    complete: Option<fn(&mut Parts)>,
}

impl NamespaceContext {
    /// Puts a namespace together. `local` knows the sockets of this process, `adapter` those of all.
    pub fn new(
        name: impl Into<Arc<str>>,
        adapter: Arc<dyn Adapter>,
        local: Arc<dyn Local>,
        config: SocketConfig,
    ) -> Self {
        Self {
            name: name.into(),
            adapter,
            local,
            config,
            next_ack: AtomicU64::new(0),
            observers: Arc::default(),
            data_type: None,
            taps: Vec::new(),
            parameters: None,
            contract: None,
            sequencer: None,
            server: Extensions::new(),
            complete: None,
        }
    }

    /// Those who are told what happens here; one list for all namespaces of a server. Default: nobody.
    #[must_use]
    pub fn with_observers(mut self, observers: Arc<Observers>) -> Self {
        self.observers = observers;
        self
    }

    /// What [`Socket::data`](crate::Socket::data) is declared to be. Default: any object.
    #[must_use]
    pub const fn with_data_type(mut self, data_type: Option<DataType>) -> Self {
        self.data_type = data_type;
        self
    }

    /// Those who are told of every event that is emitted to one of its sockets. Default: nobody.
    #[must_use]
    pub fn with_taps(mut self, taps: Vec<Tap>) -> Self {
        self.taps = taps;
        self
    }

    /// What its name says by the pattern it was made for. Default: it was made for none.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Option<Parameters>) -> Self {
        self.parameters = parameters;
        self
    }

    /// What may be emitted here. Default: everything.
    #[must_use]
    pub fn with_contract(mut self, contract: Option<Arc<Contract>>) -> Self {
        self.contract = contract;
        self
    }

    /// The order of its events, with which sessions can be recovered. Default: none, and nothing is kept.
    #[must_use]
    pub fn with_sequencer(mut self, sequencer: Option<Arc<Sequencer>>) -> Self {
        self.sequencer = sequencer;
        self
    }

    /// What requests of its sockets have that no session keeps for itself: among their extensions the `values` of the
    /// server, and what `complete` adds to each when it is [made](crate::Socket::request). Default: nothing.
    #[must_use]
    pub fn with_server(mut self, values: Extensions, complete: fn(&mut Parts)) -> Self {
        self.server = values;
        self.complete = Some(complete);
        self
    }

    /// The values of the server.
    pub const fn server(&self) -> &Extensions {
        &self.server
    }

    /// Adds to a request what no session keeps for itself.
    pub(crate) fn complete(&self, parts: &mut Parts) {
        parts.extensions.extend(self.server.clone());
        if let Some(parameters) = &self.parameters {
            parts.extensions.insert(parameters.clone());
        }
        if let Some(complete) = self.complete {
            complete(parts);
        }
    }

    /// The order of its events; nothing where recovery is off.
    pub const fn sequencer(&self) -> Option<&Arc<Sequencer>> {
        self.sequencer.as_ref()
    }

    /// The namespace's name, such as `/admin`.
    pub const fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The way to the sockets of all nodes.
    pub fn adapter(&self) -> &Arc<dyn Adapter> {
        &self.adapter
    }

    /// The sockets of this process.
    pub fn local(&self) -> &Arc<dyn Local> {
        &self.local
    }

    /// The bounds of its sockets.
    pub const fn config(&self) -> &SocketConfig {
        &self.config
    }

    /// Those who are told what happens here.
    pub const fn observers(&self) -> &Arc<Observers> {
        &self.observers
    }

    /// What [`Socket::data`](crate::Socket::data) is declared to be.
    pub const fn data_type(&self) -> Option<&DataType> {
        self.data_type.as_ref()
    }

    /// Those who are told of every event that is emitted to one of its sockets.
    pub fn taps(&self) -> &[Tap] {
        &self.taps
    }

    /// What its name says, if it was made for a pattern.
    pub const fn parameters(&self) -> Option<&Parameters> {
        self.parameters.as_ref()
    }

    /// Whether an event of that name may be emitted here.
    pub(crate) fn may_emit(&self, name: &str) -> Result<(), EmitError> {
        match &self.contract {
            Some(contract) if !contract.may_emit(name, None) => Err(EmitError::NotInContract(name.into())),
            _ => Ok(()),
        }
    }

    /// Whether this event may be emitted here.
    pub(crate) fn may_emit_typed<E: EventType>(&self) -> Result<(), EmitError> {
        match &self.contract {
            Some(contract) if !contract.may_emit(E::NAME, Some(std::any::TypeId::of::<E>())) => {
                Err(EmitError::NotInContract(E::NAME.into()))
            }
            _ => Ok(()),
        }
    }

    /// An ack id that no other packet of this namespace has had; sockets share the counter, so that one id serves all
    /// members of a broadcast.
    pub fn next_ack(&self) -> u64 {
        self.next_ack.fetch_add(1, Ordering::Relaxed)
    }
}

impl fmt::Debug for NamespaceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamespaceContext").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The bounds of one socket: of what is emitted to it, and of where it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketConfig {
    /// How long an awaited emit waits for room at most. Default 30 s: by then the heartbeat has judged whether the
    /// client lives.
    pub send_timeout: Duration,
    /// How long an ack is awaited when the caller does not say ([`Socket::timeout`](crate::Socket::timeout)). Default
    /// 30 s: an answer that a person waits for is worthless later, and a wait without end would leak.
    pub ack_timeout: Duration,
    /// How many acks of one socket may be awaited at once; one more fails with
    /// [`EmitError::Full`](crate::EmitError::Full). Default 1024: a client which never answers must not fill the
    /// memory.
    pub max_pending_acks: usize,
    /// How many rooms one socket may be in, that of its own id not counted; to join one more fails with
    /// [`JoinError::TooManyRooms`](crate::JoinError::TooManyRooms). Default 1024: many an app joins what its clients name,
    /// and a client must not fill the memory with names.
    pub max_rooms: usize,
    /// Bytes of the longest name of a room that may be joined; a longer one fails with
    /// [`JoinError::NameTooLong`](crate::JoinError::NameTooLong). Default 512, for the same reason.
    pub max_room_len: usize,
    /// How many rooms that a socket has joined or left may wait for the namespace's handlers of that (`on_join`,
    /// `on_leave` and their like); to join more fails with [`JoinError::Full`](crate::JoinError::Full). Default 4096, what a
    /// socket that is in as many rooms as it may be needs to leave and to join them all once.
    pub max_room_hooks: usize,
    /// Bytes of the text of [`Socket::data`](crate::Socket::data). Default 16 KiB: it is kept for every socket and shown to
    /// other nodes, so it is no place for files; more fails with [`DataError::TooLarge`](crate::DataError::TooLarge).
    pub max_data: usize,
    /// Whether some transport compresses frames, so that it pays to make the compressed form of a broadcast once for all.
    /// Default: no.
    pub shares_compressed: bool,
}

impl Default for SocketConfig {
    fn default() -> Self {
        Self {
            send_timeout: Duration::from_secs(30),
            ack_timeout: Duration::from_secs(30),
            max_pending_acks: 1024,
            max_rooms: 1024,
            max_room_len: 512,
            max_room_hooks: 4096,
            max_data: 16 << 10,
            shares_compressed: false,
        }
    }
}
