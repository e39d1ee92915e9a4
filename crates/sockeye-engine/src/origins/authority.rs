//! What an origin and a `Host` header are made of.

use std::fmt;

/// An origin, ready to be compared: in lower case, with its port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    scheme: String,
    /// An IPv6 address keeps its brackets.
    host: String,
    /// `None` where the scheme has no port of its own and none was named.
    port: Option<u16>,
}

impl Site {
    /// Reads RFC 6454, section 7, of which `null` names nobody.
    pub(super) fn parse(origin: &[u8]) -> Option<Self> {
        let (scheme, authority) = str::from_utf8(origin).ok()?.split_once("://")?;
        if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            || !scheme.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'))
        {
            return None;
        }
        let scheme = scheme.to_ascii_lowercase();
        let (host, port) = split(authority)?;
        let port = port.or(match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        });
        Some(Self { scheme, host: host.to_ascii_lowercase(), port })
    }

    pub(super) fn is_host(&self, host: Option<&str>) -> bool {
        host.is_some_and(|host| host.eq_ignore_ascii_case(&self.host))
    }
}

/// As a browser writes it: the scheme's own port is left out.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port } = self;
        match (scheme.as_str(), port) {
            (_, None) | ("http", Some(80)) | ("https", Some(443)) => write!(f, "{scheme}://{host}"),
            (_, Some(port)) => write!(f, "{scheme}://{host}:{port}"),
        }
    }
}

/// The host in the value of a `Host` header.
pub(super) fn host(authority: &str) -> Option<&str> {
    split(authority).map(|(host, _)| host)
}

/// Host and port; `None` for what is neither.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at_checked(end)?;
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let good = match inside {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|it| it.is_ascii_alphanumeric() || "-._~%".contains(it)),
    };
    if !good {
        return None;
    }
    match rest.strip_prefix(':') {
        None => rest.is_empty().then_some((host, None)),
        // `parse` alone would take a sign.
        Some(port) if port.bytes().all(|digit| digit.is_ascii_digit()) => {
            Some((host, Some(port.parse().ok()?)))
        }
        Some(_) => None,
    }
}
