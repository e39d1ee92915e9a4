//! Sessions under this server: addresses, websockets.

use sockeye::{Namespace, Socket, Sockeye, serve::ServeConfig};

use crate::kit::{Peer, Server, pass, settle};

const WEBSOCKET: &str = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: a.example\r\nconnection: Upgrade\r\n\
    upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A text frame of a client, masked with zeros.
fn frame(text: &str) -> Vec<u8> {
    [&[0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0], text.as_bytes()].concat()
}

/// The next text frame of the server.
async fn text(peer: &mut Peer) -> String {
    let head = peer.take(2).await;
    let [0x81, length] = head[..] else { panic!("no text: {head:?}") };
    let length = if length == 126 {
        let long = peer.take(2).await;
        usize::from(u16::from_be_bytes([long[0], long[1]]))
    } else {
        usize::from(length)
    };
    String::from_utf8(peer.take(length).await).unwrap()
}

fn sockeye() -> Sockeye {
    let address = async |socket: Socket| socket.handshake().address().map(|address| address.to_string());
    let address = async move |socket: Socket| sockeye::Data(address(socket).await);
    Sockeye::builder().namespace("/", Namespace::<()>::new().on("address", address)).build()
}

#[tokio::test(start_paused = true)]
async fn a_websocket_keeps_its_place_and_outlives_the_deadlines() {
    let config = ServeConfig { max_connections: 1, ..ServeConfig::default() };
    let sockeye = sockeye();
    let server = Server::new(sockeye.router(), config);
    let mut peer = server.connect();
    // Frames right behind the request are not lost.
    peer.write([WEBSOCKET.as_bytes(), &frame("40")].concat()).await;
    assert_eq!(peer.answer().await.unwrap().0, 101);
    assert!(text(&mut peer).await.starts_with("0{"));
    assert!(text(&mut peer).await.starts_with("40{"));
    peer.write(frame("420[\"address\"]")).await;
    assert_eq!(text(&mut peer).await, "430[\"192.0.2.1\"]");
    for _ in 0..3 {
        assert_eq!(text(&mut peer).await, "2");
        peer.write(frame("3")).await;
    }
    assert!(peer.age() > 70.0);
    assert!(server.connect().is_closed().await, "the one place is taken");

    drop(peer);
    settle().await;
    assert_eq!(sockeye.sessions(), 0);
    assert!(!server.connect().is_closed().await);
}

#[tokio::test(start_paused = true)]
async fn a_poll_may_wait_longer_than_a_head_and_its_session_knows_the_address() {
    let server = Server::new(sockeye().router(), ServeConfig::default());
    let mut peer = server.connect();
    let get = |sid: &str| {
        format!("GET /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: a.example\r\n\r\n")
    };
    let open = peer.ask(get("").replace("&sid=", "")).await.unwrap().1;
    let sid = open.split('"').nth(3).unwrap();
    let post = async |body: &str| {
        let request = get(sid).replacen("GET", "POST", 1);
        let head = request.trim_end();
        let mut peer = server.connect();
        peer.ask(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await.unwrap()
    };
    assert_eq!(post("40").await, (200, "ok".to_owned()));
    assert!(peer.ask(get(sid)).await.unwrap().1.starts_with("40{"));
    assert_eq!(post("420[\"address\"]").await, (200, "ok".to_owned()));
    assert_eq!(peer.ask(get(sid)).await, Some((200, "430[\"192.0.2.1\"]".to_owned())));
    pass(1.0).await;
    assert_eq!(peer.ask(get(sid)).await, Some((200, "2".to_owned())), "the ping, after 25 s");
    assert!(peer.age() >= 25.0);
}

#[tokio::test(start_paused = true)]
async fn websockets_of_the_applications_own_work_as_under_axum() {
    // axum's own extractor is not built into this test; hyper's handle is what it takes.
    let app = axum::Router::new().fallback(async |mut request: axum::extract::Request| {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            let mut io = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
            io.write_all(b"own").await.unwrap();
        });
        let mut response = axum::response::Response::new(axum::body::Body::empty());
        *response.status_mut() = http::StatusCode::SWITCHING_PROTOCOLS;
        response.headers_mut().insert("connection", http::HeaderValue::from_static("upgrade"));
        response.headers_mut().insert("upgrade", http::HeaderValue::from_static("own"));
        response
    });
    let server = Server::new(app, ServeConfig::default());
    let mut peer = server.connect();
    assert_eq!(peer.ask(WEBSOCKET).await.unwrap().0, 101);
    assert_eq!(peer.rest().await.0, b"own");
}
