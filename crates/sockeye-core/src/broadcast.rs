//! Emitting to many sockets by room.

mod acks;
mod future;
mod handles;
mod info;
mod query;
#[cfg(test)]
mod remote_tests;
mod rooms;
#[cfg(test)]
mod tests;
mod typed;

pub use self::{
    acks::{Acks, Collected},
    future::BroadcastFuture,
    info::SocketInfo,
    rooms::RoomInfo,
};

use std::{sync::Arc, time::Duration};

use futures_util::stream::BoxStream;

use crate::{
    Delivery, EmitError, Encoded, FromAck, IntoArgs, IntoRooms, NamespaceContext, Scope, Socket,
    adapter::Answered,
};

/// Emits to many sockets: all of a namespace, or the members of rooms.
///
/// A value, not a state: clone it to go on from one point in several ways. The order of the calls does not matter.
/// Nothing here waits for a slow member; one that falls behind by more than the hard bound loses its session, with the
/// reason `slow consumer`.
///
/// ```
/// use std::time::Duration;
/// use sockeye_core::{Broadcast, BroadcastError};
///
/// async fn news(chat: Broadcast) -> Result<usize, BroadcastError> {
///     chat.clone().to("lobby").to(["games", "music"]).except("muted").emit("news", "tea is ready").await?;
///
///     let question = chat.to("workers").timeout(Duration::from_secs(2));
///     let mut acks = question.emit_with_ack::<u32>("load", ()).await?;
///     let mut sum = 0;
///     while let Some((_socket_id, load)) = acks.next().await {
///         sum += load.unwrap_or(0) as usize;
///     }
///     Ok(sum)
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a broadcast does nothing until something is emitted"]
pub struct Broadcast {
    target: Target,
    scope: Arc<Scope>,
    delivery: Delivery,
    pub(crate) timeout: Option<Duration>,
}

#[derive(Clone, Debug)]
enum Target {
    Namespace(Arc<NamespaceContext>),
    /// That of a socket, whose handle counts for it: a count that all sockets share would be touched by each broadcast.
    Of(Socket),
    NotMounted,
    Unknown,
    Closed,
}

impl Broadcast {
    /// All sockets of a namespace.
    pub fn new(namespace: Arc<NamespaceContext>) -> Self {
        let scope = Scope::all(namespace.name());
        Self::with(Target::Namespace(namespace), scope)
    }

    /// All sockets of the namespace of this one.
    pub(crate) fn beside(socket: Socket) -> Self {
        let scope = Scope::all(socket.namespace_name());
        Self::with(Target::Of(socket), scope)
    }

    /// To nobody yet: everything fails with [`EmitError::NotMounted`].
    pub fn not_mounted(namespace: impl AsRef<str>) -> Self {
        Self::with(Target::NotMounted, Scope::all(namespace))
    }

    /// To nobody: everything fails with [`EmitError::UnknownNamespace`].
    pub fn unknown(namespace: impl AsRef<str>) -> Self {
        Self::with(Target::Unknown, Scope::all(namespace))
    }

    /// To nobody any more: everything fails with [`EmitError::Closed`].
    pub fn closed(namespace: impl AsRef<str>) -> Self {
        Self::with(Target::Closed, Scope::all(namespace))
    }

    fn with(target: Target, scope: Scope) -> Self {
        Self { target, scope: Arc::new(scope), delivery: Delivery::default(), timeout: None }
    }

    /// The name of the namespace.
    pub fn name(&self) -> &str {
        self.scope.namespace()
    }

    /// Only members of these rooms, and of those given before; a socket in several of them gets one packet.
    ///
    /// An empty list changes nothing: without any room, all sockets are meant, as in the reference. Where a list may be
    /// empty and nobody is to be meant then, look before you emit.
    pub fn to<M>(mut self, rooms: impl IntoRooms<M>) -> Self {
        Arc::make_mut(&mut self.scope).rooms.extend(rooms.into_rooms());
        self
    }

    /// Not the members of these rooms. A socket's id is a room.
    pub fn except<M>(mut self, rooms: impl IntoRooms<M>) -> Self {
        Arc::make_mut(&mut self.scope).except.extend(rooms.into_rooms());
        self
    }

