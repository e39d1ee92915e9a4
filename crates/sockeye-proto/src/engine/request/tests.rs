//! The table of requests and answers, and any bytes at all.

use proptest::prelude::*;

use super::*;
use crate::engine::RequestError::*;

fn ask(method: &str, upgrade: bool, query: &str) -> Result<RequestKind, RequestError> {
    let query = parse(Some(query));
    let known = query.sid.as_deref() == Some("known");
    judge(&query, Facts { method, upgrade, known }, &Config::default())
}

#[test]
fn a_new_session_needs_transport_method_and_version() {
    let cases = [
        ("GET", false, "EIO=4&transport=polling", Ok(RequestKind::Open(Transport::Polling))),
        ("GET", true, "EIO=4&transport=websocket", Ok(RequestKind::Open(Transport::WebSocket))),
        ("GET", false, "EIO=4&transport=%70olling&t=abc&j=0", Ok(RequestKind::Open(Transport::Polling))),
        ("GET", false, "EIO=4&transport=polling&sid=", Ok(RequestKind::Open(Transport::Polling))),
        ("GET", false, "EIO=3&transport=polling&EIO=4", Ok(RequestKind::Open(Transport::Polling))),
        ("GET", false, "EIO=4", Err(TransportUnknown)),
        ("GET", false, "", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=tobi", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=constructor", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=__proto__", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=webtransport", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=Polling", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=websocket", Err(BadRequest)),
        ("GET", true, "EIO=4&transport=polling", Err(BadRequest)),
        ("POST", false, "EIO=4&transport=polling", Err(BadHandshakeMethod)),
        ("PUT", false, "EIO=4&transport=polling", Err(BadHandshakeMethod)),
        ("DELETE", false, "EIO=4&transport=polling", Err(BadHandshakeMethod)),
        ("OPTIONS", false, "EIO=4&transport=polling", Err(BadHandshakeMethod)),
        ("PATCH", false, "EIO=4&transport=polling", Err(BadHandshakeMethod)),
        ("HEAD", false, "EIO=4&transport=polling", Err(BadHandshakeMethod)),
        ("POST", true, "EIO=4&transport=websocket", Err(BadHandshakeMethod)),
        ("GET", false, "transport=polling", Err(UnsupportedProtocolVersion)),
        ("GET", false, "EIO=3&transport=polling", Err(UnsupportedProtocolVersion)),
        ("GET", true, "EIO=5&transport=websocket", Err(UnsupportedProtocolVersion)),
        ("GET", false, "EIO=abc&transport=polling", Err(UnsupportedProtocolVersion)),
        ("GET", false, "EIO=4&transport=polling&EIO=3", Err(UnsupportedProtocolVersion)),
    ];
    for (method, upgrade, query, answer) in cases {
        assert_eq!(ask(method, upgrade, query), answer, "{method} {upgrade} {query}");
    }
}

#[test]
fn a_session_s_requests_must_fit_it() {
    let cases = [
        ("GET", false, "EIO=4&transport=polling&sid=known", Ok(RequestKind::Poll)),
        ("POST", false, "EIO=4&transport=polling&sid=known", Ok(RequestKind::Post)),
        ("GET", true, "EIO=4&transport=websocket&sid=known", Ok(RequestKind::Upgrade)),
        ("PUT", false, "EIO=4&transport=polling&sid=known", Ok(RequestKind::Other)),
        ("GET", false, "EIO=4&transport=polling&sid=__proto__", Err(SessionIdUnknown)),
        ("GET", true, "EIO=4&transport=websocket&sid=other", Err(SessionIdUnknown)),
        ("POST", false, "EIO=4&transport=tobi&sid=known", Err(TransportUnknown)),
        ("GET", false, "EIO=4&transport=websocket&sid=known", Err(BadRequest)),
        ("GET", true, "EIO=4&transport=polling&sid=known", Err(BadRequest)),
        ("GET", false, "EIO=3&transport=polling&sid=known", Err(BadRequest)),
        ("GET", false, "transport=polling&sid=known", Err(BadRequest)),
        ("POST", true, "EIO=4&transport=websocket&sid=known", Err(BadHandshakeMethod)),
    ];
    for (method, upgrade, query, answer) in cases {
        assert_eq!(ask(method, upgrade, query), answer, "{method} {upgrade} {query}");
    }
}

#[test]
fn what_is_not_enabled_is_unknown() {
    let facts = Facts { method: "GET", upgrade: true, known: true };
    let polling = Config { transports: vec![Transport::Polling], ..Config::default() };
    assert_eq!(judge(&parse(Some("EIO=4&transport=websocket")), facts, &polling), Err(TransportUnknown));
    let fixed = Config { allow_upgrades: false, ..Config::default() };
    assert_eq!(
        judge(&parse(Some("EIO=4&transport=websocket&sid=a")), facts, &fixed),
        Ok(RequestKind::Upgrade)
    );
}

proptest! {
    #[test]
    fn any_query_is_judged(query in ".*", method in "[A-Z]{0,7}", upgrade: bool, known: bool) {
        let _ = judge(&parse(Some(&query)), Facts { method: &method, upgrade, known }, &Config::default());
    }

    #[test]
    fn what_is_not_encoded_reads_as_a_form(query in "(&|=|a|sid|EIO|transport|\\PC){0,12}") {
        let last = |name: &str| {
            form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).last().map(|(_, value)| value)
        };
        let parsed = parse(Some(&query));
        prop_assert_eq!(&parsed.transport, &last("transport"));
        prop_assert_eq!(&parsed.eio, &last("EIO"));
        prop_assert_eq!(&parsed.sid, &last("sid").filter(|sid| !sid.is_empty()));
    }

    #[test]
    fn values_are_decoded(sid in ".{1,20}") {
        let text: String = form_urlencoded::Serializer::new(String::new()).append_pair("sid", &sid).finish();
        let query = parse(Some(&text));
        prop_assert_eq!(query.sid.as_deref(), Some(&*sid));
    }
}
