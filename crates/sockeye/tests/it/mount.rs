//! The ways into an application, and what is left alone.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
    routing::get,
};
use sockeye::{BroadcastError, Data, EmitError, Io, Namespace, Sockeye};
use tower::{Layer, ServiceExt, service_fn};

use crate::kit::{Client, Via};

const OPEN: &str = "?EIO=4&transport=polling";

fn sockeye() -> Sockeye {
    Sockeye::builder().namespace("/", Namespace::new().on("ping", async || Data("pong"))).build()
}

async fn status(app: &Router, method: Method, uri: &str) -> StatusCode {
    let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test(start_paused = true)]
async fn the_router_takes_its_path_and_leaves_all_others_alone() {
    let app = Router::new()
        .route("/", get(async || "home"))
        .merge(sockeye().router())
        .fallback(async || (StatusCode::NOT_FOUND, "the app's own"));
    // Edge lines 27 to 31.
    let cases = [
        ("/socket.io/", 200),
        ("/socket.io/anything/deeper/", 200),
        ("/", 200),
        ("/socket.io", 404),
        ("/socket.iox/", 404),
        ("/Socket.IO/", 404),
        ("/other", 404),
    ];
    for (path, expected) in cases {
        assert_eq!(status(&app, Method::GET, &format!("{path}{OPEN}")).await, expected, "{path}");
    }
    // Methods are the protocol's affair.
    assert_eq!(status(&app, Method::PUT, &format!("/socket.io/{OPEN}")).await, 400);
}

#[tokio::test(start_paused = true)]
async fn the_path_can_be_another_with_or_without_a_slash() {
    let at = |path: &str| Sockeye::builder::<()>().path(path).build().router::<()>();
    assert_eq!(status(&at("/rt/"), Method::GET, &format!("/rt/{OPEN}")).await, 200);
    assert_eq!(status(&at("/rt/"), Method::GET, &format!("/rt{OPEN}")).await, 404);
    assert_eq!(status(&at("/rt"), Method::GET, &format!("/rt{OPEN}")).await, 200);
    assert_eq!(status(&at("/rt"), Method::GET, &format!("/rt/{OPEN}")).await, 200);
    // Everything there is, for a router with nothing else in it.
    for path in ["/", "/a", "/a/b/"] {
        assert_eq!(status(&at("/"), Method::GET, &format!("{path}{OPEN}")).await, 200, "{path}");
    }
    for path in ["/rt/", "/rt"] {
        assert_eq!(Sockeye::builder::<()>().path(path).build().path(), path);
    }
    assert_eq!(Sockeye::builder::<()>().build().path(), "/socket.io/");
}

#[tokio::test(start_paused = true)]
async fn two_servers_live_in_one_router() {
    let chat = Sockeye::builder().path("/chat/").namespace("/", Namespace::<()>::new()).build();
    let app = Router::new().merge(sockeye().router()).merge(chat.router());
    assert_eq!(status(&app, Method::GET, &format!("/socket.io/{OPEN}")).await, 200);
    assert_eq!(status(&app, Method::GET, &format!("/chat/{OPEN}")).await, 200);
    assert_eq!(chat.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_service_and_the_layer_work_without_routes() {
    let sockeye = sockeye();
    let request = || Request::get(format!("/anywhere/{OPEN}")).body(Body::empty()).unwrap();
    assert_eq!(sockeye.service().oneshot(request()).await.unwrap().status(), 200);

    let other = service_fn(async |_: Request<Body>| {
        Ok::<_, std::convert::Infallible>(http::Response::new(Body::from("other")))
    });
    let stack = sockeye.layer().layer(other);
    let ask = async |uri: String| {
        let response = stack.clone().oneshot(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
        let body = axum::body::to_bytes(Body::new(response.into_body()), 1000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    assert!(ask(format!("/socket.io/{OPEN}")).await.starts_with("0{"));
    assert_eq!(ask(format!("/socket.iox/{OPEN}")).await, "other");
    assert_eq!(ask("/".to_owned()).await, "other");
}

#[tokio::test(start_paused = true)]
async fn the_handle_knows_whether_there_is_a_server() {
    let io = Io::new();
    let error = io.emit("x", ()).await.unwrap_err();
    assert!(matches!(error, BroadcastError::Emit(EmitError::NotMounted)));
    let sockeye = Sockeye::builder().handle(&io).namespace("/", Namespace::<()>::new()).build();
    io.emit("x", ()).await.unwrap();
    let error = io.of("/y").emit("x", ()).await.unwrap_err();
    assert!(matches!(error, BroadcastError::Emit(EmitError::UnknownNamespace(_))));

    // The service keeps the server alive, the handle does not.
    let app = sockeye.router();
    drop(sockeye);
    let (client, _) = Client::join(&app, Via::WebSocket).await;
    assert_eq!(io.sessions(), 1);
    client.vanish().await;
    crate::kit::settle().await;
    drop(app);
    let error = io.emit("x", ()).await.unwrap_err();
    assert!(matches!(error, BroadcastError::Emit(EmitError::Closed)));
    assert_eq!(io.sessions(), 0);
}

/// Where the panic of `build` happened, and what it said.
fn panic_of(build: impl FnOnce() + std::panic::UnwindSafe) -> (String, String) {
    use std::{cell::RefCell, panic};
    thread_local!(static SEEN: RefCell<(String, String)> = RefCell::default());
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let file = info.location().map(|location| location.file().to_owned()).unwrap_or_default();
            SEEN.set((file, info.to_string()));
            before(info);
        }));
    });
    assert!(panic::catch_unwind(build).is_err(), "no panic");
    SEEN.take()
}

