//! A websocket of a session: one task writes, one reads, and the network is between them and the driver.

use bytes::Bytes;
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use sockeye_proto::engine::Conn;
use tokio::{io::DuplexStream, sync::mpsc};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::driver::Input;
use crate::{
    device::Device,
    network::{Entrance, Exit, Network},
};

/// The writing end. Dropping it closes the websocket, behind what was written.
#[derive(Debug)]
pub(super) struct WebSocket(Entrance<Message>);

impl WebSocket {
    /// Opens a websocket by tasks of its own.
    pub(super) fn open(
        device: Device,
        conn: Conn,
        uri: String,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Self {
        let (entrance, exit) = device.network.lane();
        tokio::spawn(async move {
            match device.open_websocket(&uri).await {
                Ok(stream) => {
                    let _ = inputs.send(Input::SocketOpened(conn));
                    let (sink, stream) = stream.split();
                    let (arriving, arrived) = device.network.lane();
                    tokio::spawn(deliver(arrived, conn, inputs));
                    tokio::spawn(read(stream, arriving, device.network));
                    write(sink, exit).await;
                }
                Err(answer) => drop(inputs.send(Input::SocketRefused(conn, answer))),
            }
        });
        Self(entrance)
    }

    pub(super) fn text(&self, text: String) {
        self.0.push(Message::text(text));
    }

    pub(super) fn binary(&self, bytes: Bytes) {
        self.0.push(Message::binary(bytes));
    }
}

/// A server that does not read holds this up, as a full connection does.
async fn write(mut sink: SplitSink<WebSocketStream<DuplexStream>, Message>, mut exit: Exit<Message>) {
    while let Some(message) = exit.next().await {
        if sink.send(message).await.is_err() {
            break;
        }
    }
    let _ = sink.close().await;
}

type Arrival = Option<Result<Message, ()>>;

/// While the network is cut nothing is taken from the connection, so that the server finds it full in the end.
async fn read(
    mut stream: SplitStream<WebSocketStream<DuplexStream>>,
    arriving: Entrance<Arrival>,
    network: Network,
) {
    loop {
        network.healed().await;
        let message = stream.next().await.map(|message| message.map_err(drop));
        let ended = !matches!(message, Some(Ok(_)));
        arriving.push(message);
        if ended {
            return;
        }
    }
}

async fn deliver(mut arrived: Exit<Arrival>, conn: Conn, inputs: mpsc::UnboundedSender<Input>) {
    while let Some(message) = arrived.next().await {
        let input = match message {
            Some(Ok(Message::Text(text))) => Input::Text(conn, text.as_str().to_owned()),
            Some(Ok(Message::Binary(bytes))) => Input::Binary(conn, bytes),
            // A peer that is gone without a close frame is no more than gone.
            Some(Ok(Message::Close(_)) | Err(())) | None => Input::SocketClosed(conn),
            // Pings of the framing are answered by the library.
            Some(Ok(_)) => continue,
        };
        if inputs.send(input).is_err() {
            return;
        }
    }
}
