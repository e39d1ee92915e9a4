//! An application behind TLS whose login sets cookies for pages of any site, and which notes what each request brings.

use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use sockeye::{Admitted, Data, Namespace, Origins, Refusal, Socket, Sockeye};
use whole_system::{App, Story};

/// The origin of the browser's page, on another site than the server.
const PAGES: &str = "http://pages.test";

#[derive(Clone)]
struct User(String);

/// A script of `tests/node` that logs in, joins with the cookies, and asks `who`.
pub(crate) fn story(script: &'static str) -> Story {
    Story::of(script, |app| {
        let origins = Origins::list([PAGES]);
        let namespace = Namespace::new()
            .admit(admit)
            .on("who", async |Admitted(User(name))| Data(name))
            .on("echo", async |Data(text): Data<String>| Data(text))
            .on("count", count);
        let sockeye = Sockeye::builder().handle(&app.io).origins(origins.clone()).namespace("/", namespace);
        Router::new()
            .merge(sockeye.build_with_state(app.clone()).router())
            .layer(from_fn_with_state(app.clone(), note))
            .route("/login", post(login))
            .layer(origins.cors_layer())
            .with_state(app)
    })
    .over_tls()
}

/// Two that pages of other sites may send, and one that they may not.
async fn login() -> impl IntoResponse {
    AppendHeaders([
        (header::SET_COOKIE, "user=ada; Path=/; HttpOnly; Secure; SameSite=None"),
        (header::SET_COOKIE, "theme=dark; Path=/; Secure; SameSite=None"),
        (header::SET_COOKIE, "own-site=yes; Path=/; Secure; SameSite=Lax"),
    ])
}

async fn admit(jar: CookieJar) -> Result<Extension<User>, Refusal> {
    let user = jar.get("user").ok_or_else(|| Refusal::new("who are you?"))?;
    Ok(Extension(User(user.value().to_owned())))
}

async fn count(socket: Socket, Data(end): Data<u32>) -> Data<bool> {
    for number in 0..end {
        socket.emit("number", number).await.expect("it is connected");
    }
    Data(true)
}

#[derive(Deserialize)]
struct Asked {
    transport: String,
}

/// Notes version, transport and cookies. HTTP/2 may carry each cookie in a header of its own.
async fn note(State(app): State<App>, Query(query): Query<Asked>, request: Request, next: Next) -> Response {
    let cookies = request.headers().get_all(header::COOKIE).iter();
    let mut cookies: Vec<&str> =
        cookies.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split("; ")).collect();
    cookies.sort_unstable();
    app.notes.add(format!("{:?} {} {}", request.version(), query.transport, cookies.join(" ")));
    let mut response = next.run(request).await;
    // So that the page may see which protocol its requests used.
    response.headers_mut().insert("timing-allow-origin", HeaderValue::from_static("*"));
    response
}
