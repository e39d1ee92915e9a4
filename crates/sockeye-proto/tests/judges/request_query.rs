//! A request's query, behind one byte for its other facts.

use sockeye_proto::engine::{
    Config, Transport,
    request::{Facts, RequestError, RequestKind, judge as judge_request, parse},
};

pub(crate) fn judge(data: &[u8]) {
    let Some((facts, query)) = data.split_first() else { return };
    let methods = ["GET", "POST", "OPTIONS", "DELETE"];
    let method = methods[usize::from(facts & 3)];
    let facts = Facts { method, upgrade: facts & 4 != 0, known: facts & 8 != 0 };
    let query = String::from_utf8_lossy(query);
    let query = parse(Some(&query));
    assert_ne!(query.sid.as_deref(), Some(""), "an empty sid is none");

    let config = Config::default();
    let transport = query.transport.as_deref().and_then(Transport::parse);
    let judged = judge_request(&query, facts, &config);
    assert_eq!(transport.is_none(), judged == Err(RequestError::TransportUnknown));
    let Ok(kind) = judged else { return };

    assert_eq!(query.eio.as_deref(), Some("4"));
    assert_eq!(query.sid.is_some(), !matches!(kind, RequestKind::Open(_)));
    assert!(query.sid.is_none() || facts.known, "a request for a session that does not live");
    let websocket = transport == Some(Transport::WebSocket);
    assert_eq!(facts.upgrade, websocket);
    match kind {
        RequestKind::Open(opened) => assert!(method == "GET" && Some(opened) == transport),
        RequestKind::Poll => assert!(method == "GET" && !websocket),
        RequestKind::Upgrade => assert!(method == "GET" && websocket),
        RequestKind::Post => assert!(method == "POST" && !websocket),
        _ => assert!(!websocket),
    }
    // That upgrades are not offered changes nothing for whoever comes with one.
    let without = Config { allow_upgrades: false, ..config };
    assert_eq!(judge_request(&query, facts, &without), Ok(kind));
}
