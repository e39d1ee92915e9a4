//! A session that travels by websocket.

use futures_util::SinkExt;
use sockeye_engine::{CloseReason, Frame, Group, Message, TransportError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::{
    self,
    protocol::frame::{CloseFrame, coding::CloseCode},
};

use crate::support::{Told, World, settle};

#[tokio::test(start_paused = true)]
async fn text_and_bytes_in_both_directions() {
    let mut world = World::echoing();
    let (mut client, _sender) = world.open_websocket().await;
    client.send("4hello").await;
    client.send_binary(b"\x00\x01").await;
    client.send("bAQID").await;
    assert_eq!(client.text().await, "4hello");
    assert_eq!(client.binary().await, &b"\x00\x01"[..]);
    assert_eq!(client.binary().await, &b"\x01\x02\x03"[..]);
    world.expect_messages(&["hello"]).await;
    assert_eq!(world.told().await, Told::Message(Message::from(&b"\x00\x01"[..])));
}

#[tokio::test(start_paused = true)]
async fn order_is_kept_in_a_burst_longer_than_a_turn() {
    let mut world = World::echoing();
    let (mut client, _sender) = world.open_websocket().await;
    for number in 0..500 {
        client.0.feed(tungstenite::Message::text(format!("4{number}"))).await.unwrap();
    }
    client.0.flush().await.unwrap();
    for number in 0..500 {
        assert_eq!(client.text().await, format!("4{number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn long_messages_pass_and_longer_ones_close_with_1009() {
    let mut world = World::with(|builder| builder.max_payload(200_000));
    world.behave(|behaviour| behaviour.echo = true);
    let (mut client, _sender) = world.open_websocket().await;
    let longest = format!("4{}", "x".repeat(199_999));
    client.send(&longest).await;
    assert_eq!(client.text().await, longest);
    client.0.feed(tungstenite::Message::text(format!("{longest}y"))).await.unwrap();
    // The header is enough; whether the rest could be sent does not matter.
    let _ = client.0.flush().await;
    assert_eq!(client.closed().await, Some(1009));
    assert_eq!(world.told().await, Told::Message(longest[1..].into()));
    world.expect_closed(CloseReason::TransportError(TransportError::Framing(1009))).await;
}

#[tokio::test(start_paused = true)]
async fn a_close_frame_is_answered_with_its_code() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    client.0.close(Some(CloseFrame { code: CloseCode::Away, reason: "".into() })).await.unwrap();
    assert_eq!(client.closed().await, Some(1001));
    world.expect_closed(CloseReason::TransportClose).await;
    assert!(sender.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanishes_is_a_transport_close() {
    let mut world = World::new();
    let (client, _sender) = world.open_websocket().await;
    drop(client);
    world.expect_closed(CloseReason::TransportClose).await;
}

#[tokio::test(start_paused = true)]
async fn messages_read_before_the_end_are_told_before_it() {
    let mut world = World::new();
    let (mut client, _sender) = world.open_websocket().await;
    client.send("4last").await;
    drop(client);
    world.expect_messages(&["last"]).await;
    world.expect_closed(CloseReason::TransportClose).await;
}

#[tokio::test(start_paused = true)]
async fn the_close_packet_ends_the_session() {
    let mut world = World::new();
    let (mut client, _sender) = world.open_websocket().await;
    client.send("1").await;
    assert_eq!(client.closed().await, None);
    world.expect_closed(CloseReason::TransportClose).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_packet_closes_without_a_code() {
    for wrong in ["abc", "", "7"] {
        let mut world = World::new();
        let (mut client, _sender) = world.open_websocket().await;
        client.send(wrong).await;
        assert_eq!(client.closed().await, None);
        world.expect_closed(CloseReason::ParseError).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_ping_packet_from_a_client_is_an_error_and_strays_are_ignored() {
    let mut world = World::echoing();
    let (mut client, _sender) = world.open_websocket().await;
    for stray in ["0", "5", "6", "3", "4on"] {
        client.send(stray).await;
    }
    assert_eq!(client.text().await, "4on");
    client.send("2").await;
    assert_eq!(client.closed().await, None);
    world.expect_messages(&["on"]).await;
    world.expect_closed(CloseReason::TransportError(TransportError::PingFromClient)).await;
}

#[tokio::test(start_paused = true)]
async fn violations_of_the_framing_have_their_codes() {
    let cases: [(&[u8], u16); 3] = [
        (&[0x81, 0x01, b'4'], 1002),
        (&[0x81, 0x82, 0, 0, 0, 0, b'4', 0xff], 1007),
        (&[0xc1, 0x81, 0, 0, 0, 0, b'4'], 1002),
    ];
    for (frame, code) in cases {
        let mut world = World::new();
        let (response, mut stream) = world.ask_websocket("EIO=4&transport=websocket").await;
        assert_eq!(response.status(), 101);
        // Behind a good message, so that the fault is met in the middle of a read.
        stream.write_all(&[&[0x81, 0x82, 0, 0, 0, 0, b'4', b'a'], frame].concat()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert_eq!(answer[answer.len() - 4..], [[0x88, 2], code.to_be_bytes()].concat());
        world.expect_messages(&["a"]).await;
        drop(stream);
        world.expect_closed(CloseReason::TransportError(TransportError::Framing(code))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_fragmented_message_with_a_ping_inside_is_one_message() {
    let mut world = World::new();
    let (response, mut stream) = world.ask_websocket("EIO=4&transport=websocket").await;
    assert_eq!(response.status(), 101);
    let frames = [
        &[0x01, 0x82, 0, 0, 0, 0, b'4', b'a'][..],
        &[0x89, 0x81, 0, 0, 0, 0, b'p'],
        &[0x80, 0x81, 0, 0, 0, 0, b'b'],
    ];
    for byte in frames.concat() {
        stream.write_all(&[byte]).await.unwrap();
        settle().await;
    }
    world.expect_messages(&["ab"]).await;
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    assert_eq!(answer[..read][read - 3..], [0x8a, 1, b'p']);
}

#[tokio::test(start_paused = true)]
async fn only_the_last_of_many_pings_in_one_read_is_answered() {
    let world = World::new();
    let (_, mut stream) = world.ask_websocket("EIO=4&transport=websocket").await;
    settle().await;
    let mut open = vec![0; 4096];
    assert!(stream.read(&mut open).await.unwrap() > 0);
    let pings: Vec<u8> = (0..50).flat_map(|number| [0x89, 0x81, 0, 0, 0, 0, number]).collect();
    stream.write_all(&pings).await.unwrap();
    settle().await;
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    let answer = &answer[..read];
    assert!(answer.ends_with(&[0x8a, 1, 49]), "{answer:?}");
    // One for each turn of the session's task, and on a busy machine a turn may end after eight packets.
    assert!(answer.len() <= 3 * 7, "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_frame_is_built_once_and_shared() {
    let mut world = World::new();
    let (mut one, first) = world.open_websocket().await;
    let (mut two, second) = world.open_websocket().await;
    let group = Group::with_attachments(Frame::text("head"), vec![Frame::binary(b"tail")]);
    first.outbox().push(group.clone()).unwrap();
    second.outbox().push(group).unwrap();
    for client in [&mut one, &mut two] {
        assert_eq!(client.text().await, "4head");
        assert_eq!(client.binary().await, "tail");
    }
}

#[tokio::test(start_paused = true)]
async fn a_volatile_message_goes_out_only_when_nothing_waits() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    settle().await;
    assert!(sender.outbox().push_volatile(Frame::text("now").into()).unwrap());
    assert!(!sender.outbox().push_volatile(Frame::text("dropped").into()).unwrap());
    assert_eq!(client.text().await, "4now");
    settle().await;
    sender.send("last").unwrap();
    assert_eq!(client.text().await, "4last");
}
