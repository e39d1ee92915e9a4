//! A server on a port of its own, visited by a page of another origin.

#![forbid(unsafe_code)]

use sockeye::{Data, Namespace, Sockeye};
use tower_http::cors::{Any, CorsLayer};
use whole_system::{Script, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn story_45_on_its_own_port() {
    for transport in Transport::ALL {
        let who = Namespace::new().on("who", async || Data("anybody"));
        let sockeye = Sockeye::builder().namespace("/", who).build();
        let cors = CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any);
        let server = sockeye.serve("127.0.0.1:0").http_layer(cors).bind().await.expect("a free port");
        let base = format!("http://{}", server.local_addr());
        let server = tokio::spawn(server);
        let script =
            Script::new("browser/story_45.mjs").env("BASE", &base).env("TRANSPORT", transport.name());
        let outcome = script.run(async |question, _| panic!("nobody answers {question:?}")).await;
        outcome.unwrap_or_else(|fault| panic!("on {}: {fault}", transport.name()));
        server.abort();
    }
}
