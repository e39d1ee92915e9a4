//! A client on a websocket over a pipe.

use std::collections::VecDeque;

use axum::{Router, body::Body};
use futures_util::{SinkExt, StreamExt};
use http::{Request, StatusCode};
use sockeye_engine::websocket::Upgrade;
use tokio::io::DuplexStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};
use tower::ServiceExt;

use super::Got;

pub(crate) struct WebSocket {
    stream: WebSocketStream<DuplexStream>,
    got: VecDeque<Got>,
}

impl WebSocket {
    pub(super) async fn open(app: &Router, headers: &[(&str, &str)]) -> Self {
        let (client, server) = tokio::io::duplex(64 * 1024);
        let mut request = Request::builder()
            .uri("/socket.io/?EIO=4&transport=websocket")
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .extension(Upgrade::new(async move { Ok(server) }));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        let stream = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        let mut websocket = Self { stream, got: VecDeque::new() };
        let open = websocket.stream.next().await.unwrap().unwrap();
        assert!(open.to_text().unwrap().starts_with("0{"), "{open}");
        websocket
    }

    pub(super) async fn send(&mut self, packets: &[&str]) {
        for packet in packets {
            // Whoever sends to a server that has hung up notices when it reads.
            let _ = self.stream.feed(Message::text(*packet)).await;
        }
        let _ = self.stream.flush().await;
    }

    pub(super) async fn send_binary(&mut self, packet: &str, attachments: &[&[u8]]) {
        self.stream.feed(Message::text(packet)).await.unwrap();
        for attachment in attachments {
            self.stream.feed(Message::binary(attachment.to_vec())).await.unwrap();
        }
        self.stream.flush().await.unwrap();
    }

    pub(super) async fn next(&mut self) -> Got {
        loop {
            if let Some(got) = self.got.pop_front() {
                return got;
            }
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) if text == "2" => self.send(&["3"]).await,
                Some(Ok(Message::Text(text))) if text.starts_with('4') => {
                    return Got::Packet(text.as_str().to_owned());
                }
                Some(Ok(Message::Text(text))) => panic!("unexpected {text}"),
                Some(Ok(Message::Binary(bytes))) => return Got::Attachment(bytes.to_vec()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Got::Closed,
            }
        }
    }
}