#[test]
fn mistakes_of_the_program_are_found_when_it_starts_at_its_own_line() {
    let handler = async || {};
    let mistakes: [(&str, fn()); 20] = [
        ("two handlers", || drop(Namespace::<()>::new().on("x", async || {}).on("x", async || {}))),
        ("reserved", || drop(Namespace::<()>::new().on("disconnect", async || {}))),
        ("one admit", || drop(Namespace::<()>::new().admit(async || {}).admit(async || {}))),
        ("one fallback", || drop(Namespace::<()>::new().fallback(async || {}).fallback(async || {}))),
        ("one connect", || drop(Namespace::<()>::new().on_connect(async || {}).on_connect(async || {}))),
        ("one disconnect", || {
            drop(Namespace::<()>::new().on_disconnect(async || {}).on_disconnect(async || {}))
        }),
        ("at least one", || drop(Namespace::<()>::new().concurrent(0))),
        ("begins with a slash", || drop(Sockeye::builder().namespace("chat", Namespace::<()>::new()))),
        ("nor brace", || drop(Sockeye::builder().namespace("/a,b", Namespace::<()>::new()))),
        ("cannot be read", || drop(Sockeye::builder().namespace("/{id", Namespace::<()>::new()))),
        ("added twice", || {
            drop(Sockeye::builder().namespace("/", Namespace::<()>::new()).namespace("/", Namespace::new()));
        }),
        ("ping_interval", || drop(Sockeye::builder().ping_interval(std::time::Duration::ZERO).build())),
        ("admit_timeout", || drop(Sockeye::builder().admit_timeout(std::time::Duration::ZERO).build())),
        ("max_unclaimed", || drop(Sockeye::builder().max_unclaimed(0).build())),
        ("max_pending_acks", || drop(Sockeye::builder().max_pending_acks(0).build())),
        ("max_depth", || drop(Sockeye::builder().max_depth(129).build())),
        ("neither an address", || drop(Sockeye::builder::<()>().trusted_proxies(["proxy.example"]))),
        ("is not an origin", || drop(sockeye::Origins::list(["*"]))),
        ("Overlapping method route", || {
            drop(Router::<()>::new().route("/socket.io/", get("ours")).merge(sockeye().router()));
        }),
        ("another server", || {
            let io = Io::new();
            drop(Sockeye::builder().handle(&io).build());
            drop(Sockeye::builder().handle(&io).build());
        }),
    ];
    let _ = handler;
    for (says, build) in mistakes {
        let (file, text) = panic_of(build);
        assert!(file.ends_with("mount.rs"), "{says}: {file}");
        assert!(text.contains(says), "{says}: {text}");
    }
}
