//! What admins see, and what it costs.

use std::time::Duration;

use serde_json::{Value, json};
use sockeye_admin::{AdminOptions, Auth, Mode, Redaction};

use crate::{client::Client, server::serve};

const HOME: [u8; 4] = [127, 0, 0, 1];

#[tokio::test(start_paused = true)]
async fn nothing_runs_while_no_admin_is_connected() {
    let server = serve(AdminOptions::new(Auth::None));
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/", &json!({})).await;
    let sockets = server.io.of("/").local_sockets();
    let observers = sockets[0].context().observers();
    assert!(observers.is_empty());
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();

    let mut one = Client::open(&server.app, HOME).await;
    one.join("/admin", &json!({})).await;
    let mut two = Client::open(&server.app, HOME).await;
    two.join("/admin", &json!({})).await;
    assert!(!observers.is_empty());
    assert_eq!(server.admin.admins(), 2);
    drop(one);
    two.news().await;
    assert!(!observers.is_empty());
    drop(two);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(observers.is_empty());
    assert_eq!((server.admin.admins(), tasks()), (0, before), "the timer is gone too");
}

#[tokio::test(start_paused = true)]
async fn in_production_nobody_is_told_of_sockets() {
    let server = serve(AdminOptions::new(Auth::None).mode(Mode::Production));
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    Client::open(&server.app, HOME).await.join("/", &json!({})).await;
    assert_eq!(admin.news().await.len(), 1, "config");
    assert!(server.io.of("/admin").local_sockets()[0].context().observers().is_empty());
}

#[tokio::test(start_paused = true)]
async fn numbers_come_every_two_seconds_and_are_those_of_the_server() {
    let server = serve(AdminOptions::new(Auth::None).server_id("here"));
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/chat", &json!({})).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    let first = stats(&mut admin).await;
    assert_eq!(first.len(), 1, "at once");
    client.send(r#"2/chat,["ping2"]"#).await;
    tokio::time::sleep(Duration::from_millis(10_050)).await;
    let reports = stats(&mut admin).await;
    assert_eq!(reports.len(), 5);
    let last = reports.last().unwrap();
    assert_eq!(last["serverId"], "here");
    assert_eq!(last["pid"], std::process::id());
    let now = server.io.stats();
    assert_eq!(last["clientsCount"], now.sessions);
    assert_eq!(last["pollingClientsCount"], now.polling_sessions);
    let namespaces = json!([
        { "name": "/", "socketsCount": 0 },
        { "name": "/admin", "socketsCount": 1 },
        { "name": "/chat", "socketsCount": 1 },
    ]);
    assert_eq!(last["namespaces"], namespaces);
    let received: u64 = reports
        .iter()
        .flat_map(|report| report["aggregatedEvents"].as_array().unwrap())
        .filter(|row| row["type"] == "packetsIn")
        .map(|row| row["count"].as_u64().unwrap())
        .sum();
    assert_eq!(received, 1);
    assert!(last["aggregatedEvents"].as_array().unwrap().len() < 20);
}

#[tokio::test(start_paused = true)]
async fn secrets_of_the_handshake_are_not_shown() {
    let server = serve(AdminOptions::new(Auth::None));
    let mut client = Client::open(&server.app, [192, 0, 2, 7]).await;
    client.join("/", &json!({ "token": "secret" })).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    let news = admin.news().await;
    let sockets = news.iter().find(|event| event[0] == "all_sockets").unwrap();
    let text = sockets.to_string();
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(sockets[1][0]["handshake"]["headers"]["cookie"], "[hidden]");
    assert_eq!(sockets[1][0]["handshake"]["address"], "192.0.2.7");
    assert_eq!(
        sockets[1][0]["handshake"]["query"],
        json!({ "a": "1", "EIO": "4", "transport": "websocket" })
    );
}

#[tokio::test(start_paused = true)]
async fn of_many_sockets_so_many_are_listed() {
    let server = serve(AdminOptions::new(Auth::None).listed_sockets(2));
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = Client::open(&server.app, HOME).await;
        client.join("/", &json!({})).await;
        clients.push(client);
    }
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    let news = admin.news().await;
    let listed = news.iter().find(|event| event[0] == "all_sockets").unwrap();
    assert_eq!(listed[1].as_array().unwrap().len(), 2);
}

async fn stats(admin: &mut Client) -> Vec<Value> {
    let events = admin.events().await;
    events.into_iter().filter(|event| event[1] == "server_stats").map(|event| event[2].clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_admins_must_not_see_is_redacted() {
    let options = AdminOptions::new(Auth::None).redact(|event| match event.name() {
        "secret" => Redaction::HideArguments,
        "long" => Redaction::Replace(vec![json!(event.arguments().len())]),
        "cursor" => Redaction::Omit,
        _ => Redaction::Show,
    });
    let server = serve(options);
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/", &json!({})).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    admin.news().await;
    for packet in [r#"2["secret",1]"#, r#"2["long",1,2]"#, r#"2["cursor",1]"#, r#"2["plain",1]"#] {
        client.send(packet).await;
    }
    let seen: Vec<_> = admin.news().await.iter().map(|event| event[3].clone()).collect();
    assert_eq!(seen, [json!(["secret"]), json!(["long", 2]), json!(["plain", 1])]);
}

#[tokio::test(start_paused = true)]
async fn long_arguments_are_told_by_their_length() {
    let server = serve(AdminOptions::new(Auth::None).event_bytes(10));
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/", &json!({})).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    admin.news().await;
    // `["123456"]` has ten bytes.
    client.send(r#"2["a","123456"]"#).await;
    client.send(r#"2["a","1234567"]"#).await;
    let seen: Vec<_> = admin.news().await.iter().map(|event| event[3].clone()).collect();
    assert_eq!(seen, [json!(["a", "123456"]), json!(["a", "[11 bytes]"])]);
}

#[tokio::test(start_paused = true)]
async fn of_many_events_so_many_a_second_are_told() {
    let server = serve(AdminOptions::new(Auth::None).events_per_second(3));
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/", &json!({})).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    admin.news().await;
    for _ in 0..5 {
        client.send(r#"2["a"]"#).await;
    }
    assert_eq!(admin.news().await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_kept_for_an_admin_who_is_away() {
    let io = sockeye::Io::new();
    sockeye_admin::instrument(&io, AdminOptions::new(Auth::None)).unwrap();
    let sockeye = sockeye::Sockeye::builder()
        .handle(&io)
        .recovery(sockeye::Recovery::default())
        .namespace("/", sockeye::Namespace::new())
        .build();
    let app = sockeye.router();
    // Where clients may come back they are given the name of their session.
    let client = Client::open(&app, HOME).await.ask("/", &json!({})).await;
    assert!(client["pid"].is_string());
    let mut admin = Client::open(&app, HOME).await;
    let joined = admin.ask("/admin", &json!({})).await;
    assert!(joined["pid"].is_null() && joined["sid"].is_string(), "{joined}");
    assert_eq!(admin.news().await[0].as_array().unwrap().len(), 5, "and no event carries an offset");
}
