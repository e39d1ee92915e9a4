//! Chromium's own permessage-deflate, with and without context takeover.

#![forbid(unsafe_code)]

use axum::http::HeaderValue;
use sockeye::{Data, Namespace, Origins, PermessageDeflate};
use tower_http::cors::{Any, CorsLayer};
use whole_system::Story;

#[tokio::test(flavor = "multi_thread")]
async fn chromium_exchanges_compressed_packets_with_and_without_context() {
    for context_takeover in [false, true] {
        let settings = PermessageDeflate {
            context_takeover,
            client_context_takeover: context_takeover,
            ..PermessageDeflate::default()
        };
        let story = Story::among(
            "browser/compression.mjs",
            move |io| {
                let echo = Namespace::new()
                    .on("text", async |Data(text): Data<String>| Data(text))
                    .on("bytes", async |Data(bytes): Data<bytes::Bytes>| Data(bytes));
                io.permessage_deflate(settings)
                    .origins(Origins::list(["http://anywhere.test"]))
                    .namespace("/", echo)
            },
            |router| {
                let anywhere = HeaderValue::from_static("http://anywhere.test");
                router.layer(CorsLayer::new().allow_origin(anywhere).allow_methods(Any).allow_headers(Any))
            },
        );
        story.on_every_transport().await;
    }
}
