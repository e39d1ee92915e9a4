//! What a request that fits nothing is answered.

/// The errors of the handshake, in the protocol's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[repr(u8)]
#[non_exhaustive]
pub enum RequestError {
    /// `transport` is missing, or not enabled.
    #[error("Transport unknown")]
    TransportUnknown = 0,
    /// `sid` names no session that lives.
    #[error("Session ID unknown")]
    SessionIdUnknown = 1,
    /// A session is opened by GET.
    #[error("Bad handshake method")]
    BadHandshakeMethod = 2,
    /// The request contradicts itself or its session.
    #[error("Bad request")]
    BadRequest = 3,
    /// The server does not want this client.
    #[error("Forbidden")]
    Forbidden = 4,
    /// `EIO` is not 4.
    #[error("Unsupported protocol version")]
    UnsupportedProtocolVersion = 5,
}

impl RequestError {
    /// All of them, by code.
    pub const ALL: [Self; 6] = [
        Self::TransportUnknown,
        Self::SessionIdUnknown,
        Self::BadHandshakeMethod,
        Self::BadRequest,
        Self::Forbidden,
        Self::UnsupportedProtocolVersion,
    ];

    /// The number in the answer's body.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The HTTP status: 403 for [`Forbidden`](Self::Forbidden), else 400.
    pub fn status(self) -> u16 {
        if self == Self::Forbidden { 403 } else { 400 }
    }

    /// The text in the answer's body.
    pub fn message(self) -> &'static str {
        match self {
            Self::TransportUnknown => "Transport unknown",
            Self::SessionIdUnknown => "Session ID unknown",
            Self::BadHandshakeMethod => "Bad handshake method",
            Self::BadRequest => "Bad request",
            Self::Forbidden => "Forbidden",
            Self::UnsupportedProtocolVersion => "Unsupported protocol version",
        }
    }

    /// The answer's body, of type `application/json`.
    pub fn json(self) -> &'static str {
        match self {
            Self::TransportUnknown => r#"{"code":0,"message":"Transport unknown"}"#,
            Self::SessionIdUnknown => r#"{"code":1,"message":"Session ID unknown"}"#,
            Self::BadHandshakeMethod => r#"{"code":2,"message":"Bad handshake method"}"#,
            Self::BadRequest => r#"{"code":3,"message":"Bad request"}"#,
            Self::Forbidden => r#"{"code":4,"message":"Forbidden"}"#,
            Self::UnsupportedProtocolVersion => r#"{"code":5,"message":"Unsupported protocol version"}"#,
        }
    }

    /// The answer's body with a text of its own.
    pub fn json_with(self, message: &str) -> String {
        serde_json::json!({ "code": self.code(), "message": message }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_its_own_is_escaped() {
        let body = RequestError::Forbidden.json_with("not \"you\"\n");
        assert_eq!(body, r#"{"code":4,"message":"not \"you\"\n"}"#);
    }

    #[test]
    fn number_text_and_body_agree() {
        for (code, error) in RequestError::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(error.code()), code);
            assert_eq!(error.to_string(), error.message());
            assert_eq!(error.json(), format!(r#"{{"code":{code},"message":"{}"}}"#, error.message()));
            assert_eq!(error.status(), if code == 4 { 403 } else { 400 });
        }
    }
}
