//! The same smoke test for stock clients of every version, and for the client of another language.

#![forbid(unsafe_code)]

mod smoke;

use whole_system::Story;

/// Stock clients of Node, by the names they have in `tests/node/package.json`.
async fn smoke_with(client: &'static str) {
    Story::new("smoke.mjs", smoke::namespaces)
        .env("CLIENT", client)
        .answer("stop", smoke::stop)
        .on_every_transport()
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_3_0_passes_the_smoke_test() {
    smoke_with("socket.io-client-3.0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_4_0_passes_the_smoke_test() {
    smoke_with("socket.io-client-4.0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_4_4_passes_the_smoke_test() {
    smoke_with("socket.io-client-4.4").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_4_6_1_passes_the_smoke_test() {
    smoke_with("socket.io-client-4.6.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_4_7_2_passes_the_smoke_test() {
    smoke_with("socket.io-client-4.7.2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_newest_passes_the_smoke_test() {
    smoke_with("socket.io-client").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_for_python_passes_the_smoke_test() {
    let story = Story::new("smoke.py", smoke::namespaces);
    story.answer("stop", smoke::stop).on_every_transport().await;
}
