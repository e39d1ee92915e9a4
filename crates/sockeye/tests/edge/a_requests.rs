//! Section A: which HTTP requests belong to the protocol, and what the others are answered.

use crate::support::{BOTH, Log, Peer, Server, Via, witness};

#[tokio::test(start_paused = true)]
async fn smoke() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"421["hi",1]"#).await;
        assert_eq!(peer.packet().await, "431[]");
        server.io().emit("x", ()).await.unwrap();
        assert_eq!(peer.packet().await, r#"42["x"]"#);
        peer.send_binary(r#"451-["hi",{"_placeholder":true,"num":0}]"#, &[b"abc"]).await;
        peer.assert_silent().await;
        assert_eq!(server.sessions(), 1);
        peer.vanish().await;
        let reason = match via {
            Via::Polling => "disconnect: transport error",
            Via::WebSocket => "disconnect: transport close",
        };
        log.expect(&["connect", "hi[1]", r#"hi[{"_placeholder":true,"num":0}] +3"#, reason]).await;
        assert_eq!(server.sessions(), 0);
    }
}
