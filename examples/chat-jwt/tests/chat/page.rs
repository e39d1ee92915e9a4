//! What `/` answers: the built page, or a sentence in its place.

use crate::support::{config, fetch};
use axum::http::StatusCode;
use chat_jwt::page::Page;

#[tokio::test]
async fn without_a_page_a_sentence_says_what_to_do() {
    let mut config = config();
    config.page = Page::Missing("Install <something> & start again.".to_owned());
    let router = chat_jwt::app(config).router;
    for uri in ["/", "/login"] {
        let answer = fetch(&router, uri, "").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.body.contains("Install &lt;something> &amp; start again."), "{}", answer.body);
    }
    // The rest of the server is there.
    assert_eq!(fetch(&router, "/session", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_index_is_asked_for_anew_and_assets_are_kept() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::create_dir(dist.path().join("assets")).unwrap();
    std::fs::write(dist.path().join("index.html"), "<p>page").unwrap();
    std::fs::write(dist.path().join("assets/app-1.js"), "1").unwrap();
    std::fs::write(dist.path().join(".sources"), "stamp").unwrap();
    let mut config = config();
    config.page = Page::Built(dist.path().to_owned());
    let router = chat_jwt::app(config).router;

    for uri in ["/", "/login"] {
        let index = fetch(&router, uri, "").await;
        assert_eq!((index.status, index.body.as_str()), (StatusCode::OK, "<p>page"));
        assert_eq!(index.headers.get("cache-control").unwrap(), "no-cache");
    }
    let asset = fetch(&router, "/assets/app-1.js", "").await;
    assert_eq!(asset.headers.get("cache-control").unwrap(), "public, max-age=31536000, immutable");
    let gone = fetch(&router, "/assets/app-0.js", "").await;
    assert_eq!((gone.status, gone.headers.get("cache-control")), (StatusCode::NOT_FOUND, None));
    for uri in ["/.sources", "/assets/../.sources", "/assets/%2e%2e/.sources", "/elsewhere"] {
        assert_eq!(fetch(&router, uri, "").await.status, StatusCode::NOT_FOUND, "{uri}");
    }
}
