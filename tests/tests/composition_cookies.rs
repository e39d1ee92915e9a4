//! Cookies and sessions of the field's crates, read at admission, in an event handler and in a route.

#![forbid(unsafe_code)]

use axum::extract::{FromRef, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use axum_extra::extract::cookie::{Cookie, Key, PrivateCookieJar, SignedCookieJar};
use sockeye::{Admitted, Data, Namespace, Refusal, SessionCookie, Sockeye};
use tower_cookies::{CookieManagerLayer, Cookies};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};
use whole_system::{App, Story};

#[derive(Clone)]
struct User(String);

type Admission = Result<Extension<User>, Refusal>;

/// What each admit handler makes of the name it found.
fn admission(name: Option<String>) -> Admission {
    name.map(|name| Extension(User(name))).ok_or_else(|| Refusal::new("who are you?"))
}

async fn admitted(Admitted(user): Admitted<User>) -> Data<String> {
    Data(user.0)
}

async fn tell(namespace: fn() -> Namespace<App>, routes: fn(Router<App>) -> Router<App>) {
    let story = Story::among(
        "composition/cookies.mjs",
        move |io| io.namespace("/", namespace().on("admitted", admitted)),
        routes,
    );
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tower_cookies_are_read_everywhere() {
    // An unsigned cookie says what it likes; nobody is called `forged`.
    fn name(cookies: &Cookies) -> Option<String> {
        cookies.get("user").map(|cookie| cookie.value().to_owned()).filter(|name| name != "forged")
    }
    async fn login(cookies: Cookies) {
        cookies.add(Cookie::new("user", "ada"));
    }
    tell(
        || {
            Namespace::new()
                .admit(async |cookies: Cookies| admission(name(&cookies)))
                .on("who", async |cookies: Cookies| Data(name(&cookies)))
        },
        |router| {
            let me = async |cookies: Cookies| name(&cookies).unwrap_or_default();
            router.route("/login", post(login)).route("/me", get(me)).layer(CookieManagerLayer::new())
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tower_sessions_are_read_everywhere() {
    async fn name(session: &Session) -> Option<String> {
        session.get("user").await.expect("the store is memory")
    }
    async fn login(session: Session) {
        session.insert("user", "ada").await.expect("the store is memory");
    }
    tell(
        || {
            Namespace::new()
                .admit(async |session: Session| admission(name(&session).await))
                .on("who", async |session: Session| Data(name(&session).await))
        },
        |router| {
            let me = async |session: Session| name(&session).await.unwrap_or_default();
            let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
            router.route("/login", post(login)).route("/me", get(me)).layer(sessions)
        },
    )
    .await;
}

/// The application's key, found through its state.
#[derive(Clone)]
struct CookieKey(Key);

impl FromRef<App> for CookieKey {
    fn from_ref(_: &App) -> Self {
        Self(Key::from(&[7; 64]))
    }
}

impl From<CookieKey> for Key {
    fn from(key: CookieKey) -> Self {
        key.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_cookies_are_read_everywhere() {
    type Jar = SignedCookieJar<CookieKey>;

    fn name(jar: &Jar) -> Option<String> {
        jar.get("user").map(|cookie| cookie.value().to_owned())
    }
    tell(
        || {
            Namespace::new()
                .admit(async |jar: Jar| admission(name(&jar)))
                .on("who", async |jar: Jar| Data(name(&jar)))
        },
        |router| {
            let login = async |jar: Jar| jar.add(Cookie::new("user", "ada"));
            router
                .route("/login", post(login))
                .route("/me", get(async |jar: Jar| name(&jar).unwrap_or_default()))
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn private_cookies_are_read_everywhere() {
    type Jar = PrivateCookieJar<CookieKey>;

    fn name(jar: &Jar) -> Option<String> {
        jar.get("user").map(|cookie| cookie.value().to_owned())
    }
    tell(
        || {
            Namespace::new()
                .admit(async |jar: Jar| admission(name(&jar)))
                .on("who", async |jar: Jar| Data(name(&jar)))
        },
        |router| {
            let login = async |jar: Jar| jar.add(Cookie::new("user", "ada"));
            router
                .route("/login", post(login))
                .route("/me", get(async |jar: Jar| name(&jar).unwrap_or_default()))
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_the_handshake_comes_back_with_every_request() {
    async fn note(State(app): State<App>, request: Request, next: Next) -> Response {
        let headers = request.headers();
        let cookie = headers.get("cookie").map_or("none", |value| value.to_str().expect("it is ours"));
        // A websocket that begins a session is a plain GET here.
        let moves = headers.contains_key("upgrade") && cookie != "none";
        app.notes.add(format!("{} {cookie}", if moves { "upgrade" } else { request.method().as_str() }));
        next.run(request).await
    }
    let story = Story::of("composition/sticky_cookie.mjs", |app| {
        let builder = Sockeye::builder().handle(&app.io).cookie(SessionCookie::new().name("node"));
        let sockeye = builder.namespace("/", Namespace::new()).build_with_state(app.clone());
        sockeye.router().layer(from_fn_with_state(app, note))
    });
    story.on_every_transport().await;
}
