//! A client on a websocket over a pipe, which reads events as JSON.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{Request, StatusCode, request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use sockeye_engine::websocket::Upgrade;
use tokio::io::DuplexStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};
use tower::ServiceExt as _;

pub(crate) struct Client {
    stream: WebSocketStream<DuplexStream>,
    got: VecDeque<Value>,
}

impl Client {
    /// Opens a session from this address.
    pub(crate) async fn open(app: &Router, address: [u8; 4]) -> Self {
        let mut client = Self::websocket(app, address, "/socket.io/?a=1&EIO=4&transport=websocket").await;
        assert!(client.message().await.is_some_and(|open| open.to_text().unwrap().starts_with("0{")));
        client
    }

    /// Opens a session by polling, joins a namespace, and moves to a websocket.
    pub(crate) async fn upgraded(app: &Router, address: [u8; 4], namespace: &str) -> Self {
        let peer = ConnectInfo(SocketAddr::from((address, 1000)));
        let ask = async |request: request::Builder, body: String| {
            let request = request.extension(peer).body(Body::from(body)).unwrap();
            let body =
                app.clone().oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
            String::from_utf8(body.to_vec()).unwrap()
        };
        let open = ask(Request::get("/socket.io/?EIO=4&transport=polling"), String::new()).await;
        let open: Value = serde_json::from_str(&open[1..]).unwrap();
        let sid = open["sid"].as_str().unwrap();
        let polling = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
        ask(Request::post(&polling), format!("40{namespace},")).await;
        assert!(ask(Request::get(&polling), String::new()).await.starts_with("40"));
        let upgrade = format!("/socket.io/?EIO=4&transport=websocket&sid={sid}");
        let mut client = Self::websocket(app, address, &upgrade).await;
        client.stream.send(Message::text("2probe")).await.unwrap();
        assert_eq!(client.message().await, Some(Message::text("3probe")));
        client.stream.send(Message::text("5")).await.unwrap();
        client
    }

    async fn websocket(app: &Router, address: [u8; 4], uri: &str) -> Self {
        let (client, server) = tokio::io::duplex(1024 * 1024);
        let request = Request::builder()
            .uri(uri)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("cookie", "secret=1")
            .header("host", "127.0.0.1:40923")
            .extension(ConnectInfo(SocketAddr::from((address, 1000))))
            .extension(Upgrade::new(async move { Ok(server) }))
            .body(Body::empty())
            .unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        let stream = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        Self { stream, got: VecDeque::new() }
    }

    /// Sends a packet, written as it stands behind the engine's `4`.
    pub(crate) async fn send(&mut self, packet: &str) {
        self.stream.send(Message::text(format!("4{packet}"))).await.unwrap();
    }

    pub(crate) async fn send_binary(&mut self, packet: &str, attachment: &[u8]) {
        self.send(packet).await;
        self.stream.send(Message::binary(attachment.to_vec())).await.unwrap();
    }

    /// Joins a namespace, which must let it in, and gives the socket's id.
    pub(crate) async fn join(&mut self, namespace: &str, auth: &Value) -> String {
        let answer = self.ask(namespace, auth).await;
        let Some(sid) = answer["sid"].as_str() else { panic!("refused: {answer}") };
        sid.to_owned()
    }

    /// Asks to join, and gives the payload of the answer.
    pub(crate) async fn ask(&mut self, namespace: &str, auth: &Value) -> Value {
        let address = if namespace == "/" { String::new() } else { format!("{namespace},") };
        self.send(&format!("0{address}{auth}")).await;
        loop {
            let message = self.message().await.expect("an answer to CONNECT");
            let text = message.to_text().unwrap();
            let own = text.get(2..).and_then(|rest| rest.strip_prefix(&*address));
            match text.as_bytes().get(1) {
                Some(b'0' | b'4') if own.is_some() => return serde_json::from_str(own.unwrap()).unwrap(),
                // What comes before is news for those who are in already.
                _ => self.keep(text.to_owned()).await,
            }
        }
    }

    /// All events that come within a moment, as `[namespace, event, args…]`, binary parts as `{"$bytes": hex}`.
    pub(crate) async fn events(&mut self) -> Vec<Value> {
        while let Some(message) = self.message().await {
            let text = message.to_text().unwrap().to_owned();
            self.keep(text).await;
        }
        self.got.drain(..).collect()
    }

    /// The next events with their namespaces taken off, but those that tell numbers.
    pub(crate) async fn news(&mut self) -> Vec<Value> {
        let mut news = self.events().await;
        for event in &mut news {
            event.as_array_mut().unwrap().remove(0);
        }
        news.retain(|event| event[0] != "server_stats");
        news
    }

    async fn keep(&mut self, text: String) {
        let Some(packet) = text.strip_prefix('4') else { panic!("unexpected {text}") };
        let (attachments, packet) = match packet.as_bytes()[0] {
            b'2' => (0, &packet[1..]),
            b'5' => {
                let (count, rest) = packet[1..].split_once('-').unwrap();
                (count.parse().unwrap(), rest)
            }
            b'1' => {
                let namespace = packet[1..].trim_end_matches(',');
                return self.got.push_back(json!([namespace, "disconnect"]));
            }
            _ => return,
        };
        let (namespace, rest) = match packet.starts_with('/').then(|| packet.split_once(',')).flatten() {
            Some((namespace, rest)) => (namespace, rest),
            None => ("/", packet),
        };
        // Before the array there may be the id of an ack.
        let mut event: Value = serde_json::from_str(&rest[rest.find('[').unwrap()..]).unwrap();
        let mut bytes = Vec::new();
        for _ in 0..attachments {
            bytes.push(self.message().await.unwrap().into_data());
        }
        fill(&mut event, &bytes);
        event.as_array_mut().unwrap().insert(0, json!(namespace));
        self.got.push_back(event);
    }

    /// The next message; nothing when none comes for a moment, or the end.
    async fn message(&mut self) -> Option<Message> {
        loop {
            let next = tokio::time::timeout(Duration::from_millis(100), self.stream.next()).await;
            match next.ok()??.ok()? {
                Message::Text(text) if text == "2" => {
                    let _ = self.stream.send(Message::text("3")).await;
                }
                Message::Close(_) => return None,
                message => return Some(message),
            }
        }
    }
}

fn fill(value: &mut Value, attachments: &[impl AsRef<[u8]>]) {
    if value["_placeholder"] == json!(true) {
        let bytes = attachments[usize::try_from(value["num"].as_u64().unwrap()).unwrap()].as_ref();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        *value = json!({ "$bytes": hex });
        return;
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, attachments)),
        Value::Object(object) => object.values_mut().for_each(|value| fill(value, attachments)),
        _ => {}
    }
}
