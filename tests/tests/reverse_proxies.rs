//! The configurations of `docs/deploying.md` do what the page says.

#![forbid(unsafe_code)]

use axum::Router;
use serde_json::{Value, json};
use sockeye::{Data, Namespace, Socket, Sockeye};
use whole_system::{App, ReverseProxy, ReverseProxyKind, Script, Server};

/// One of the two nodes.
async fn node(name: &'static str) -> Server {
    Server::start(move |app: App| {
        let namespace = Namespace::new()
            .on("node", async move || Data(name))
            .on("address", async |socket: Socket| Data(socket.handshake().address().map(|it| it.to_string())))
            .on("echo", async |Data(value): Data<Value>| Data(value))
            .on("count", async |socket: Socket, Data(to): Data<u32>| {
                for number in 1..=to {
                    let _ = socket.emit("number", number).await;
                }
            });
        let sockeye = Sockeye::builder()
            .handle(&app.io)
            .trusted_proxies(["127.0.0.1"])
            .namespace("/", namespace)
            .build();
        Router::new().merge(sockeye.router())
    })
    .await
}

async fn behind(kind: ReverseProxyKind) {
    let nodes = [node("one").await, node("two").await];
    let proxy = ReverseProxy::start(kind, [nodes[0].address(), nodes[1].address()]).await;
    let script = Script::new("reverse_proxies.mjs").env("BASE", &format!("http://{}", proxy.address()));
    let outcome = script
        .run(async |question, value| match question {
            "stop" => {
                let [one, two] = &nodes;
                if value == "one" { one } else { two }.stop().await;
                Value::Null
            }
            _ => json!(nodes.iter().map(|node| node.io().sessions()).sum::<usize>()),
        })
        .await;
    assert_eq!(outcome, Ok(()), "{kind:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx_as_the_page_says() {
    behind(ReverseProxyKind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_haproxy_as_the_page_says() {
    behind(ReverseProxyKind::HaProxy).await;
}
