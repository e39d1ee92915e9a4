//! What must hold between the two sides of an engine session, whatever the network does.

use std::time::Duration;

use proptest::prelude::*;
use sockeye_proto::engine::{CloseReason, Session, Transport};

use super::{plan::Plan, world::World};

/// Nothing is doubled, reordered or left out before something that arrived; a side that lives has all.
fn check_order(world: &World) {
    let ways = [
        ("to the server", world.told.sent, &world.server.told.received),
        ("to the client", world.server.told.sent, &world.told.received),
    ];
    for (way, sent, received) in ways {
        assert!(received.iter().copied().eq(0..received.len() as u32), "{way}: {received:?}");
        assert!(received.len() as u32 <= sent);
    }
}

fn check_all_arrived(world: &World) {
    assert_eq!(world.server.told.received.len() as u32, world.told.sent, "to the server");
    assert_eq!(world.told.received.len() as u32, world.server.told.sent, "to the client");
}

/// Both live and nothing is missing, or both are closed.
fn check_agreement(world: &World) {
    check_order(world);
    if world.both_closed().is_none() && world.server.session.is_some() {
        assert_eq!((world.told.closed, world.server.told.closed), (None, None), "one side does not know");
        check_all_arrived(world);
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    (any::<u64>(), 0..3u32, 1..240u64, 1..9u64).prop_map(|(seed, way, delay, span)| Plan {
        transport: if way == 0 { Transport::WebSocket } else { Transport::Polling },
        upgrade: way == 1,
        delay: Duration::from_millis(delay),
        span: Duration::from_secs(span),
        ..Plan::calm(seed)
    })
}

fn moment() -> impl Strategy<Value = Duration> {
    (0..9000u64).prop_map(Duration::from_millis)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_calm_network_carries_everything(plan in plans()) {
        let world = World::run(&plan);
        check_order(&world);
        check_all_arrived(&world);
        assert_eq!((world.told.closed, world.server.told.closed), (None, None));
        let socket = plan.upgrade || plan.transport == Transport::WebSocket;
        let transport = if socket { Transport::WebSocket } else { Transport::Polling };
        assert_eq!(world.client.transport(), transport);
        assert_eq!(world.server.session.as_ref().map(Session::transport), Some(transport));
        assert_eq!(world.told.upgraded, plan.upgrade);
    }

    /// Everything that was sent before the end arrives before it.
    #[test]
    fn a_server_that_ends_flushes(plan in plans(), at in moment(), quiet: bool) {
        let from_client = if quiet { 0 } else { plan.from_client };
        let world = World::run(&Plan { server_closes: Some(at), from_client, ..plan });
        check_order(&world);
        if let Some(reason) = world.server.told.closed {
            assert_eq!(reason, CloseReason::ServerShuttingDown);
            // A POST that crosses the end finds no session, and that client asks no further.
            if !world.told.post_refused {
                assert_eq!(world.told.closed, Some(CloseReason::TransportClose));
                assert_eq!(world.told.received.len() as u32, world.server.told.sent);
            }
        }
    }

    #[test]
    fn a_client_that_ends_flushes(plan in plans(), at in moment()) {
        let world = World::run(&Plan { client_closes: Some(at), ..plan });
        check_order(&world);
        assert_eq!(world.told.closed, Some(CloseReason::Forced(Transport::WebSocket)));
        if world.server.session.is_some() {
            assert_eq!(world.server.told.closed, Some(CloseReason::TransportClose));
        }
        assert_eq!(world.server.told.received.len() as u32, world.told.sent);
    }

    #[test]
    fn losses_lose_no_message_in_silence(plan in plans(), losses in 1..30u64) {
        check_agreement(&World::run(&Plan { losses, ..plan }));
    }

    #[test]
    fn a_websocket_that_breaks_costs_the_session_or_the_upgrade(plan in plans(), at in moment()) {
        let world = World::run(&Plan { socket_breaks: Some(at), ..plan });
        check_agreement(&world);
    }

    #[test]
    fn both_sides_notice_silence(plan in plans(), at in moment()) {
        let world = World::run(&Plan { black_hole: Some(at), ..plan });
        check_order(&world);
        if world.server.session.is_some() {
            let closed = world.both_closed().expect("a side that lives in silence");
            // The interval, the timeout, and once more the timeout for another packet that came last; a client that
            // has not heard the open packet gives up after 20 s.
            let bound = if world.client.terms().is_some() { 3 + 2 + 2 } else { 20 };
            assert!(closed <= at + Duration::from_secs(bound), "{closed:?}");
        }
    }

    #[test]
    fn whatever_happens_both_agree(
        plan in plans(), losses in 0..5u64, server: Option<u16>, client: Option<u16>, socket: Option<u16>, hole: Option<u16>,
    ) {
        let at = |at: Option<u16>| at.map(|at| Duration::from_millis((at / 4).into()));
        check_agreement(&World::run(&Plan {
            losses,
            server_closes: at(server),
            client_closes: at(client),
            socket_breaks: at(socket),
            black_hole: at(hole),
            ..plan
        }));
    }
}
