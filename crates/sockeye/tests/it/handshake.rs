//! What a socket knows of the request that opened its session, and of its server.

use std::time::{Duration, SystemTime};

use axum::Extension;
use serde_json::json;
use sockeye::{Data, Namespace, Secure, Socket, SocketExt, Sockeye};

use crate::kit::{BOTH, Client};

async fn ask(socket: Socket) -> Data<serde_json::Value> {
    let handshake = socket.handshake();
    let age = SystemTime::now().duration_since(handshake.time()).unwrap_or_default();
    Data(json!({
        "agent": handshake.header("User-Agent"),
        "eio": handshake.query_param("EIO"),
        "path": handshake.uri().split('?').next(),
        "secure": handshake.is_secure(),
        "xdomain": handshake.is_xdomain(),
        "fresh": age < Duration::from_secs(60) && handshake.issued() > 1_700_000_000_000,
        "auth": serde_json::from_slice::<serde_json::Value>(socket.auth().as_slice()).ok(),
        "connected": [socket.connected(), socket.disconnected()],
        "sockets": socket.io().of("/other").count().await.ok(),
        "namespace": socket.namespace().name(),
    }))
}

#[tokio::test(start_paused = true)]
async fn a_socket_knows_its_handshake_and_its_server() {
    for via in BOTH {
        let namespace = || Namespace::new().on("ask", ask);
        let sockeye = Sockeye::builder().namespace("/", namespace()).namespace("/other", namespace()).build();
        let headers = [("user-agent", "a test"), ("origin", "http://example.com"), ("host", "example.com")];
        for (app, secure) in [(sockeye.router(), false), (sockeye.router().layer(Extension(Secure)), true)] {
            let mut client = Client::open_with(&app, via, &headers).await;
            client.connect("40").await;
            client.send(r#"40/other,{"token":"b"}"#).await;
            assert!(client.packet().await.starts_with("40/other,"));
            // The auth is that of the namespace, all else that of the session.
            for (ask, answer, auth, name) in [
                (r#"421["ask"]"#, "431", json!({}), "/"),
                (r#"42/other,2["ask"]"#, "43/other,2", json!({"token": "b"}), "/other"),
            ] {
                client.send(ask).await;
                let told = client.packet().await;
                let told: serde_json::Value =
                    serde_json::from_str(told.strip_prefix(answer).unwrap()).unwrap();
                let expected = json!([{
                    "agent": "a test", "eio": "4", "path": "/socket.io/", "secure": secure, "xdomain": true,
                    "fresh": true, "auth": auth, "connected": [true, false], "sockets": 1, "namespace": name,
                }]);
                assert_eq!(told, expected);
            }
            client.vanish().await;
            crate::kit::settle().await;
            assert!(crate::kit::eventually(|| sockeye.sessions() == 0).await);
        }
    }
}
