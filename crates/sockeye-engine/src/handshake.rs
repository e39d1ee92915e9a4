//! The HTTP request that opened a session, kept compactly.

use std::{borrow::Cow, collections::HashSet, fmt, net::IpAddr, time::SystemTime};

use http::{Extensions, HeaderMap, HeaderName, Uri, header, request::Parts};
use sockeye_proto::{Head, SessionId, engine::Transport};

use crate::websocket::Upgrade;

/// What is known of the request that opened a session.
pub struct Handshake {
    /// Method, URI and headers without the hop-by-hop ones, in one allocation of their own. No slice of the HTTP
    /// library's read buffer is kept alive, which is most of what an idle session would cost.
    pub head: Head,
    /// What the layers in front of the service have put into the request.
    pub extensions: Extensions,
    /// The secret name of the session.
    pub sid: SessionId,
    /// The transport it was opened on.
    pub transport: Transport,
    /// When it was opened.
    pub time: SystemTime,
    /// The version of HTTP the request came with.
    pub version: http::Version,
    /// Where the client is, if that is known: the peer of the connection, or what a
    /// [trusted proxy](crate::EngineBuilder::trusted_proxies) says.
    pub address: Option<IpAddr>,
    /// Whether the client is known to have come over TLS: the application has marked the request [`Secure`], or a trusted
    /// proxy says so.
    pub secure: bool,
}

/// Put into a request's extensions, it says that the connection is encrypted. For a listener that speaks TLS itself: only
/// it knows, and what the request says of itself may be invented. With axum it is one layer around what that listener
/// serves, `.layer(Extension(Secure))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secure;

/// How the judgement of a handshake hands the client's address on.
#[derive(Clone, Copy)]
pub(crate) struct Address(pub(crate) Option<IpAddr>);

impl Handshake {
    pub(crate) fn new(
        parts: Parts,
        sid: SessionId,
        transport: Transport,
        compact: Option<fn(&Uri, &mut Extensions)>,
    ) -> Self {
        let Parts { method, uri, version, headers, mut extensions, .. } = parts;
        // An upgrade handle inside would keep the HTTP connection's buffers for the life of the session.
        Upgrade::forget(&mut extensions);
        let address = extensions.remove::<Address>().and_then(|Address(address)| address);
        let secure = extensions.remove::<Secure>().is_some();
        if let Some(compact) = compact {
            compact(&uri, &mut extensions);
        }
        let listed = listed(&headers);
        let kept: Vec<(&str, &[u8])> = headers
            .iter()
            .filter(|(name, _)| !is_hop_by_hop(name) && !listed.contains(*name))
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let head = Head::new(method.as_str(), &target(&uri), kept.iter().copied());
        let extensions = shrunk(extensions);
        Self { head, extensions, sid, transport, time: SystemTime::now(), version, address, secure }
    }
}

/// Without the `sid`, which is a secret, as the head's own output is without query and values.
impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshake")
            .field("head", &self.head)
            .field("transport", &self.transport)
            .field("time", &self.time)
            .field("version", &self.version)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// The same values in a table no larger than they need. There were more of them, and a table keeps the room it once had.
fn shrunk(extensions: Extensions) -> Extensions {
    let mut shrunk = Extensions::new();
    if !extensions.is_empty() {
        // With a table of the least size to move into; into none at all the old one would be moved as it is.
        shrunk.insert(());
        shrunk.remove::<()>();
        shrunk.extend(extensions);
    }
    shrunk
}

/// The URI as it was written. Nothing has to be put together where it is a path alone, as most are.
fn target(uri: &Uri) -> Cow<'_, str> {
    match (uri.scheme(), uri.authority(), uri.path_and_query()) {
        (None, None, Some(path)) => path.as_str().into(),
        _ => uri.to_string().into(),
    }
}

/// Hop-by-hop by their names (RFC 9110, section 7.6.1).
fn is_hop_by_hop(name: &HeaderName) -> bool {
    const FIXED: [HeaderName; 7] = [
        header::CONNECTION,
        header::UPGRADE,
        header::TRANSFER_ENCODING,
        header::TE,
        header::TRAILER,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
    ];
    FIXED.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

/// Hop-by-hop only because `Connection` lists them, which mostly are none. Read once: the list may be as long as a request's head.
fn listed(headers: &HeaderMap) -> HashSet<HeaderName> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|token| token.trim().parse().ok())
        .filter(|name| !is_hop_by_hop(name) && headers.contains_key(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid() -> SessionId {
        sockeye_proto::Id::from_random([1; 15]).into()
    }

    #[test]
    fn keeps_what_belongs_to_the_request_and_drops_what_belongs_to_the_connection() {
        let (parts, ()) = http::Request::builder()
            .uri("/engine.io/?EIO=4&transport=polling")
            .header("connection", "keep-alive, X-Hop")
            .header("keep-alive", "timeout=5")
            .header("x-hop", "1")
            .header("cookie", "token=abc")
            .extension(7_u8)
            .body(())
            .unwrap()
            .into_parts();
        let handshake = Handshake::new(parts, sid(), Transport::Polling, None);
        assert_eq!(handshake.head.method(), "GET");
        assert_eq!(handshake.head.uri(), "/engine.io/?EIO=4&transport=polling");
        let names: Vec<_> = handshake.head.headers().map(|(name, _)| name.to_owned()).collect();
        assert_eq!(names, ["cookie"]);
        assert_eq!(handshake.extensions.get::<u8>(), Some(&7));
        let shown = format!("{handshake:?}");
        assert!(shown.contains("Polling") && !shown.contains(handshake.sid.as_str()), "{shown}");
    }

    #[test]
    fn lets_the_caller_thin_out_the_extensions() {
        let (parts, ()) = http::Request::builder().extension(7_u8).body(()).unwrap().into_parts();
        let compact: fn(&Uri, &mut Extensions) = |_, extensions| {
            extensions.remove::<u8>();
        };
        let handshake = Handshake::new(parts, sid(), Transport::WebSocket, Some(compact));
        assert!(handshake.extensions.get::<u8>().is_none());
    }
}
