//! The stock client over https and wss in a browser, which polls over HTTP/2 and keeps the cookies itself.

#![forbid(unsafe_code)]

mod secure;

#[tokio::test(flavor = "multi_thread")]
async fn secure_cookies_of_another_site_come_back_over_http_2_and_wss() {
    secure::story("tls/browser.mjs").on_every_transport().await;
}
