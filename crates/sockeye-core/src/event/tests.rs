//! An event: its own copy of the request, and the moment it enters its handler.

use std::sync::atomic::Ordering;

use crate::testing::{World, event};

#[test]
fn the_request_is_rebuilt_once_per_event_and_shared_with_no_other() {
    let socket = World::new().socket();
    let (mut first, _) = event(&socket, "a", "[]").into_parts();
    first.request().headers.clear();
    first.request().extensions.insert(1_u8);
    assert!(first.request().headers.is_empty());
    assert_eq!(first.request().extensions.get::<u8>(), Some(&1), "one copy for all extractors of a handler");
    let (mut second, _) = event(&socket, "b", "[]").into_parts();
    assert_eq!(second.request().headers["cookie"], "session=ada");
    assert_eq!(second.request().extensions.get::<u8>(), None);
    assert_eq!(second.request().extensions.get::<&str>(), Some(&"from a layer"));
}

#[test]
fn entering_is_told_to_the_socket_and_wakes_its_session() {
    let world = World::new();
    let socket = world.socket();
    assert_eq!(socket.entered(), 0);
    let (parts, _) = event(&socket, "a", "[]").into_parts();
    let entry = parts.entry();
    assert_eq!(socket.entered(), 0);
    entry.enter();
    parts.enter();
    assert_eq!(socket.entered(), 1);
    assert_eq!(world.session.wakes.load(Ordering::Relaxed), 2);
}
