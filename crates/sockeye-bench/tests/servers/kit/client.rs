//! A websocket to a server, as the load has it: frames of text and of bytes, and nothing that knows the protocol.

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::{
    Frame,
    coding::{Data, OpCode},
};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{PATIENCE, Server};

#[derive(Debug)]
pub(crate) struct Client {
    websocket: WebSocketStream<TcpStream>,
    ordered: bool,
}

impl Client {
    /// A websocket that has seen the open packet.
    pub(crate) async fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        let url = format!("ws://127.0.0.1:{}/socket.io/?EIO=4&transport=websocket", server.port);
        let (websocket, _) = timeout(PATIENCE, client_async(url, stream)).await.unwrap().unwrap();
        let mut client = Self { websocket, ordered: server.keeps_order };
        let open = client.next_text().await;
        assert!(open.starts_with("0{\"sid\":\""), "{open}");
        client
    }

    /// One that has joined the default namespace.
    pub(crate) async fn connect(server: &Server) -> Self {
        let mut client = Self::open(server).await;
        let joined = client.ask("40").await;
        assert!(joined.starts_with("40{\"sid\":\""), "{joined}");
        client
    }

    /// Writes all of `messages` at once.
    pub(crate) async fn send(&mut self, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.websocket.feed(message).await.unwrap();
        }
        self.websocket.flush().await.unwrap();
    }

    /// Writes bytes as they are.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.websocket.get_mut().write_all(bytes).await.unwrap();
    }

    /// Sends a text, and takes the next frame as the answer.
    pub(crate) async fn ask(&mut self, message: &str) -> String {
        self.send([text(message)]).await;
        self.next_text().await
    }

    /// Hears exactly these; in any order, where the server keeps none.
    pub(crate) async fn hears(&mut self, messages: impl IntoIterator<Item = Message>) {
        let mut missing: Vec<Message> = messages.into_iter().collect();
        while !missing.is_empty() {
            let next = self.next().await;
            let place = missing.iter().position(|it| *it == next);
            assert!(place == Some(0) || place.is_some() && !self.ordered, "{next:?} instead of {missing:?}");
            missing.remove(place.unwrap());
        }
    }

    pub(crate) async fn next(&mut self) -> Message {
        loop {
            let message = timeout(PATIENCE, self.websocket.next()).await;
            let message = message.expect("an answer in time").expect("an open websocket").unwrap();
            // A ping of the server is no answer.
            if message != text("2") {
                return message;
            }
        }
    }

    pub(crate) async fn next_text(&mut self) -> String {
        match self.next().await {
            Message::Text(text) => text.as_str().to_owned(),
            other => panic!("no text: {other:?}"),
        }
    }
}

pub(crate) fn text(text: impl Into<String>) -> Message {
    Message::text(text.into())
}

/// The frame of a text, as a client masks it.
pub(crate) fn masked(text: &str) -> Vec<u8> {
    let mut frame = Frame::message(text.to_owned(), OpCode::Data(Data::Text), true);
    frame.header_mut().mask = Some([7, 0, 255, 128]);
    let mut bytes = Vec::new();
    frame.format(&mut bytes).unwrap();
    bytes
}

pub(crate) fn binary(bytes: &[u8]) -> Message {
    Message::binary(bytes.to_vec())
}
