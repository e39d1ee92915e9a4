//! The captured runs of the reference, replayed: the same events of the same shape in the same order, but that the answer
//! to CONNECT comes first and `session` right behind it.

use std::time::Duration;

use serde_json::{Value, json};
use sockeye::Socket;
use sockeye_admin::{AdminOptions, Auth, Mode};

use crate::{
    client::Client,
    server::{Server, basic, credentials, serve},
    shape::Shapes,
};

const HOME: [u8; 4] = [127, 0, 0, 1];

/// A captured run and ours, side by side.
struct Replay {
    server: Server,
    steps: Vec<Value>,
    captured: Shapes,
    ours: Shapes,
    admin: Client,
    second: Option<Client>,
    session: Value,
    clients: Vec<Client>,
}

fn run(label: &str) -> Value {
    let golden: Value = serde_json::from_str(include_str!("../golden/admin-ui.json")).unwrap();
    golden["runs"].as_array().unwrap().iter().find(|run| run["label"] == label).unwrap().clone()
}

impl Replay {
    async fn start(label: &str, options: AdminOptions) -> Self {
        let server = serve(options);
        let steps = run(label)["steps"].as_array().unwrap().clone();
        // Somebody was there before the admin.
        let mut before = Client::open(&server.app, HOME).await;
        before.join("/", &json!({})).await;
        let admin = Client::open(&server.app, HOME).await;
        let (captured, ours) = Default::default();
        Self {
            server,
            steps,
            captured,
            ours,
            admin,
            second: None,
            session: Value::Null,
            clients: vec![before],
        }
    }

    async fn replay(mut self) {
        for step in std::mem::take(&mut self.steps) {
            let name = step["step"].as_str().unwrap();
            self.act(name, &step).await;
            let ours = self.admin.news().await;
            if name == "admin_connect" {
                self.session = ours[0][1].clone();
            }
            let captured = step["events"].as_array().unwrap().iter();
            let captured = captured.filter(|event| event["event"] != "server_stats").map(|event| {
                let mut all = vec![event["event"].clone()];
                all.extend(event["args"].as_array().unwrap().iter().cloned());
                Value::Array(all)
            });
            let captured: Vec<_> = captured.map(|event| self.captured.of(&event)).collect();
            let ours: Vec<_> = ours.iter().map(|event| self.ours.of(event)).collect();
            assert_eq!(by_socket(ours), by_socket(captured), "{name}");
        }
    }

    async fn act(&mut self, name: &str, step: &Value) {
        let Server { app, io, .. } = &self.server;
        match name {
            "admin_connect" => drop(self.admin.join("/admin", &credentials()).await),
            "client_connects_websocket" => {
                let mut client = Client::open(app, HOME).await;
                client.join("/", &json!({})).await;
                self.clients.push(client);
            }
            "client_connects_polling_then_upgrades" => {
                self.clients.push(Client::upgraded(app, HOME, "/chat").await);
            }
            "client_emits_with_ack" => self.clients[1].send(r#"27["ping2",{"k":1}]"#).await,
            "client_emits_binary" => {
                let packet = r#"51-["bin",{"_placeholder":true,"num":0}]"#;
                self.clients[1].send_binary(packet, &[1, 2, 3]).await;
            }
            "server_broadcast" => io.emit("news", (1, "a")).await.unwrap(),
            "server_broadcast_with_ack" => drop(io.emit_with_ack::<Value>("news", ()).await),
            "server_socket_emit" => {
                let bytes = bytes::Bytes::from_static(&[1]);
                let date = json!({ "d": "1970-01-01T00:00:00.000Z" });
                self.socket(1).emit("direct", (bytes, date)).await.unwrap();
            }
            "socket_data_changes" => self.clients[1].send(r#"2["setdata",{"name":"bob"}]"#).await,
            "room_left" => self.clients[1].send(r#"2["leave-lobby"]"#).await,
            "second_admin_with_session_id" => {
                let mut second = Client::open(app, HOME).await;
                second.join("/admin", &json!({ "sessionId": self.session })).await;
                let events: Vec<_> = second.news().await.iter().map(|event| event[0].clone()).collect();
                assert_eq!(Value::Array(events), step["result"]["events_received"]);
                second.send("1/admin,").await;
                self.second = Some(second);
            }
            "stats_only_2s" => {}
            _ => self.command(step).await,
        }
    }

    /// What the admin sent, with our ids for the captured ones.
    async fn command(&mut self, step: &Value) {
        let raw = step["raw"].as_array().unwrap().iter().find(|raw| raw["dir"] == "ui->server").unwrap();
        let mut packet = raw["data"].as_str().unwrap().to_owned();
        for (captured, ours) in self.captured.ids.iter().zip(&self.ours.ids) {
            packet = packet.replace(captured, ours);
        }
        self.admin.send(&packet).await;
    }

    /// The socket of a client, by its place in the order in which they came.
    fn socket(&self, number: usize) -> Socket {
        let mut sockets = self.server.io.of("/").local_sockets();
        sockets.sort_by_key(|socket| socket.handshake().time());
        sockets.remove(number)
    }
}

/// Where several sockets do something at once, each does it in order.
fn by_socket(mut events: Vec<Value>) -> Vec<Value> {
    let several = |event: &Value| {
        ["socket_disconnected", "room_left", "room_joined", "event_sent"].iter().any(|name| event[0] == *name)
    };
    if events.iter().all(several) {
        let socket = |event: &Value| event.as_array().unwrap().iter().find(|part| is_id(part)).cloned();
        events.sort_by_key(|event| socket(event).map(|id| id.to_string()));
    }
    events
}

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("<id "))
}

#[tokio::test(start_paused = true)]
async fn the_captured_run_in_development() {
    Replay::start("development", AdminOptions::new(basic()).server_id("node-a")).await.replay().await;
}

#[tokio::test(start_paused = true)]
async fn the_captured_run_in_production() {
    let options = AdminOptions::new(basic()).server_id("node-a").mode(Mode::Production);
    Replay::start("production", options).await.replay().await;
}

#[tokio::test(start_paused = true)]
async fn the_captured_run_in_development_read_only() {
    let options = AdminOptions::new(basic()).server_id("node-a").read_only(true);
    Replay::start("development_readonly", options).await.replay().await;
}

#[tokio::test(start_paused = true)]
async fn the_captured_run_without_a_login_in_a_namespace_of_another_name() {
    let run = run("auth_false_custom_namespace_production");
    let options = AdminOptions::new(Auth::None).namespace("/custom").mode(Mode::Production);
    let server = serve(options);
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/custom", &json!({})).await;
    let first = admin.events().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let next = admin.events().await;
    let captured = run["events"].as_array().unwrap();
    let names = |events: &[Value]| events.iter().map(|event| event[1].clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(&first), names(&next)),
        (vec![json!("config"), json!("server_stats")], vec![json!("server_stats")])
    );
    assert_eq!(first[0][2], captured[0]["args"][0]);
    assert_eq!(kinds(&next[0][2]), kinds(&captured[1]["args"][0]));
}

/// The names in an object and the types of their values.
fn kinds(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), kinds(value))).collect(),
        Value::Array(values) => values.first().map_or(json!([]), |_| json!(["<several>"])),
        Value::String(_) => json!("<text>"),
        Value::Number(_) => json!("<number>"),
        other => other.clone(),
    }
}
