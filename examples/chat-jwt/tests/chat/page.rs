//! What `/` answers: the built page, or a sentence in its place.

use crate::support::{config, world_of};
use axum::http::StatusCode;
use chat_jwt::page::Page;

#[tokio::test(start_paused = true)]
async fn without_a_page_a_sentence_says_what_to_do() {
    let mut config = config();
    config.page = Page::Missing("Install <something> & start again.".to_owned());
    let visitor = world_of(config).client("/");
    for uri in ["/", "/login"] {
        let answer = visitor.get(uri).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text().contains("Install &lt;something> &amp; start again."), "{}", answer.text());
    }
    // The rest of the server is there.
    assert_eq!(visitor.get("/session").await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn the_index_is_asked_for_anew_and_assets_are_kept() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::create_dir(dist.path().join("assets")).unwrap();
    std::fs::write(dist.path().join("index.html"), "<p>page").unwrap();
    std::fs::write(dist.path().join("assets/app-1.js"), "1").unwrap();
    std::fs::write(dist.path().join(".sources"), "stamp").unwrap();
    let mut config = config();
    config.page = Page::Built(dist.path().to_owned());
    let visitor = world_of(config).client("/");

    for uri in ["/", "/login"] {
        let index = visitor.get(uri).await;
        assert_eq!((index.status, index.text().as_str()), (StatusCode::OK, "<p>page"));
        assert_eq!(index.headers.get("cache-control").unwrap(), "no-cache");
    }
    let asset = visitor.get("/assets/app-1.js").await;
    assert_eq!(asset.headers.get("cache-control").unwrap(), "public, max-age=31536000, immutable");
    let gone = visitor.get("/assets/app-0.js").await;
    assert_eq!((gone.status, gone.headers.get("cache-control")), (StatusCode::NOT_FOUND, None));
    for uri in ["/.sources", "/assets/../.sources", "/assets/%2e%2e/.sources", "/elsewhere"] {
        assert_eq!(visitor.get(uri).await.status, StatusCode::NOT_FOUND, "{uri}");
    }
}
