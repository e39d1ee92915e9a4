//! The open packet, and who may have it (lines 45 to 59).

use std::{net::SocketAddr, task::Context, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request as HttpRequest},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::UPGRADE, request::Parts};
use sockeye::{Builder, CloseReason, Data, Io, Namespace, Socket, Sockeye, Transport};
use sockeye_engine::{Engine, Flow, Handler, Handshake, MessageRef, Sender, SessionHandler};

use crate::support::{BOTH, Log, Peer, Request, Server, Via, WebSocket, hands_out, witness};

fn built(settings: impl FnOnce(Builder) -> Builder) -> Server {
    Server::built(settings(Sockeye::builder().namespace("/", Namespace::new())))
}

/// An open packet with its sid taken out, which must look like one.
fn without_sid(open: &str) -> String {
    let (before, rest) = open.split_once(r#"{"sid":""#).unwrap_or_else(|| panic!("{open}"));
    let (sid, after) = rest.split_once('"').unwrap();
    assert_eq!(sid.len(), 20, "{sid}");
    assert!(sid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{sid}");
    format!("{before}{{{}", after.trim_start_matches(','))
}

#[tokio::test(start_paused = true)]
async fn edge_045_the_open_packet_by_polling() {
    let answer = built(|it| it).send(Request::open()).await;
    assert_eq!(
        without_sid(answer.packets()),
        r#"0{"upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#
    );
    let server = built(|it| {
        let it = it.ping_interval(Duration::from_millis(300)).ping_timeout(Duration::from_millis(200));
        it.max_payload(1234)
    });
    assert_eq!(
        without_sid(server.send(Request::open()).await.packets()),
        r#"0{"upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1234}"#
    );
}

#[tokio::test(start_paused = true)]
async fn edge_046_the_open_packet_on_a_websocket() {
    let server = built(|it| it);
    let (answer, connection) = server.ask_websocket(Request::websocket("EIO=4&transport=websocket")).await;
    assert_eq!(answer.status, 101);
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(
        without_sid(&WebSocket::new(connection).text().await),
        r#"0{"upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#
    );
}

#[tokio::test(start_paused = true)]
async fn edge_047_upgrades_name_what_is_on_and_can_be_reached() {
    let polling = Request::open;
    let websocket = || Request::websocket("EIO=4&transport=websocket");

    let server = built(|it| it.transports([Transport::Polling]));
    assert!(server.send(polling()).await.packets().contains(r#""upgrades":[]"#));
    server.send(websocket()).await.assert_refused(0, "Transport unknown");

    let server = built(|it| it.transports([Transport::WebSocket]));
    server.send(polling()).await.assert_refused(0, "Transport unknown");
    assert_eq!(server.send(websocket()).await.status, 101);

    let server = built(|it| it.transports([Transport::WebSocket, Transport::Polling]));
    assert!(server.send(polling()).await.packets().contains(r#""upgrades":["websocket"]"#));
}

/// Says two things as soon as there is a session.
struct Greeter;

struct Greeted;

impl Handler for Greeter {
    type Session = Greeted;

    fn open(&self, _: Handshake, sender: Sender) -> Greeted {
        sender.send("one").unwrap();
        sender.send("two").unwrap();
        Greeted
    }
}

impl SessionHandler for Greeted {
    fn message(&mut self, _: &mut Context<'_>, _: MessageRef<'_>, _: Option<&Parts>) -> Flow {
        Flow::Continue
    }

    fn closed(&mut self, _: CloseReason) {}
}

/// The engine's own handler; the sockets above it say nothing before they have joined a namespace.
#[tokio::test(start_paused = true)]
async fn edge_049_what_is_sent_at_once_follows_the_open_packet() {
    let engine = Engine::builder().path("/socket.io/").build(Greeter);
    let app = Router::new().route_service("/socket.io/", engine.service());
    let server = Server::app(&Io::new(), app);
    let answer = server.send(Request::open()).await;
    let packets: Vec<_> = answer.packets().split('\x1e').collect();
    assert!(packets[0].starts_with("0{"));
    assert_eq!(packets[1..], ["4one", "4two"]);

    let (mut websocket, _) = server.open_websocket().await;
    assert_eq!(websocket.text().await, "4one");
    assert_eq!(websocket.text().await, "4two");
}

#[tokio::test(start_paused = true)]
async fn edge_050_a_websocket_without_any_polling() {
    let log = Log::default();
    let server = Server::new(witness(&log));
    let mut peer = Peer::join(&server, Via::WebSocket).await;
    peer.send(r#"420["hello"]"#).await;
    assert_eq!(peer.packet().await, "430[]");
    log.expect(&["connect", "hello[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_051_a_client_whose_websocket_is_blocked_stays_on_polling() {
    async fn block(request: HttpRequest, next: Next) -> Response {
        match request.headers().contains_key(UPGRADE) {
            true => StatusCode::FORBIDDEN.into_response(),
            false => next.run(request).await,
        }
    }
    let log = Log::default();
    let sockeye = Sockeye::builder().namespace("/", witness(&log)).build();
    let server = Server::app(sockeye.io(), sockeye.router().layer(from_fn(block)));
    let mut peer = Peer::join(&server, Via::Polling).await;
    let upgrade = Request::websocket(&format!("EIO=4&transport=websocket&sid={}", peer.sid));
    assert_eq!(server.send(upgrade).await.status, 403);
    // Longer than the upgrade may take.
    for _ in 0..3 {
        peer.send(r#"421["hello"]"#).await;
        assert_eq!(peer.packet().await, "431[]");
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    log.expect(&["connect", "hello[]", "hello[]", "hello[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_056_no_answer_is_stored() {
    let server = built(|it| it);
    let open = server.send(Request::open()).await;
    let sid = server.open().await;
    let post = server.send(Request::post(&sid, "40")).await;
    let get = server.send(Request::poll(&sid)).await;
    for answer in [open, post, get] {
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_057_internet_explorer_is_told_to_stay_quiet() {
    let server = built(|it| it);
    for (agent, header) in [
        ("Mozilla/4.0 (compatible;MSIE 8.0;Windows NT 6.1)", Some("0")),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", Some("0")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", None),
    ] {
        let by = |request: Request| server.send(request.header("user-agent", agent));
        let open = by(Request::open()).await;
        let sid = server.open().await;
        let post = by(Request::post(&sid, "40")).await;
        let get = by(Request::poll(&sid)).await;
        for answer in [open, post, get] {
            assert_eq!((answer.status, answer.header("x-xss-protection")), (200, header), "{agent}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_059_the_address_of_the_client() {
    let address = async |ConnectInfo(address): ConnectInfo<SocketAddr>| Data(address.to_string());
    let told = async |socket: Socket, ConnectInfo(address): ConnectInfo<SocketAddr>| {
        let _ = socket.emit("address", address.to_string()).await;
    };
    let server = Server::new(Namespace::new().on_connect(told).on("address", address));
    for via in BOTH {
        let mut peer = Peer::join(&server, via).await;
        assert_eq!(peer.packet().await, r#"42["address","192.0.2.1:4711"]"#);
        peer.send(r#"421["address"]"#).await;
        assert_eq!(peer.packet().await, r#"431["192.0.2.1:4711"]"#);
    }
}

/// `secure` of the reference's handshake. What a client says of itself is not believed.
#[tokio::test(start_paused = true)]
async fn tls_is_known_from_a_trusted_proxy_alone() {
    for via in BOTH {
        for (trusted, header, secure) in [
            ("192.0.2.1", ("x-forwarded-proto", "https"), true),
            ("192.0.2.1", ("forwarded", "for=198.51.100.7;proto=https"), true),
            ("192.0.2.1", ("x-forwarded-proto", "http"), false),
            ("192.0.2.2", ("x-forwarded-proto", "https"), false),
        ] {
            let (namespace, mut sockets) = hands_out();
            let builder = Sockeye::builder().trusted_proxies([trusted]).namespace("/", namespace);
            let server = Server::built(builder);
            let mut peer = Peer::open_with(&server, via, "", &[header]).await;
            peer.connect("40").await;
            assert_eq!(sockets.next().await.handshake().is_secure(), secure, "{header:?} of {trusted}");
        }
    }
}
