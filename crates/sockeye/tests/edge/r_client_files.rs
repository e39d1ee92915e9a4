//! Section R: the browser's client, served by the server (lines 331 to 336).

use std::io::Read as _;

use axum::{Router, body::Body, extract::Request as HttpRequest};
use flate2::read::GzDecoder;
use http::{HeaderValue, StatusCode};
use serde_json::Value;
use sockeye::{ClientFiles, Namespace, Sockeye, client_files};
use tower::ServiceExt as _;
use tower_http::cors::CorsLayer;

use crate::support::{Answer, Peer, Request, Server, Via};

/// Stand-ins, with the names of the real files.
fn files() -> ClientFiles {
    client_files!("tests/fixtures/client")
}

fn plain(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/client");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

fn server() -> Server {
    Server::built(Sockeye::builder().client_files(files()).namespace("/", Namespace::new()))
}

fn get(name: &str) -> Request {
    Request::new("GET", format!("/socket.io/{name}"))
}

/// The files and their headers as the reference serves them.
fn golden() -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("../fixtures/client-bundle.json")).unwrap();
    golden["files"].as_array().unwrap().clone()
}

fn decoded(answer: &Answer) -> String {
    let mut text = String::new();
    match answer.header("content-encoding") {
        None => return answer.text().to_owned(),
        Some("gzip") => GzDecoder::new(answer.bytes()).read_to_string(&mut text).unwrap(),
        Some("br") => brotli::Decompressor::new(answer.bytes(), 4096).read_to_string(&mut text).unwrap(),
        Some(other) => panic!("{other}"),
    };
    text
}

