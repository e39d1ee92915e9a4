//! Every event of the workloads, asked of every server.

use sockeye_bench::order::Order;

use crate::kit::{Client, Server, binary, masked, request, text};

/// What every websocket server is asked.
async fn answers_every_event(server: Server) {
    echoes(&server).await;
    echoes_an_object(&server).await;
    acknowledges(&server).await;
    echoes_bytes(&server).await;
    reaches_everybody(&server).await;
    reaches_a_room(&server).await;
    takes_frames_in_pieces(&server).await;
}

async fn echoes(server: &Server) {
    let mut client = Client::connect(server).await;
    let event = |n: usize| format!(r#"42["echo","{n} {}"]"#, "ä\\n".repeat(n * n));
    for n in [1, 20, 80, 200] {
        assert_eq!(client.ask(&event(n)).await, event(n));
    }
    // The window of the workloads, in one write.
    client.send((0..16).map(|n| text(event(n)))).await;
    client.hears((0..16).map(|n| text(event(n)))).await;
}

async fn echoes_an_object(server: &Server) {
    let mut client = Client::connect(server).await;
    let event = format!(r#"42["typed",{}]"#, serde_json::to_string(&Order::sample()).unwrap());
    let events = [text(event.clone()), text(event)];
    client.send(events.clone()).await;
    client.hears(events).await;
}

async fn acknowledges(server: &Server) {
    let mut client = Client::connect(server).await;
    assert_eq!(client.ask(r#"420["ack","tea"]"#).await, r#"430["tea"]"#);
    client.send((1..40).map(|n| text(format!(r#"42{n}["ack","{n}"]"#)))).await;
    client.hears((1..40).map(|n| text(format!(r#"43{n}["{n}"]"#)))).await;
}

async fn echoes_bytes(server: &Server) {
    let mut client = Client::connect(server).await;
    let head = r#"451-["bin",{"_placeholder":true,"num":0}]"#;
    let attachments: Vec<Vec<u8>> = (1..=16).map(|n| vec![n; 1024 * usize::from(n % 4)]).collect();
    let events = attachments.iter().flat_map(|bytes| [text(head), binary(bytes)]);
    client.send(events.clone()).await;
    client.hears(events).await;
}

async fn reaches_everybody(server: &Server) {
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(Client::connect(server).await);
    }
    let event = |n: usize| text(format!(r#"42["all","{n}"]"#));
    clients[0].send((0..8).map(event)).await;
    for client in &mut clients {
        client.hears((0..8).map(event)).await;
    }
}

async fn reaches_a_room(server: &Server) {
    let mut member = Client::connect(server).await;
    let mut stranger = Client::connect(server).await;
    let mut sender = Client::connect(server).await;
    assert_eq!(member.ask(r#"421["join","r1"]"#).await, "431[]");
    assert_eq!(sender.ask(r#"421["join","r1"]"#).await, "431[]");
    assert_eq!(stranger.ask(r#"427["join","r12"]"#).await, "437[]");
    let (event, heard) = (text(r#"42["room","r1","news"]"#), text(r#"42["room","news"]"#));
    sender.send([event.clone()]).await;
    assert_eq!(sender.next().await, heard);
    assert_eq!(member.next().await, heard);

    assert_eq!(sender.ask(r#"422["leave","r1"]"#).await, "432[]");
    let end = text(r#"42["all","end"]"#);
    sender.send([event, end.clone()]).await;
    member.hears([heard, end.clone()]).await;
    for client in [&mut sender, &mut stranger] {
        assert_eq!(client.next().await, end);
    }
}

/// A read may end anywhere in a frame, and a frame may be larger than any buffer.
async fn takes_frames_in_pieces(server: &Server) {
    let mut client = Client::connect(server).await;
    let whole = r#"42["echo","whole"]"#;
    for len in [10, 200, 70_000] {
        let event = format!(r#"42["echo","{}"]"#, "ab€".repeat(len / 5));
        let frame = masked(&event);
        for cut in (1..20).chain([frame.len() / 2, frame.len() - 1]) {
            let (first, rest) = frame.split_at(cut);
            client.send_bytes(&[&masked(whole), first].concat()).await;
            // Once this is answered, the server has read what came with it.
            assert_eq!(client.next_text().await, whole);
            client.send_bytes(rest).await;
            assert_eq!(client.next_text().await, event, "cut at {cut}");
        }
    }
}

/// The handshake, the namespace, and several events in one body, by polling.
async fn echoes_by_polling(server: Server) {
    let path = "/socket.io/?EIO=4&transport=polling";
    let (status, open) = request(&server, "GET", path, "").await;
    assert_eq!(status, 200, "{open}");
    let open: serde_json::Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    let path = format!("{path}&sid={}", open["sid"].as_str().unwrap());
    let post = async |body: &str| assert_eq!(request(&server, "POST", &path, body).await, (200, "ok".into()));
    post("40").await;
    let joined = polled(&server, &path).await;
    assert!(joined[0].starts_with(r#"40{"sid":""#) && joined.len() == 1, "{joined:?}");
    // A request that waits is answered by what comes.
    let (waited, ()) = tokio::join!(polled(&server, &path), post(r#"42["echo","tea"]"#));
    assert_eq!(waited, [r#"42["echo","tea"]"#]);
    let events = [1, 2, 3].map(|n| format!(r#"42["echo","{n}"]"#));
    post(&events.join("\u{1e}")).await;
    let mut heard = Vec::new();
    while heard.len() < events.len() {
        heard.extend(polled(&server, &path).await);
    }
    if !server.keeps_order {
        heard.sort();
    }
    assert_eq!(heard, events);
}

/// What a GET brings beside pings, of which one may come at once.
async fn polled(server: &Server, path: &str) -> Vec<String> {
    loop {
        let (status, body) = request(server, "GET", path, "").await;
        assert_eq!(status, 200, "{body}");
        let packets: Vec<String> =
            body.split('\u{1e}').map(ToOwned::to_owned).filter(|it| it != "2").collect();
        if !packets.is_empty() {
            return packets;
        }
    }
}

#[tokio::test]
async fn sockeye_answers_every_event() {
    answers_every_event(Server::sockeye().await).await;
}

#[tokio::test]
async fn sockeye_with_mimalloc_answers_every_event() {
    answers_every_event(Server::sockeye_mimalloc().await).await;
}

#[tokio::test]
async fn sockeye_echoes_by_polling() {
    echoes_by_polling(Server::sockeye().await).await;
}

#[tokio::test]
async fn socketioxide_answers_every_event() {
    answers_every_event(Server::other("socketioxide").await).await;
}

#[tokio::test]
async fn bare_answers_every_event() {
    answers_every_event(Server::other("bare").await).await;
}

#[tokio::test]
async fn tungstenite_answers_every_event() {
    answers_every_event(Server::other("tungstenite").await).await;
}

#[tokio::test]
async fn socketioxide_echoes_by_polling() {
    echoes_by_polling(Server::other("socketioxide").await).await;
}

#[tokio::test]
async fn axum_polling_echoes_by_polling() {
    echoes_by_polling(Server::other("axum-polling").await).await;
}
