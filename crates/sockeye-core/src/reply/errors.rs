//! Errors of this crate as replies, so that a handler may pass on what went wrong with `?` or as its last line.

use std::fmt;

use super::{IntoReply, Reply};
use crate::{AckError, AdapterError, BroadcastError, DataError, EmitError, JoinError};

/// | error | code |
/// |---|---|
/// | [`Closed`](EmitError::Closed) | `closed` |
/// | [`Timeout`](EmitError::Timeout) | `timeout` |
/// | [`Full`](EmitError::Full) | `full` |
/// | [`Reserved`](EmitError::Reserved) | `reserved` |
/// | [`UnknownNamespace`](EmitError::UnknownNamespace) | `unknown_namespace` |
/// | [`Encode`](EmitError::Encode), [`NotInContract`](EmitError::NotInContract), [`NotMounted`](EmitError::NotMounted) | `internal`, and no more than that |
impl IntoReply for EmitError {
    fn into_reply(self) -> Reply {
        let code = match self {
            Self::Closed => "closed",
            Self::Timeout => "timeout",
            Self::Full => "full",
            Self::Reserved(_) => "reserved",
            Self::UnknownNamespace(_) => "unknown_namespace",
            Self::Encode(_) | Self::NotInContract(_) | Self::NotMounted => return internal(&self),
        };
        Reply::error(code, self)
    }
}

/// | error | code |
/// |---|---|
/// | [`Timeout`](AckError::Timeout) | `timeout` |
/// | [`Disconnected`](AckError::Disconnected) | `disconnected` |
/// | [`Stalled`](AckError::Stalled) | `stalled` |
/// | [`Decode`](AckError::Decode) | `invalid_ack` |
/// | [`Emit`](AckError::Emit) | that of the [`EmitError`] |
impl IntoReply for AckError {
    fn into_reply(self) -> Reply {
        let code = match self {
            Self::Timeout => "timeout",
            Self::Disconnected => "disconnected",
            Self::Stalled => "stalled",
            Self::Decode(_) => "invalid_ack",
            Self::Emit(error) => return error.into_reply(),
        };
        Reply::error(code, self)
    }
}

/// | error | code |
/// |---|---|
/// | [`Closed`](JoinError::Closed) | `closed` |
/// | [`TooManyRooms`](JoinError::TooManyRooms) | `too_many_rooms` |
/// | [`NameTooLong`](JoinError::NameTooLong) | `name_too_long` |
/// | [`Full`](JoinError::Full) | `full` |
impl IntoReply for JoinError {
    fn into_reply(self) -> Reply {
        let code = match self {
            Self::Closed => "closed",
            Self::TooManyRooms => "too_many_rooms",
            Self::NameTooLong => "name_too_long",
            Self::Full => "full",
        };
        Reply::error(code, self)
    }
}

/// | error | code |
/// |---|---|
/// | [`TooLarge`](DataError::TooLarge) | `too_large` |
/// | all others | `internal`, and no more than that |
impl IntoReply for DataError {
    fn into_reply(self) -> Reply {
        match self {
            Self::TooLarge { .. } => Reply::error("too_large", self),
            Self::Encode(_) | Self::Decode(_) | Self::NotAnObject | Self::OtherType { .. } => internal(&self),
        }
    }
}

/// The code is that of the [`EmitError`], or of the [`AdapterError`].
impl IntoReply for BroadcastError {
    fn into_reply(self) -> Reply {
        match self {
            Self::Emit(error) => error.into_reply(),
            Self::Adapter(error) => error.into_reply(),
        }
    }
}

/// The code is `unavailable`; what exactly went wrong between the nodes is not the client's business.
impl IntoReply for AdapterError {
    fn into_reply(self) -> Reply {
        tracing::debug!(target: "sockeye::reply", error = ?self, "a handler has answered with the adapter's error");
        Reply::error("unavailable", "other servers cannot be reached at the moment")
    }
}

/// A mistake of the program, of which the client learns no details.
fn internal(error: &dyn fmt::Debug) -> Reply {
    tracing::debug!(target: "sockeye::reply", ?error, "a handler has answered with an error of the program's own");
    Reply::internal()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(error: impl IntoReply) -> String {
        let reply = error.into_reply();
        let value: serde_json::Value = serde_json::from_str(reply.as_json().unwrap()).unwrap();
        assert!(value[0]["error"]["message"].is_string());
        value[0]["error"]["code"].as_str().unwrap().to_owned()
    }

    #[test]
    fn every_error_has_a_code() {
        let encode = crate::Encoded::new("x", &std::collections::BTreeMap::from([((1, 2), 3)])).unwrap_err();
        assert_eq!(code(encode), "internal");
        assert_eq!(code(EmitError::NotMounted), "internal");
        assert_eq!(code(EmitError::NotInContract("news".into())), "internal");
        assert_eq!(code(EmitError::Closed), "closed");
        assert_eq!(code(EmitError::Timeout), "timeout");
        assert_eq!(code(EmitError::Full), "full");
        assert_eq!(code(EmitError::Reserved("connect".into())), "reserved");
        assert_eq!(code(EmitError::UnknownNamespace("/x".into())), "unknown_namespace");
        assert_eq!(code(AckError::Timeout), "timeout");
        assert_eq!(code(AckError::Disconnected), "disconnected");
        assert_eq!(code(AckError::Stalled), "stalled");
        assert_eq!(code(AckError::from(EmitError::Full)), "full");
        assert_eq!(code(JoinError::Closed), "closed");
        assert_eq!(code(JoinError::TooManyRooms), "too_many_rooms");
        assert_eq!(code(JoinError::NameTooLong), "name_too_long");
        assert_eq!(code(JoinError::Full), "full");
        assert_eq!(code(DataError::TooLarge { bytes: 2, most: 1 }), "too_large");
        assert_eq!(code(DataError::NotAnObject), "internal");
        assert_eq!(code(BroadcastError::from(EmitError::Closed)), "closed");
        let adapter = BroadcastError::from(AdapterError::new("a secret host is down"));
        let reply = adapter.into_reply();
        assert!(!reply.as_json().unwrap().contains("secret"), "{reply:?}");
        assert_eq!(code(AdapterError::new("down")), "unavailable");
    }

    #[test]
    fn a_handler_may_use_the_question_mark() {
        fn handler() -> Result<(), EmitError> {
            Err(EmitError::Closed)?;
            Ok(())
        }
        let closed = r#"[{"error":{"code":"closed","message":"the socket is closed"}}]"#;
        assert_eq!(handler().into_reply().as_json(), Some(closed));
    }
}
