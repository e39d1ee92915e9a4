//! The stock client over https and wss.

#![forbid(unsafe_code)]

mod secure;

#[tokio::test(flavor = "multi_thread")]
async fn secure_cookies_come_back_over_https_and_wss() {
    secure::story("tls/node.mjs").on_every_transport().await;
}
