//! The HTTP request that opened a session, kept compactly for its whole life.

use std::{fmt, net::IpAddr, time::SystemTime};

use http::{Extensions, HeaderName, HeaderValue, Method, Request, Uri, Version, request::Parts};
use sockeye_proto::{Head, SessionId, engine::Transport};

/// The request that opened the session.
///
/// Method, URI and headers lie in one allocation of their own; hop-by-hop headers are gone. The extensions are what the
/// application's layers had put into the request. All sockets of a session share it.
///
/// Extractors see it as ordinary [`Parts`], rebuilt for each event that asks.
pub struct Handshake {
    head: Head,
    extensions: Extensions,
    version: Version,
    sid: SessionId,
    transport: Transport,
    time: SystemTime,
    address: Option<IpAddr>,
}

impl Handshake {
    /// Puts together what is known of a request.
    pub fn new(
        head: Head,
        extensions: Extensions,
        version: Version,
        sid: impl Into<SessionId>,
        transport: Transport,
        time: SystemTime,
    ) -> Self {
        Self { head, extensions, version, sid: sid.into(), transport, time, address: None }
    }

    /// Adds where the client is.
    #[must_use]
    pub const fn with_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// The request's target as it was written, with its query.
    pub fn uri(&self) -> &str {
        self.head.uri()
    }

    /// The query without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.uri().split_once('?').map(|(_, query)| query)
    }

    /// The first value of a header, if it is text; upper and lower case of the name are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name).and_then(|value| str::from_utf8(value).ok())
    }

    /// The headers in the order they came.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.head.headers()
    }

    /// What the application's layers had put into the request.
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The name of the session. A secret: who knows it can speak for the client. A socket's public name is
    /// [`Socket::id`](crate::Socket::id).
    pub const fn sid(&self) -> &SessionId {
        &self.sid
    }

    /// The transport the session was opened on; [`Socket::transport`](crate::Socket::transport) is today's.
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// Where the client is: the peer of the connection, or what a trusted proxy says; IPv4 as such, not mapped.
    ///
    /// `None` when it is not known: the HTTP server did not put axum's `ConnectInfo` into the request, or a proxy does
    /// not say. It is never guessed from a header that the client could have written.
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// When the session was opened.
    pub const fn time(&self) -> SystemTime {
        self.time
    }

    /// The request once more, as `http` knows it. Every call builds it anew, so whoever changes it changes it for
    /// nobody else.
    ///
    /// What `http` would refuse (which cannot happen to a head that an HTTP server has read) is left out.
    pub fn parts(&self) -> Parts {
        let mut parts = empty_parts();
        parts.method = Method::from_bytes(self.head.method().as_bytes()).unwrap_or_default();
        parts.uri = self.head.uri().parse::<Uri>().unwrap_or_default();
        parts.version = self.version;
        parts.extensions = self.extensions.clone();
        for (name, value) in self.head.headers() {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_bytes(value);
            if let (Ok(name), Ok(value)) = (name, value) {
                parts.headers.append(name, value);
            }
        }
        parts
    }
}

/// Without the `sid`, the query and the values of headers: secrets do not belong into logs.
impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshake")
            .field("head", &self.head)
            .field("version", &self.version)
            .field("transport", &self.transport)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// Parts that say nothing, which allocate nothing.
pub(crate) fn empty_parts() -> Parts {
    Request::new(()).into_parts().0
}

#[cfg(test)]
mod tests {
    use sockeye_proto::Id;

    use super::*;

    #[test]
    fn gives_the_request_back_as_often_as_one_asks() {
        let headers: [(&str, &[u8]); 3] = [("cookie", b"a=1"), ("x-raw", &[0xe9]), ("cookie", b"b=2")];
        let mut extensions = Extensions::new();
        extensions.insert(7_u8);
        let handshake = Handshake::new(
            Head::new("GET", "/socket.io/?EIO=4&token=x%20y", headers.into_iter()),
            extensions,
            Version::HTTP_2,
            Id::from_random([1; 15]),
            Transport::WebSocket,
            SystemTime::UNIX_EPOCH,
        );
        let shown = format!("{handshake:?}");
        assert!(
            shown.contains("/socket.io/") && !shown.contains("AQEB") && !shown.contains("token"),
            "{shown}"
        );
        let mut first = handshake.parts();
        first.headers.clear();
        first.extensions.clear();
        let parts = handshake.parts();
        assert_eq!(parts.method, Method::GET);
        assert_eq!(parts.uri, "/socket.io/?EIO=4&token=x%20y");
        assert_eq!(parts.version, Version::HTTP_2);
        assert_eq!(parts.headers.get_all("cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
        assert_eq!(parts.headers["x-raw"].as_bytes(), [0xe9]);
        assert_eq!(parts.extensions.get::<u8>(), Some(&7));
        assert_eq!(handshake.query(), Some("EIO=4&token=x%20y"));
        assert_eq!(handshake.header("Cookie"), Some("a=1"));
        assert_eq!(handshake.header("x-raw"), None, "not text");
    }
}
