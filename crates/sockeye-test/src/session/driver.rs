//! The task of one session: the client's machine, driven by what happens to it.

use std::time::Instant;

use bytes::Bytes;
use sockeye_proto::{
    Group,
    engine::{
        CloseReason, Conn, FrameRef, Req, TransportError, Why,
        client::{self, Client, Options},
    },
};
use tokio::{sync::mpsc, time};

use super::hands::Hands;
use crate::{Transport, answer::Answer, device::Lost};

/// What happens to a session.
#[derive(Debug)]
pub(super) enum Input {
    /// A packet to send.
    Send(Group),
    /// The user says goodbye.
    Close,
    /// The user is gone.
    Vanish,
    Answered(Req, Result<Answer, Lost>),
    SocketOpened(Conn),
    SocketRefused(Conn, Answer),
    Text(Conn, String),
    Binary(Conn, Bytes),
    SocketClosed(Conn),
}

/// Drives a session until it is over.
pub(super) async fn run(mut hands: Hands, mut inputs: mpsc::UnboundedReceiver<Input>, transport: Transport) {
    let options = Options { upgrade: transport == Transport::Upgrade, ..Options::default() };
    let mut client = Client::open(options, transport.first(), now(), &mut hands);
    let mut gone = false;
    while let Some(due) = client.timeout() {
        let input = tokio::select! {
            input = inputs.recv() => input,
            () = time::sleep_until(due.into()) => None,
        };
        gone |= matches!(input, Some(Input::Vanish));
        if gone && !client.is_closing() {
            break;
        }
        if let Some(input) = &input {
            hands.notice(input);
        }
        if let Some(input) = of_machine(input.as_ref(), &client, &mut hands) {
            client.handle(input, now(), &mut hands);
        }
        // All that waits is with its websocket by now, which ends behind it.
        if let Some(conn) = hands.write()
            && client.is_closing()
        {
            client.handle(client::Input::Flushed(conn), now(), &mut hands);
        }
        if hands.is_confused() {
            break;
        }
    }
    hands.end();
}

/// What that means to the machine.
fn of_machine<'a>(input: Option<&'a Input>, client: &Client, hands: &mut Hands) -> Option<client::Input<'a>> {
    Some(match input {
        None => client::Input::Timeout,
        Some(Input::Send(group)) => {
            hands.queue(group.clone());
            client::Input::Outgoing
        }
        Some(Input::Close) => client::Input::Close(CloseReason::Forced(client.transport())),
        Some(Input::Vanish) => return None,
        Some(Input::Answered(req, Ok(answer))) => {
            client::Input::Answered(*req, answer.status.as_u16(), &answer.body)
        }
        Some(Input::Answered(req, Err(Lost))) => client::Input::Failed(*req),
        Some(Input::SocketOpened(conn)) => client::Input::SocketOpened(*conn),
        Some(Input::SocketRefused(conn, answer)) => {
            client::Input::SocketClosed(*conn, Why::Error(TransportError::Status(answer.status.as_u16())))
        }
        Some(Input::Text(conn, text)) => client::Input::Frame(*conn, FrameRef::Text(text)),
        Some(Input::Binary(conn, bytes)) => client::Input::Frame(*conn, FrameRef::Binary(bytes)),
        Some(Input::SocketClosed(conn)) => client::Input::SocketClosed(*conn, Why::Closed),
    })
}

fn now() -> Instant {
    time::Instant::now().into_std()
}
