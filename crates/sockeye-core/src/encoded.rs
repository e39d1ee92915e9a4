//! An event that is encoded once for many targets.

use std::sync::Arc;

use smol_str::SmolStr;
use sockeye_proto::Group;

use crate::{EmitError, IntoArgs, wire::Body};

/// An event, encoded once, to be emitted to many different targets. Cheap to clone.
///
/// A broadcast does this by itself; it is of use when the targets cannot be named by one broadcast.
///
/// ```
/// use sockeye_core::{Encoded, Socket};
///
/// async fn tell(sockets: &[Socket], item: &str) -> Result<(), sockeye_core::EmitError> {
///     let news = Encoded::new("news", item)?;
///     for socket in sockets {
///         socket.emit_encoded(&news).await?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Encoded(Arc<EncodedState>);

#[derive(Debug)]
struct EncodedState {
    name: SmolStr,
    namespace: SmolStr,
    body: Body,
}

impl Encoded {
    /// Encodes an event. Emitting it in the namespace `/` costs no copy, in another one copy of the bytes.
    ///
    /// # Errors
    /// [`EmitError::Encode`] and [`EmitError::Reserved`].
    pub fn new(name: impl AsRef<str>, args: impl IntoArgs) -> Result<Self, EmitError> {
        Self::for_namespace("/", name, args)
    }

    /// Encodes an event that will mostly be emitted in `namespace`.
    ///
    /// # Errors
    /// [`EmitError::Encode`] and [`EmitError::Reserved`].
    pub fn for_namespace(
        namespace: &str,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> Result<Self, EmitError> {
        // It is made to be used more than once.
        Ok(Self::once(namespace, name, args)?.sharing())
    }

    /// Encodes an event for one use.
    pub(crate) fn once(
        namespace: &str,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> Result<Self, EmitError> {
        let name = name.as_ref();
        let body = Body::event(namespace, name, args)?;
        Ok(Self(Arc::new(EncodedState { name: name.into(), namespace: namespace.into(), body })))
    }

    /// Its compressed forms are made once for all who get it. For one that was just made.
    pub(crate) fn sharing(mut self) -> Self {
        if let Some(state) = Arc::get_mut(&mut self.0) {
            state.body.share();
        }
        self
    }

    /// The event's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Name and arguments as the text of a JSON array, with placeholders where attachments belong.
    pub fn json(&self) -> &str {
        self.0.body.json()
    }

    /// The binary parts, in the order of their placeholders' numbers.
    pub fn attachments(&self) -> impl Iterator<Item = &[u8]> {
        self.0.body.attachments()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.0.body
    }

    /// The packet for one namespace, with room for an offset behind the arguments.
    pub(crate) fn numbered(&self, namespace: &str) -> Group {
        self.0.body.numbered(namespace)
    }

    /// The packet for one namespace. Without an ack id in the namespace it was encoded for, the bytes are shared.
    pub fn group(&self, namespace: &str, ack: Option<u64>) -> Group {
        if ack.is_none() && *self.0.namespace == *namespace {
            return self.0.body.group().clone();
        }
        self.0.body.readdressed(namespace, ack)
    }
}
