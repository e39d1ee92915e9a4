//! A Socket.IO client on polling, as much of one as the tests need.

use std::collections::VecDeque;

use axum::Router;
use axum::http::Method;
use axum::http::header::COOKIE;
use serde_json::{Value, json};

use super::{ask, fetch, request};

/// One socket in the namespace `/`.
pub(crate) struct Client {
    router: Router,
    uri: String,
    cookie: String,
    packets: VecDeque<String>,
    next_ack: u32,
    /// The socket's id.
    pub(crate) id: String,
}

impl Client {
    /// Joins with a cookie; what the server says to that is the error.
    pub(crate) async fn connect(router: &Router, cookie: &str) -> Result<Self, Value> {
        Self::connect_with(router, cookie, &json!({})).await
    }

    /// Joins with a cookie and an `auth` payload.
    pub(crate) async fn connect_with(router: &Router, cookie: &str, auth: &Value) -> Result<Self, Value> {
        let open = fetch(router, "/socket.io/?EIO=4&transport=polling", cookie).await;
        let open: Value = serde_json::from_str(open.body.strip_prefix('0').expect("an open packet")).unwrap();
        let uri = format!("/socket.io/?EIO=4&transport=polling&sid={}", open["sid"].as_str().unwrap());
        let mut client = Self {
            router: router.clone(),
            uri,
            cookie: cookie.to_owned(),
            packets: VecDeque::new(),
            next_ack: 0,
            id: String::new(),
        };
        client.post(&format!("40{auth}")).await;
        let answer = client.packet().await;
        if let Some(error) = answer.strip_prefix("44") {
            return Err(serde_json::from_str(error).unwrap());
        }
        let connected: Value =
            serde_json::from_str(answer.strip_prefix("40").expect("a connect packet")).unwrap();
        connected["sid"].as_str().unwrap().clone_into(&mut client.id);
        Ok(client)
    }

    /// Emits and waits for the acknowledgement.
    pub(crate) async fn ask(&mut self, event: &str, argument: Value) -> Value {
        self.ask_all(event, vec![argument]).await.pop().unwrap()
    }

    /// Emits several in one request, and gives their acknowledgements in the same order.
    pub(crate) async fn ask_all(&mut self, event: &str, arguments: Vec<Value>) -> Vec<Value> {
        let first = self.next_ack;
        self.next_ack += u32::try_from(arguments.len()).unwrap();
        let packets: Vec<_> = (first..)
            .zip(&arguments)
            .map(|(ack, argument)| format!("42{ack}{}", json!([event, argument])))
            .collect();
        self.post(&packets.join("\x1e")).await;
        let mut answers = Vec::new();
        for ack in (first..).take(arguments.len()) {
            answers.push(self.wait(&format!("43{ack}[")).await[0].take());
        }
        answers
    }

    /// Emits without asking for an acknowledgement.
    pub(crate) async fn tell(&mut self, event: &str, argument: Value) {
        self.post(&format!("42{}", json!([event, argument]))).await;
    }

    /// Asks again as long as that was too fast.
    pub(crate) async fn ask_patiently(&mut self, event: &str, argument: Value) -> Value {
        loop {
            let answer = self.ask(event, argument.clone()).await;
            if answer["error"]["code"] != "rate_limited" {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// The arguments of the next event of that name; what else came meanwhile stays for later.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        let mut arguments = self.wait(&format!("42[\"{name}\"")).await;
        arguments.as_array_mut().unwrap().remove(0);
        arguments
    }

    /// Waits until the server sends this socket away.
    pub(crate) async fn sent_away(&mut self) {
        loop {
            match self.packet().await.as_str() {
                "41" => return,
                "1" => panic!("the session was closed without a word"),
                _ => {}
            }
        }
    }

    /// Nothing of that name has come by the time an answer to something new has.
    pub(crate) async fn assert_silent(&mut self, name: &str) {
        self.ask("members", json!("nowhere")).await;
        let start = format!("42[\"{name}\"");
        assert!(!self.packets.iter().any(|packet| packet.starts_with(&start)), "{:?}", self.packets);
    }

    async fn wait(&mut self, start: &str) -> Value {
        loop {
            if let Some(at) = self.packets.iter().position(|packet| packet.starts_with(start)) {
                let packet = self.packets.remove(at).unwrap();
                return serde_json::from_str(&packet[packet.find('[').unwrap()..]).unwrap();
            }
            let packets = self.poll().await;
            self.packets.extend(packets);
        }
    }

    async fn packet(&mut self) -> String {
        while self.packets.is_empty() {
            let packets = self.poll().await;
            self.packets.extend(packets);
        }
        self.packets.pop_front().unwrap()
    }

    async fn poll(&self) -> Vec<String> {
        let answer = fetch(&self.router, &self.uri, &self.cookie).await;
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
        answer.body.split('\x1e').map(str::to_owned).collect()
    }

    async fn post(&self, body: &str) {
        let request = request(Method::POST, &self.uri, &[(COOKIE.as_str(), &self.cookie)], body.to_owned());
        assert_eq!(ask(&self.router, request).await.body, "ok");
    }
}
