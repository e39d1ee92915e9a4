//! Places in an application where sockeye can be mounted, with the stock client at each.

#![forbid(unsafe_code)]

use std::convert::Infallible;

use axum::extract::{FromRef, State};
use axum::http::{Request, Response, StatusCode};
use axum::{Extension, Router};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use sockeye::{Admitted, Data, Io, Namespace, Sockeye};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};
use tower_http::services::ServeDir;
use whole_system::{Script, Story, Transport};

async fn echo(Data(value): Data<Value>) -> Data<Value> {
    Data(value)
}

async fn tell(io: Io, Data(value): Data<Value>) {
    io.emit("news", &value).await.expect("local");
}

fn chat<S: Clone + Send + Sync + 'static>() -> Namespace<S> {
    Namespace::new().on("echo", echo).on("tell", tell)
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_below_a_prefix() {
    let story = Story::of("composition/chat.mjs", |app| {
        let sockeye = Sockeye::builder().handle(&app.io).namespace("/", chat()).build_with_state(app);
        Router::new().nest("/api/v1", sockeye.router())
    });
    story.env("MOUNT", "/api/v1/socket.io/").on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_endpoints_in_one_router() {
    fn server(path: &str, name: &'static str) -> Sockeye {
        let namespace = Namespace::new()
            .on("which", async move || Data(name))
            .on("tell", async |io: Io| io.emit("news", ()).await.expect("local"));
        Sockeye::builder().path(path).namespace("/", namespace).build()
    }
    let story = Story::of("composition/mounts.mjs", |_| {
        Router::new().merge(server("/one/", "one").router()).merge(server("/two/", "two").router())
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn static_files_as_the_fallback() {
    let story = Story::among(
        "composition/files.mjs",
        |io| io.namespace("/", chat()),
        |router| router.fallback_service(ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/node/static"))),
    );
    story.on_every_transport().await;
}

#[derive(Clone)]
struct Database(&'static str);

#[derive(Clone)]
struct Limit(u8);

#[derive(Clone, FromRef)]
struct Parts {
    database: Database,
    limit: Limit,
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_the_state_by_from_ref() {
    async fn admit(State(database): State<Database>) -> Extension<Database> {
        Extension(database)
    }
    async fn state(
        Admitted(admitted): Admitted<Database>,
        State(database): State<Database>,
        State(limit): State<Limit>,
    ) -> Data<(&'static str, &'static str, u8)> {
        Data((admitted.0, database.0, limit.0))
    }
    let story = Story::of("composition/state.mjs", |app| {
        let parts = Parts { database: Database("a database"), limit: Limit(7) };
        let namespace = Namespace::new().admit(admit).on("state", state);
        let sockeye =
            Sockeye::builder().handle(&app.io).namespace("/", namespace).build_with_state(parts.clone());
        Router::new().merge(sockeye.router()).with_state(parts)
    });
    story.on_every_transport().await;
}

/// Serves sockeye with hyper alone; every other path is 404.
async fn plain_hyper(listener: TcpListener, sockeye: Sockeye) {
    let elsewhere = service_fn(async |_: Request<Incoming>| {
        let mut response = Response::new(http_body_util::Full::new(Bytes::new()));
        *response.status_mut() = StatusCode::NOT_FOUND;
        Ok::<_, Infallible>(response)
    });
    let service = ServiceBuilder::new().layer(sockeye.layer()).service(elsewhere);
    while let Ok((stream, _)) = listener.accept().await {
        let service = TowerToHyperService::new(service.clone());
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection.with_upgrades());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_46_under_plain_hyper() {
    for transport in Transport::ALL {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let sockeye = Sockeye::builder().namespace("/", chat()).build();
        let server = tokio::spawn(plain_hyper(listener, sockeye));
        for script in ["stories/story_46.mjs", "composition/chat.mjs"] {
            let script = Script::new(script).env("BASE", &base).env("TRANSPORT", transport.name());
            let outcome = script.run(async |question, _| panic!("nobody answers {question:?}")).await;
            outcome.unwrap_or_else(|fault| panic!("on {}: {fault}", transport.name()));
        }
        server.abort();
    }
}
