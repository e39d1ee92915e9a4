//! Stories that only a browser can tell: other origins, cookies, and the browser's own kinds of bytes.

#![forbid(unsafe_code)]

mod binary;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use serde_json::json;
use sockeye::{Admitted, Data, Namespace, Origins, Refusal};
use tower_http::cors::{Any, CorsLayer};
use whole_system::Story;

/// Who sent the cookie of `/login`.
#[derive(Clone)]
struct User(String);

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let jar = CookieJar::from_headers(&parts.headers);
        let user = jar.get("user").ok_or_else(|| Refusal::new("Authentication Error"))?;
        Ok(Self(user.value().to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_41_another_origin_with_credentials() {
    async fn login() -> impl IntoResponse {
        (
            [(header::SET_COOKIE, "user=ada; HttpOnly; SameSite=Lax; Path=/")],
            Json(json!({ "message": "Login Success" })),
        )
    }
    async fn admit(user: User) -> Extension<User> {
        Extension(user)
    }
    let story = Story::among(
        "browser/story_41.mjs",
        |io| {
            let who = async |Admitted(user): Admitted<User>| Data(user.0);
            io.origins(Origins::list(["http://localhost:5173"]))
                .namespace("/", Namespace::new().admit(admit).on("who", who))
        },
        |router| {
            let cors = CorsLayer::new()
                .allow_origin([HeaderValue::from_static("http://localhost:5173")])
                .allow_methods([Method::GET, Method::POST])
                .allow_headers([header::CONTENT_TYPE])
                .allow_credentials(true);
            router.route("/login", post(login)).layer(cors)
        },
    );
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_42_any_origin() {
    let story = Story::among(
        "browser/story_42.mjs",
        |io| io.namespace("/", Namespace::new().on("who", async || Data("anybody"))),
        |router| router.layer(CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any)),
    );
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_47_any_binary_of_a_browser() {
    let story = Story::among(
        "browser/story_47.mjs",
        |io| io.namespace("/", binary::namespace()),
        |router| router.layer(CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any)),
    );
    story.on_every_transport().await;
}
