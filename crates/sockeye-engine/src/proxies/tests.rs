//! Whose word counts.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::TrustedProxies;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// What is known of a client when two networks are trusted.
fn client(peer: &str, lines: &[(&str, &str)]) -> Option<String> {
    let proxies = TrustedProxies::parse(["10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1"]).unwrap();
    let line = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    let headers: HeaderMap = lines.iter().map(line).collect();
    proxies.client(peer.parse().ok(), &headers).map(|address| address.to_string())
}

#[test]
fn a_peer_that_is_no_proxy_is_the_client_whatever_it_says() {
    let lines = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.2")];
    assert_eq!(client("198.51.100.1", &lines).unwrap(), "198.51.100.1");
    assert_eq!(client("::ffff:198.51.100.1", &lines).unwrap(), "198.51.100.1");
    assert_eq!(client("11.0.0.1", &lines).unwrap(), "11.0.0.1");
    assert_eq!(client("", &lines), None, "nobody knows the peer");
}

#[test]
fn the_rightmost_address_that_is_no_proxy_is_the_client() {
    for (value, expected) in [
        ("192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1 , 10.1.2.3", "192.0.2.1"),
        ("unknown, 192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("6.6.6.6, 2001:db8:1:2::3", "6.6.6.6"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        // Everybody on the way is ours, so the first of them asks.
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
    ] {
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", value)]).as_deref(), Some(expected), "{value}");
    }
    let lines = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.1")];
    assert_eq!(client("127.0.0.1", &lines).unwrap(), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &[]).unwrap(), "10.0.0.1", "the proxy itself asks");
}

#[test]
fn the_standard_header_is_read_as_well() {
    for (value, expected) in [
        ("for=192.0.2.1", "192.0.2.1"),
        ("For=\"192.0.2.1:4711\";proto=https;by=10.0.0.1", "192.0.2.1"),
        ("proto=https; for=192.0.2.1", "192.0.2.1"),
        ("for=6.6.6.6, for=\"[2001:db8::1]:80\", for=10.0.0.2", "2001:db8::1"),
    ] {
        assert_eq!(client("10.0.0.1", &[("forwarded", value)]).as_deref(), Some(expected), "{value}");
    }
}

#[test]
fn what_cannot_be_known_is_not_invented() {
    for lines in [
        &[("x-forwarded-for", "192.0.2.1, unknown")][..],
        &[("x-forwarded-for", "")],
        &[("x-forwarded-for", "192.0.2.1,")],
        &[("x-forwarded-for", "192.0.2.256")],
        &[("x-forwarded-for", "\u{e9}")],
        &[("forwarded", "for=_hidden")],
        &[("forwarded", "by=192.0.2.1")],
        &[("forwarded", "for=\"192.0.2.1")],
        // One of the two is the client's own invention.
        &[("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.2")],
        &[("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=unknown")],
    ] {
        assert_eq!(client("10.0.0.1", lines), None, "{lines:?}");
    }
    let both = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
    assert_eq!(client("10.0.0.1", &both).unwrap(), "192.0.2.1");
}

#[test]
fn networks_are_read_and_nonsense_is_named() {
    let all = TrustedProxies::parse(["0.0.0.0/0"]).unwrap();
    assert!(all.contains(ip("8.8.8.8")) && all.contains(ip("::ffff:8.8.8.8")) && !all.contains(ip("::1")));
    let half = TrustedProxies::parse(["10.128.0.0/9", "::/0"]).unwrap();
    assert!(half.contains(ip("10.200.0.1")) && !half.contains(ip("10.127.0.1")) && half.contains(ip("::1")));
    for entry in
        ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "::/129", "10.0.0", "proxy.example", "10.0.0.0/8/8"]
    {
        let error = TrustedProxies::parse([entry]).unwrap_err();
        assert!(error.to_string().contains("neither an address nor a network"), "{entry}");
    }
}

#[test]
fn the_proxy_s_last_word_says_whether_it_was_asked_over_tls() {
    let by_tls = |lines: &[(&str, &str)]| {
        let line = |(name, value): &(&str, &str)| {
            (HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        super::forwarded_by_tls(&lines.iter().map(line).collect())
    };
    for (lines, expected) in [
        (&[][..], false),
        (&[("x-forwarded-proto", "https")], true),
        (&[("x-forwarded-proto", "HTTPS ")], true),
        (&[("x-forwarded-proto", "wss")], true),
        (&[("x-forwarded-proto", "http")], false),
        (&[("x-forwarded-proto", "https, http")], false),
        (&[("x-forwarded-proto", "http, https")], true),
        (&[("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")], false),
        (&[("x-forwarded-proto", "\u{fc}")], false),
        (&[("forwarded", "for=192.0.2.1;proto=https")], true),
        (&[("forwarded", "Proto=\"https\"; for=192.0.2.1")], true),
        (&[("forwarded", "proto=https, for=10.0.0.1;proto=http")], false),
        (&[("forwarded", "for=192.0.2.1")], false),
        (&[("forwarded", "for=192.0.2.1"), ("x-forwarded-proto", "https")], true),
        (&[("forwarded", "proto=http"), ("x-forwarded-proto", "https")], false),
    ] {
        assert_eq!(by_tls(lines), expected, "{lines:?}");
    }
}
