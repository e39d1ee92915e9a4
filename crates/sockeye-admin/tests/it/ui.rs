//! The UI over HTTP.

use axum::{Router, body::Body, response::Response};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use sockeye_admin::{Ui, UiError, ui_from_dir};
use tower::ServiceExt as _;

const PAGE: &str = "<html><head><link rel=\"stylesheet\" href=\"https://fonts.example/a.css\"><link href=\"css/app.1a2b.css\" \
                    rel=\"stylesheet\"></head><body><script src=\"js/app.1a2b.js\"></script></body></html>";

fn ui() -> Ui {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("index.html", PAGE),
        ("css/app.1a2b.css", "a{}"),
        ("js/app.1a2b.js", "1"),
        ("js/app.1a2b.js.map", "{}"),
        ("img/logo.svg", "<svg/>"),
    ];
    for (name, content) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
    ui_from_dir(folder.path()).unwrap()
}

async fn ask(app: &Router, request: http::request::Builder) -> Response {
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn get(app: &Router, path: &str) -> Response {
    ask(app, Request::get(path)).await
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn says<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn it_is_served_below_any_path_and_names_no_other_server() {
    for (mounted, base) in [
        (Router::new().nest_service("/admin", ui()), "/admin/"),
        (Router::new().nest_service("/a/b/c/", ui()), "/a/b/c/"),
        (Router::new().merge(ui().router("/tools")), "/tools/"),
        (Router::new().fallback_service(ui()), "/"),
    ] {
        let page = get(&mounted, base).await;
        let kind = says(&page, "content-type");
        assert_eq!((page.status(), kind), (StatusCode::OK, "text/html; charset=utf-8"), "{base}");
        let policy = says(&page, "content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'self';"), "{policy}");
        let page = text(page).await;
        assert!(!page.contains("fonts.example") && page.contains("css/app.1a2b.css"), "{page}");
        let script = get(&mounted, &format!("{base}js/app.1a2b.js")).await;
        assert_eq!(
            (script.status(), says(&script, "content-type")),
            (StatusCode::OK, "text/javascript; charset=utf-8")
        );
        assert_eq!(says(&script, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(
            says(&get(&mounted, &format!("{base}img/logo.svg")).await, "content-type"),
            "image/svg+xml"
        );
        for absent in ["js/app.1a2b.js.map", "nothing", "../Cargo.toml", "%2e%2e/Cargo.toml"] {
            assert_eq!(
                get(&mounted, &format!("{base}{absent}")).await.status(),
                StatusCode::NOT_FOUND,
                "{absent}"
            );
        }
    }
}

#[tokio::test]
async fn an_address_without_its_slash_is_sent_on() {
    for mounted in
        [Router::new().nest_service("/x/admin", ui()), Router::new().nest("/x", ui().router("/admin"))]
    {
        let answer = get(&mounted, "/x/admin").await;
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(says(&answer, "location"), "./admin/");
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let app = Router::new().nest_service("/admin", ui());
    let tag = says(&get(&app, "/admin/").await, "etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    let request = Request::get("/admin/").header(header::IF_NONE_MATCH, format!("W/\"other\", W/{tag}"));
    let again = ask(&app, request).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(text(again).await.is_empty());
    let other = ask(&app, Request::get("/admin/").header(header::IF_NONE_MATCH, "\"other\"")).await;
    assert_eq!(other.status(), StatusCode::OK);
    let head = ask(&app, Request::head("/admin/")).await;
    assert_eq!((head.status(), says(&head, "etag")), (StatusCode::OK, &*tag));
    assert_eq!(ask(&app, Request::post("/admin/")).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn other_servers_it_may_talk_to_are_named() {
    let app = Router::new().fallback_service(ui().connect_to("https://chat.example.org; script-src *"));
    let page = get(&app, "/").await;
    let policy = says(&page, "content-security-policy");
    assert!(policy.contains("connect-src 'self' https://chat.example.org"), "{policy}");
    assert!(policy.contains(" wss://chat.example.org"), "{policy}");
    assert_eq!(policy.matches("script-src").count(), 1, "{policy}");
    assert_eq!(policy.matches(';').count(), 8, "{policy}");
}

#[tokio::test]
async fn icons_are_served_from_a_folder_of_their_own() {
    let icons = tempfile::tempdir().unwrap();
    assert!(matches!(ui().icons_from_dir(icons.path()), Err(UiError::NoIcons(_))));
    for (name, content) in [("css/materialdesignicons.min.css", "@font-face{}"), ("fonts/a.woff2", "font")] {
        let file = icons.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
    let app = Router::new().fallback_service(ui().icons_from_dir(icons.path()).unwrap());
    assert!(text(get(&app, "/").await).await.contains("href=\"icons/css/materialdesignicons.min.css\""));
    assert_eq!(get(&app, "/icons/css/materialdesignicons.min.css").await.status(), StatusCode::OK);
    assert_eq!(says(&get(&app, "/icons/fonts/a.woff2").await, "content-type"), "font/woff2");
}

#[test]
fn a_folder_without_the_page_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(ui_from_dir(folder.path()), Err(UiError::NoPage(_))));
    assert!(matches!(ui_from_dir(folder.path().join("absent")), Err(UiError::Read { .. })));
}

#[tokio::test]
async fn it_may_be_part_of_the_program() {
    // Any folder with a page in it will do.
    let ui = sockeye_admin::embed_ui!("$CARGO_MANIFEST_DIR/tests/page").unwrap();
    let app: Router = Router::new().fallback_service(ui);
    assert!(text(get(&app, "/").await).await.contains("embedded"));
    assert_eq!(get(&app, "/js/a.js").await.status(), StatusCode::OK);
}
