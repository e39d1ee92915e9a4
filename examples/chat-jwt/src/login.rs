//! The doors over HTTP: `/login`, `/logout`, `/me`, `/session`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};

use crate::admin;
use crate::cookie;
use crate::page;
use crate::state::App;
use crate::user::{AuthError, User};
use crate::users::{LoginError, Role};

/// The body of `POST /login`.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

/// What the small answers look like.
#[derive(Serialize)]
struct Message {
    message: String,
}

/// `POST /login`.
pub(crate) async fn login(
    State(app): State<App>,
    jar: CookieJar,
    credentials: Result<Json<Credentials>, JsonRejection>,
) -> Response {
    let Ok(Json(Credentials { name, password })) = credentials else {
        // The rejection's own text may quote what was sent, and that may be a password.
        return say(StatusCode::BAD_REQUEST, "Send a JSON object with the strings name and password.");
    };
    match app.users.verify(&name, password).await {
        Ok(role) => let_in(&app, jar, &name, role),
        Err(error @ LoginError::Busy) => say(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
        Err(error @ LoginError::Wrong) => say(StatusCode::UNAUTHORIZED, &error.to_string()),
    }
}

/// `GET /login`: the page; or with `CHAT_GUEST=1` the door for guests.
pub(crate) async fn login_page(State(app): State<App>, jar: CookieJar) -> Response {
    if !app.config.guest {
        return page::index(&app.config.page).await;
    }
    let mut bytes = [0; 5];
    if getrandom::fill(&mut bytes).is_err() {
        return say(StatusCode::INTERNAL_SERVER_ERROR, "No name for a guest could be made.");
    }
    let name = bytes.iter().fold(String::from("guest-"), |name, byte| format!("{name}{byte:02x}"));
    let_in(&app, jar, &name, Role::Guest)
}

/// `POST /logout`: the cookie goes, and every socket of the user with it.
pub(crate) async fn logout(
    State(app): State<App>,
    jar: CookieJar,
    user: Result<User, AuthError>,
) -> Response {
    if user == Err(AuthError::Origin) {
        return AuthError::Origin.into_response();
    }
    if let Ok(user) = user {
        app.chat.log_out(&app.io, &user.name).await;
        admin::log_out(&app.io, &user.name).await;
    }
    (jar.add(cookie::taken_away(&app.config)), say(StatusCode::OK, "Logout Success")).into_response()
}

/// `GET /me`: guarded by the extractor.
pub(crate) async fn me(user: User) -> Json<User> {
    Json(user)
}

/// What `GET /session` answers.
#[derive(Serialize)]
pub(crate) struct Session {
    user: Option<User>,
    /// Why there is none although a token was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    guest: bool,
}

/// `GET /session`: who is logged in, if anybody. Always 200: for a page that has just been loaded it is no error to be
/// nobody yet, and browsers write every 401 into their console.
pub(crate) async fn session(State(app): State<App>, user: Result<User, AuthError>) -> Json<Session> {
    let message = match &user {
        Ok(_) | Err(AuthError::Missing) => None,
        Err(error) => Some(error.to_string()),
    };
    Json(Session { user: user.ok(), message, guest: app.config.guest })
}

fn let_in(app: &App, jar: CookieJar, name: &str, role: Role) -> Response {
    match app.keys.issue(name, role) {
        Ok(token) => (jar.add(cookie::holding(token, &app.config)), say(StatusCode::OK, "Login Success"))
            .into_response(),
        Err(_) => say(StatusCode::INTERNAL_SERVER_ERROR, "No token could be made."),
    }
}

fn say(status: StatusCode, message: &str) -> Response {
    (status, Json(Message { message: message.to_owned() })).into_response()
}
