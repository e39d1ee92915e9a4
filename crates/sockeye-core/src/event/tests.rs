//! An event: its own copy of the request, and the moment it enters its handler.

use std::sync::atomic::Ordering;

use sockeye_proto::socket::Arguments;

use super::*;
use crate::testing::{World, event};

/// It moves a few times on its way to its handler; up to this size without a call.
#[test]
fn an_event_is_moved_by_a_few_instructions() {
    assert!(size_of::<Event>() <= 128, "{}", size_of::<Event>());
}

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
fn entering_is_told_to_the_socket_and_wakes_the_session_that_waits_for_it() {
    let world = World::new();
    let socket = world.socket();
    let wakes = || world.session.wakes.load(Ordering::Relaxed);
    let (parts, _) = event(&socket, "a", "[]").into_parts();
    let entry = parts.entry();
    assert!(!socket.has_entered(1));
    entry.enter();
    assert!(socket.has_entered(1));
    assert_eq!(wakes(), 1);
    parts.enter();
    let (second, _) = Event::new(socket.clone(), "b", 2, None, Arguments::default()).into_parts();
    second.enter();
    assert!(socket.has_entered(2));
    assert_eq!(wakes(), 1, "nobody waited");
}
