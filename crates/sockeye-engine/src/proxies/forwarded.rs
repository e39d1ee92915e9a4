//! What proxies write about those in front of them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, header};

/// One station on the way, the client first. `None`: it does not say who it is.
pub(super) type Hop = Option<IpAddr>;

/// The stations of `X-Forwarded-For`, of all its lines together.
pub(super) fn x_forwarded_for(headers: &HeaderMap) -> Option<Vec<Hop>> {
    elements(headers, "x-forwarded-for", address)
}

/// The stations of `Forwarded` (RFC 7239): the parameter `for` of each element.
pub(super) fn forwarded(headers: &HeaderMap) -> Option<Vec<Hop>> {
    elements(headers, header::FORWARDED.as_str(), |element| {
        let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
        address(value)
    })
}

/// Whether the proxy in front of the server was asked over TLS: by `X-Forwarded-Proto`, or the parameter `proto` of
/// `Forwarded`. The last value counts, for what stands before it may be the client's own; where the two disagree, nobody
/// knows.
pub(crate) fn by_tls(headers: &HeaderMap) -> bool {
    let last = |name: &str| -> Option<Option<String>> {
        let value = headers.get_all(name).iter().next_back()?;
        let element = value.to_str().ok().and_then(|value| value.rsplit(',').next());
        Some(element.map(|element| element.trim().to_ascii_lowercase()))
    };
    let proto = |element: &str| {
        let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim() == "proto")?;
        Some(value.trim().trim_matches('"').to_owned())
    };
    let is_tls = |scheme: Option<String>| matches!(scheme.as_deref(), Some("https" | "wss"));
    let plain = last("x-forwarded-proto").map(is_tls);
    let standard =
        last(header::FORWARDED.as_str()).and_then(|element| proto(&element?)).map(|it| is_tls(Some(it)));
    match (plain, standard) {
        (Some(one), Some(other)) => one && other,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => false,
    }
}

/// A comma or semicolon inside quotes would tear an element apart; no address has one, so the torn pieces are no
/// addresses either.
fn elements(headers: &HeaderMap, name: &str, hop: impl Fn(&str) -> Hop) -> Option<Vec<Hop>> {
    let mut hops = None;
    for value in headers.get_all(name) {
        // A value that is no text is one element, and not an address.
        let value = value.to_str().unwrap_or_default();
        hops.get_or_insert_with(Vec::new).extend(value.split(',').map(&hop));
    }
    hops
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`, each also in quotes.
fn address(text: &str) -> Hop {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let address = text.parse().ok().or_else(bracketed).or_else(with_port)?;
    Some(IpAddr::to_canonical(&address))
}