/// The reference has one tag for all files and encodings, its version; here each variant has its own, so that a cache
/// never takes one for another.
#[tokio::test(start_paused = true)]
async fn edge_331_the_eight_files_with_a_tag_for_each_encoding() {
    let server = server();
    let mut tags = Vec::new();
    for file in golden() {
        let name = file["file"].as_str().unwrap();
        for accepts in ["", "gzip", "br"] {
            let ask = || get(name).header("accept-encoding", accepts);
            let answer = server.send(ask()).await;
            assert_eq!(answer.status, 200, "{name}");
            assert_eq!(decoded(&answer), plain(name));
            assert_eq!(answer.header("content-type"), file["content_type"].as_str());
            assert_eq!(answer.header("cache-control"), file["cache_control"].as_str());
            assert_eq!(answer.header("content-length"), Some(&*answer.bytes().len().to_string()));
            assert_eq!(answer.header("vary"), Some("accept-encoding"));

            let tag = answer.header("etag").unwrap().to_owned();
            for tag in [tag.clone(), format!("W/{tag}")] {
                let again = server.send(ask().header("if-none-match", &tag)).await;
                assert_eq!((again.status, again.bytes()), (304, &b""[..]));
                assert_eq!(again.header("etag"), answer.header("etag"));
                assert_eq!(again.header("cache-control"), answer.header("cache-control"));
                assert_eq!(again.header("vary"), Some("accept-encoding"));
            }
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    // A stand-in of a map is too short to be compressed.
    assert!(tags.len() >= 8 + 2 * 4, "{tags:?}");
}

/// The reference answers 200 to a list and to `*` (RFC 9110, section 13.1.2, asks for more).
#[tokio::test(start_paused = true)]
async fn edge_332_a_list_of_tags() {
    let server = server();
    let tag = server.send(get("socket.io.js")).await.header("etag").unwrap().to_owned();
    for (tags, status) in [
        (format!("\"x\", {tag}"), 304),
        (format!("W/\"x\" ,W/{tag},\"y\""), 304),
        ("*".to_owned(), 304),
        ("\"4.8.4\"".to_owned(), 200),
        (format!("{tag}x"), 200),
        (String::new(), 200),
    ] {
        let answer = server.send(get("socket.io.js").header("if-none-match", &tags)).await;
        assert_eq!(answer.status, status, "{tags}");
    }
    // The tag of another encoding is another file to a cache.
    let gzip = get("socket.io.js").header("accept-encoding", "gzip").header("if-none-match", &tag);
    assert_eq!(server.send(gzip).await.status, 200);
}

/// By quality, and of what is liked the same the smallest; the reference goes by the order of the names.
#[tokio::test(start_paused = true)]
async fn edge_333_encodings_by_quality() {
    let server = server();
    for (accepts, coding) in [
        ("gzip, deflate, br", Some("br")),
        ("gzip, deflate, br, zstd", Some("br")),
        ("br;q=0.5, gzip", Some("gzip")),
        ("gzip;q=0.8, br;q=0.9", Some("br")),
        ("br;q=0, gzip", Some("gzip")),
        ("deflate", None),
        ("*", Some("br")),
        ("br;q=0, *;q=0.1", Some("gzip")),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0, gzip;q=0.5", Some("gzip")),
        ("", None),
    ] {
        let answer = server.send(get("socket.io.min.js").header("accept-encoding", accepts)).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{accepts}");
        assert_eq!(decoded(&answer), plain("socket.io.min.js"));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_334_a_layer_s_cors_headers() {
    let sockeye = Sockeye::builder().client_files(files()).namespace("/", Namespace::new()).build();
    let cors = CorsLayer::new().allow_origin(HeaderValue::from_static("https://a.example"));
    let server = Server::app(sockeye.io(), sockeye.router().layer(cors));
    let answer = server.send(get("socket.io.js").header("origin", "https://a.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://a.example"));
    // A page of any origin may run a script, so the server asks for none.
    let answer = server.send(get("socket.io.js").header("origin", "https://b.example")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test(start_paused = true)]
async fn edge_335_other_names_are_the_engine_s() {
    let server = server();
    for name in
        ["socket.io.slim.js", "socket.io%2ejs", "Socket.io.js", "socket.io.js/", "socket.io.js.gz", ""]
    {
        server.send(get(name)).await.assert_refused(0, "Transport unknown");
    }
    // A query changes nothing, and the engine goes on as before.
    assert_eq!(server.send(get("socket.io.js?v=1")).await.status, 200);
    Peer::join(&server, Via::WebSocket).await;
    for path in ["/socket.io.js", "/other/socket.io.js"] {
        assert_eq!(server.send(Request::new("GET", path)).await.text(), "the app");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_336_without_them_the_names_are_the_engine_s() {
    let server = Server::new(Namespace::new());
    for file in golden() {
        let name = file["file"].as_str().unwrap();
        server.send(get(name)).await.assert_refused(0, "Transport unknown");
    }
}

/// The reference serves any method, with a body; these are files.
#[tokio::test(start_paused = true)]
async fn edge_331_they_are_read_and_nothing_else() {
    let server = server();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let answer = server.send(get("socket.io.js").method(method)).await;
        assert_eq!((answer.status, answer.header("allow"), answer.text()), (405, Some("GET, HEAD"), ""));
    }
    let mut connection = server.connect();
    let head = get("socket.io.js").method("HEAD").header("connection", "close");
    connection.write(head.bytes()).await;
    let answer = String::from_utf8(connection.rest().await).unwrap().to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 200 ") && answer.ends_with("\r\n\r\n"), "no body: {answer}");
    let length = plain("socket.io.js").len();
    assert!(answer.contains(&format!("\r\ncontent-length: {length}\r\n")), "{answer}");
}

/// However the server is mounted.
#[tokio::test(start_paused = true)]
async fn edge_331_below_any_mount() {
    let build =
        || Sockeye::builder().path("/rt").client_files(files()).namespace("/", Namespace::new()).build();
    let layered = tower::ServiceBuilder::new().layer(build().layer()).service(Router::new());
    let nested = Router::new().nest_service("/rt", build().service());
    for app in [build().router(), Router::new().fallback_service(layered), nested] {
        let request = HttpRequest::get("/rt/socket.io.js").body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers().contains_key("etag"));
    }
}

#[test]
fn edge_331_a_folder_that_is_not_there() {
    let error = ClientFiles::from_dir("node_modules/nowhere").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("npm install socket.io-client") && text.contains("node_modules/nowhere"), "{text}");
    assert_eq!(format!("{error:?}"), text, "what a program prints whose main returns it");
    assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::NotFound);
    // An older client has fewer files.
    let folder = std::env::temp_dir().join(format!("sockeye-client-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("socket.io.js"), "x").unwrap();
    let some = ClientFiles::from_dir(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(format!("{some:?}"), r#"ClientFiles(["socket.io.js"])"#);
}
