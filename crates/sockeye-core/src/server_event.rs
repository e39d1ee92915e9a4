//! Events between the servers of one application.

#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use futures_util::{FutureExt as _, StreamExt as _, stream::BoxStream};
use serde::de::DeserializeOwned;
use sockeye_proto::socket::{Arguments, PayloadError, encode::EventWriter, is_reserved};

use crate::{
    AckError, Broadcast, EmitError, FromAck, IntoArgs, broadcast::BroadcastFuture, reply::read_back,
    socket::read_ack,
};

/// An event from one server to the others of the same application, in one namespace. No client sees it.
#[derive(Clone)]
pub struct ServerEvent {
    namespace: Arc<str>,
    name: Arc<str>,
    arguments: Arguments,
}

impl ServerEvent {
    /// An event as an adapter has received it.
    pub fn new(namespace: impl Into<Arc<str>>, name: impl Into<Arc<str>>, arguments: Arguments) -> Self {
        Self { namespace: namespace.into(), name: name.into(), arguments }
    }

    /// The namespace it belongs to.
    pub const fn namespace(&self) -> &Arc<str> {
        &self.namespace
    }

    /// The event's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first argument, read as `T`; a missing one is `null`.
    ///
    /// # Errors
    /// Where and why it does not fit `T`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        self.arguments.deserialize_first()
    }

    /// Several arguments, read as a tuple.
    ///
    /// # Errors
    /// Where and why they do not fit `T`.
    pub fn args<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        self.arguments.deserialize_tuple()
    }

    /// The arguments as they came.
    pub const fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// Whether a name belongs to what servers tell by themselves, so that no event can have it.
    pub fn is_reserved(name: &str) -> bool {
        is_reserved(name) || matches!(name, "connection" | "new_namespace")
    }

    fn encode(namespace: &Arc<str>, name: &str, args: impl IntoArgs) -> Result<Self, EmitError> {
        if Self::is_reserved(name) {
            return Err(EmitError::Reserved(name.into()));
        }
        let mut writer = EventWriter::unaddressed();
        args.write_args(&mut writer)?;
        // What has just been written can be read, save where it is nested too deep for any reader.
        let arguments = read_back(&writer.seal()).unwrap_or_default();
        Ok(Self::new(namespace.clone(), name, arguments))
    }
}

/// To the other servers of the application. Rooms do not matter: a server is in none.
impl Broadcast {
    /// Emits an event to the same namespace of all **other** servers, where the handlers of
    /// `Namespace::on_server_event` get it. With the adapter of a server that is alone there are no others, and nothing
    /// happens.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn server_emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> BroadcastFuture {
        match self.server_event(name.as_ref(), args) {
            Ok(event) => self.ask(|namespace| namespace.adapter().server_emit(event)),
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    /// Emits an event to all **other** servers and collects what their handlers answer: one item for each, read as `T`; an
    /// error for one that has not answered within [`timeout`](Self::timeout). Of a server that is alone there are none.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn server_emit_with_ack<T: FromAck + Send + 'static>(
        &self,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> BroadcastFuture<Vec<Result<T, AckError>>> {
        match self.server_call(name.as_ref(), args) {
            Ok(answers) => {
                let read = |answer: Result<Arguments, AckError>| answer.and_then(|answer| read_ack(&answer));
                BroadcastFuture::boxed(answers.map(read).collect::<Vec<_>>().map(Ok).boxed())
            }
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    /// How many servers there are, this one included.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn servers(&self) -> BroadcastFuture<usize> {
        self.ask(|namespace| namespace.adapter().servers())
    }

    fn server_event(&self, name: &str, args: impl IntoArgs) -> Result<ServerEvent, EmitError> {
        ServerEvent::encode(self.namespace()?.name(), name, args)
    }

    fn server_call(
        &self,
        name: &str,
        args: impl IntoArgs,
    ) -> Result<BoxStream<'static, Result<Arguments, AckError>>, EmitError> {
        let (namespace, event) = (self.namespace()?, self.server_event(name, args)?);
        let timeout = self.timeout.unwrap_or_else(|| namespace.config().ack_timeout);
        Ok(namespace.adapter().server_call(event, timeout))
    }
}

/// The text of the arguments does not belong into logs.
impl fmt::Debug for ServerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerEvent")
            .field("namespace", &self.namespace)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
