//! Stories about namespaces and who may join them, told by the stock client.

#![forbid(unsafe_code)]

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sockeye::{Admitted, Data, Namespace, Refusal, Socket};
use whole_system::{App, Story};

async fn which(socket: Socket) -> Data<String> {
    Data(socket.namespace_name().to_owned())
}

async fn rooms(socket: Socket) -> Data<Vec<String>> {
    Data(socket.rooms().iter().map(ToString::to_string).collect())
}

async fn join(socket: Socket, Data(room): Data<String>) {
    socket.join(room).await.expect("it is connected");
}

fn namespace() -> Namespace<App> {
    Namespace::new().on("where", which).on("rooms", rooms).on("join", join)
}

#[tokio::test(flavor = "multi_thread")]
async fn story_25_three_namespaces_on_one_connection() {
    async fn welcome(socket: Socket) {
        socket.emit("admin-welcome", "Welcome, admin").await.expect("it has just joined");
    }
    let story = Story::new("stories/story_25.mjs", |io| {
        io.namespace("/", namespace())
            .namespace("/chat", namespace())
            .namespace("/admin", namespace().on_connect(welcome))
    });
    let story = story
        .answer("sessions", async |stage, _| json!(stage.server.io().sessions()))
        .answer("chat-news", async |stage, _| {
            json!(stage.server.io().of("/chat").emit("news", ()).await.is_ok())
        })
        .answer("chat-news-to", async |stage, room| {
            let room = room.as_str().unwrap_or_default().to_owned();
            json!(stage.server.io().of("/chat").to(room).emit("news", ()).await.is_ok())
        })
        .answer("main-news-to", async |stage, room| {
            let room = room.as_str().unwrap_or_default().to_owned();
            json!(stage.server.io().of("/").to(room).emit("news", ()).await.is_ok())
        });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_26_an_unknown_namespace() {
    let story = Story::new("stories/story_26.mjs", |io| {
        io.namespace("/", namespace()).namespace("/chat", namespace())
    });
    story.on_every_transport().await;
}

#[derive(Clone)]
struct User(String);

async fn who(Admitted(user): Admitted<User>) -> Data<String> {
    Data(user.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn story_27_a_token_in_auth() {
    #[derive(Deserialize)]
    struct Auth {
        token: Option<String>,
    }
    async fn admit(Json(auth): Json<Auth>) -> Result<Extension<User>, Refusal> {
        match auth.token.as_deref() {
            Some("abcd") => Ok(Extension(User("ada".to_owned()))),
            Some(_) => Err(Refusal::new("Authentication failed")
                .data(json!({ "code": "token_unknown", "tries": [1, 2] }))),
            None => Err(Refusal::new("Unauthorized")),
        }
    }
    let story = Story::new("stories/story_27.mjs", |io| {
        io.namespace("/", Namespace::new().admit(admit).on("who", who))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_28_by_role() {
    #[derive(Deserialize)]
    struct Auth {
        role: String,
    }
    async fn admit(Json(auth): Json<Auth>) -> Result<(), Refusal> {
        if auth.role == "admin" { Ok(()) } else { Err(Refusal::new("Access denied")) }
    }
    let story = Story::new("stories/story_28.mjs", |io| {
        io.namespace("/", namespace()).namespace("/admin", namespace().admit(admit))
    });
    story.on_every_transport().await;
}

const KEY: &[u8] = b"a key of at least thirty-two bytes";

#[derive(Deserialize, Serialize)]
struct Claims {
    sub: String,
    exp: u64,
}

fn token(key: &[u8], claims: &impl Serialize) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(key)).expect("claims are JSON")
}

/// Seconds since 1970, `offset` from now.
fn seconds(offset: i64) -> u64 {
    let now = std::time::UNIX_EPOCH.elapsed().expect("the clock stands after 1970").as_secs();
    now.saturating_add_signed(offset)
}

/// As an application would guard its routes.
impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let jar = CookieJar::from_headers(&parts.headers);
        let refused = || Refusal::new("Authentication Error");
        let token = jar.get("token").ok_or_else(refused)?;
        let validation = Validation::new(Algorithm::HS256);
        let claims = decode::<Claims>(token.value(), &DecodingKey::from_secret(KEY), &validation);
        claims.map(|token| Self(token.claims.sub)).map_err(|_| refused())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_29_the_jwt_cookie_of_login() {
    async fn login() -> impl IntoResponse {
        let token = token(KEY, &Claims { sub: "ada".to_owned(), exp: seconds(600) });
        ([("set-cookie", format!("token={token}; HttpOnly; SameSite=Lax; Path=/"))], "Login Success")
    }
    async fn admit(user: User) -> Extension<User> {
        Extension(user)
    }
    let story = Story::among(
        "stories/story_29.mjs",
        |io| io.namespace("/", Namespace::new().admit(admit).on("who", who)),
        |router| router.route("/login", post(login)),
    );
    let story = story.answer("token", async |_, kind| {
        let good = Claims { sub: "ada".to_owned(), exp: seconds(600) };
        match kind.as_str() {
            Some("expired") => json!(token(KEY, &Claims { exp: seconds(-600), ..good })),
            Some("foreign") => json!(token(b"another key of thirty-two bytes or more", &good)),
            Some("garbage") => json!("not.a.token"),
            Some("no-expiry") => json!(token(KEY, &json!({ "sub": "ada" }))),
            // {"alg":"none","typ":"JWT"} and the good claims, unsigned.
            Some("alg-none") => {
                let signed = token(KEY, &good);
                let claims = signed.split('.').nth(1).unwrap_or_default();
                json!(format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}."))
            }
            _ => Value::Null,
        }
    });
    story.on_every_transport().await;
}
