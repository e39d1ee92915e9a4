//! The HTTP request that opened a session, kept compactly for its whole life.

use std::{borrow::Cow, fmt, net::IpAddr, time::SystemTime};

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
    secure: bool,
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
        Self { head, extensions, version, sid: sid.into(), transport, time, address: None, secure: false }
    }

    /// Adds where the client is.
    #[must_use]
    pub const fn with_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// Adds whether the client came over TLS.
    #[must_use]
    pub const fn with_secure(mut self, secure: bool) -> Self {
        self.secure = secure;
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

    /// The parameters of the query, decoded, in the order they came.
    pub fn query_pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.query().unwrap_or_default().as_bytes())
    }

    /// One parameter of the query, decoded; of one that comes several times the last value.
    ///
    /// To read many of them into a type, take axum's `Query` as an extractor.
    pub fn query_param(&self, name: &str) -> Option<Cow<'_, str>> {
        self.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value).last()
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

    /// [`time`](Self::time) in milliseconds since 1970, as the reference's `issued`.
    pub fn issued(&self) -> u64 {
        let since = self.time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the client is known to have come over TLS: the listener has marked the request with `sockeye::Secure`, or a
    /// trusted proxy says so.
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether a page of some origin has asked: the request has an `Origin`. The reference's `xdomain`.
    pub fn is_xdomain(&self) -> bool {
        self.head.header("origin").is_some()
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
        assert_eq!(handshake.query_param("token").as_deref(), Some("x y"));
        assert_eq!((handshake.issued(), handshake.is_secure(), handshake.is_xdomain()), (0, false, false));
        assert_eq!(handshake.header("Cookie"), Some("a=1"));
        assert_eq!(handshake.header("x-raw"), None, "not text");
    }

    #[test]
    fn of_a_parameter_that_comes_twice_the_last_value_counts() {
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(1_700_000_000_123);
        let headers: [(&str, &[u8]); 1] = [("origin", b"https://example.com")];
        let handshake = Handshake::new(
            Head::new("GET", "/socket.io/?a=1&b=%C3%BC+x&a=2&EIO=4&c", headers.into_iter()),
            Extensions::new(),
            Version::HTTP_11,
            Id::from_random([1; 15]),
            Transport::Polling,
            time,
        )
        .with_secure(true);
        let pairs: Vec<_> = handshake.query_pairs().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(pairs, ["a=1", "b=\u{fc} x", "a=2", "EIO=4", "c="]);
        assert_eq!(handshake.query_param("a").as_deref(), Some("2"));
        assert_eq!(handshake.query_param("c").as_deref(), Some(""));
        assert_eq!(handshake.query_param("d"), None);
        assert_eq!(handshake.issued(), 1_700_000_000_123);
        assert!(handshake.is_secure() && handshake.is_xdomain());
    }
}