    /// Only sockets of this process.
    pub fn local(mut self) -> Self {
        Arc::make_mut(&mut self.scope).local = true;
        self
    }

    /// What is emitted is dropped for each socket whose transport cannot take it at once.
    pub const fn volatile(mut self) -> Self {
        self.delivery.volatile = true;
        self
    }

    /// Whether what is emitted may be compressed, by a transport that compresses.
    pub const fn compress(mut self, compress: bool) -> Self {
        self.delivery.compress = compress;
        self
    }

    /// How long [`emit_with_ack`](Self::emit_with_ack) waits for answers.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Emits an event. Queued for the sockets of this process by this call; the future is for those of other nodes.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError). A slow or vanished member is no error.
    pub fn emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> BroadcastFuture {
        match self.encode(name, args) {
            Ok((namespace, event)) => self.hand_over(namespace, event),
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    /// Emits the event `message`.
    pub fn send(&self, args: impl IntoArgs) -> BroadcastFuture {
        self.emit("message", args)
    }

    /// Emits an event that was encoded before.
    pub fn emit_encoded(&self, event: &Encoded) -> BroadcastFuture {
        match self.checked(event.name()) {
            Ok(namespace) => self.hand_over(namespace, event.clone()),
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    /// Emits an event and collects the answers: the first argument of each as `T`, or several as
    /// [`Args<(A, B)>`](crate::Args).
    ///
    /// Queued by this call. Answers are awaited for [`SocketConfig::ack_timeout`](crate::SocketConfig::ack_timeout)
    /// (30 s by default), or as long as [`timeout`](Self::timeout) says. A member that leaves does not hold it up, and
    /// one that stays silent costs its own answer only.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn emit_with_ack<T: FromAck>(
        &self,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> BroadcastFuture<Acks<T>> {
        match self.call(name, args) {
            Ok(answers) => BroadcastFuture::done(Acks::new(answers)),
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    /// Emits an event that was encoded before, and collects the answers, as [`emit_with_ack`](Self::emit_with_ack) does.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn emit_encoded_with_ack<T: FromAck>(&self, event: &Encoded) -> BroadcastFuture<Acks<T>> {
        match self.checked(event.name()) {
            Ok(namespace) => BroadcastFuture::done(Acks::new(self.ask_all(namespace, event.clone()))),
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    fn call(
        &self,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> Result<BoxStream<'static, Answered>, EmitError> {
        let (namespace, event) = self.encode(name, args)?;
        Ok(self.ask_all(namespace, event))
    }

    fn ask_all(&self, namespace: &NamespaceContext, event: Encoded) -> BoxStream<'static, Answered> {
        let timeout = self.timeout.unwrap_or_else(|| namespace.config().ack_timeout);
        namespace.adapter().call(self.scope.clone(), event, self.delivery, timeout)
    }

    fn hand_over(&self, namespace: &NamespaceContext, event: Encoded) -> BroadcastFuture {
        BroadcastFuture::new(namespace.adapter().broadcast(self.scope.clone(), event, self.delivery))
    }

    fn encode(
        &self,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> Result<(&NamespaceContext, Encoded), EmitError> {
        let namespace = self.checked(name.as_ref())?;
        let event = Encoded::once(namespace.name(), name, args)?;
        let event = if namespace.config().shares_compressed { event.sharing() } else { event };
        Ok((namespace, event))
    }

    /// The namespace, where an event of that name may be emitted.
    fn checked(&self, name: &str) -> Result<&NamespaceContext, EmitError> {
        let namespace = self.namespace()?;
        namespace.may_emit(name)?;
        Ok(namespace)
    }

    pub(crate) fn namespace(&self) -> Result<&Arc<NamespaceContext>, EmitError> {
        match &self.target {
            Target::Namespace(namespace) => Ok(namespace),
            Target::Of(socket) => Ok(socket.context()),
            Target::NotMounted => Err(EmitError::NotMounted),
            Target::Unknown => Err(EmitError::UnknownNamespace(self.scope.namespace().into())),
            Target::Closed => Err(EmitError::Closed),
        }
    }
}
