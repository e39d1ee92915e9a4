//! An event that a client has received.

use std::{fmt, panic::Location, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use sockeye_core::{FromAck, IntoArgs};
use sockeye_proto::socket::encode::EventWriter;

use crate::{session::Session, state::Came};

/// An event as it came, with its attachments; it can be answered if the server asks for that.
#[must_use = "an event that was taken is seen by nobody else"]
pub struct Received {
    session: Arc<Session>,
    namespace: String,
    pub(crate) came: Came,
}

impl Received {
    pub(crate) fn new(session: Arc<Session>, namespace: &str, came: Came) -> Self {
        Self { session, namespace: namespace.to_owned(), came }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.came.name
    }

    /// Its first argument as `T`, several as [`Args`](sockeye::Args), all as [`Raw`](sockeye::Raw).
    ///
    /// # Panics
    /// When they do not fit.
    #[must_use]
    #[track_caller]
    pub fn read<T: FromAck>(&self) -> T {
        read(&self.came, Location::caller())
    }

    /// Its arguments as a JSON array, with placeholders where attachments belong.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(self.came.arguments.as_json()).unwrap_or_default()
    }

    /// Its binary parts.
    #[must_use]
    pub fn attachments(&self) -> &[Bytes] {
        self.came.arguments.attachments()
    }

    /// Whether the server asks for an answer.
    #[must_use]
    pub const fn wants_answer(&self) -> bool {
        self.came.ack.is_some()
    }

    /// Answers, by as many arguments as [`IntoArgs`] says.
    ///
    /// # Panics
    /// When the server has not asked, or an argument cannot be written as JSON.
    #[track_caller]
    pub fn answer(self, args: impl IntoArgs) {
        let Some(ack) = self.came.ack else { panic!("nobody asks for an answer to {}", self.came) };
        let mut writer = EventWriter::ack(&self.namespace, ack);
        if let Err(error) = args.write_args(&mut writer) {
            panic!("{} cannot be answered so: {error}", self.came);
        }
        self.session.send(writer.finish());
    }
}

pub(crate) fn read<T: FromAck>(came: &Came, caller: &'static Location<'static>) -> T {
    match T::from_ack(&came.arguments) {
        Ok(value) => value,
        Err(error) => panic!("{caller}: {came} does not have the expected form: {error}"),
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({})", self.came)
    }
}
