//! The official admin UI at `/admin/`, for admins of the chat alone.

use std::path::Path;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_extractor_with_state, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use sockeye::{Io, Joining};
use sockeye_admin::{AdminOptions, Auth, Redaction, Ui, UiError, ui_from_dir};

use crate::chat::bounds::user_channel;
use crate::chat::expiry;
use crate::state::App;
use crate::user::{AuthError, User};
use crate::users::Role;

/// A [`User`] who is an admin: guards the page, and the namespace that the page connects to.
#[derive(Debug, Clone)]
pub struct Admin(pub User);

impl FromRequestParts<App> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let user = User::from_request_parts(parts, app).await.map_err(AuthError::into_response)?;
        if user.role == Role::Admin {
            return Ok(Self(user));
        }
        let body = json!({ "message": "Only an admin may look here.", "code": "not_an_admin" });
        Err((StatusCode::FORBIDDEN, Json(body)).into_response())
    }
}

/// Adds the namespace `/admin`.
///
/// # Panics
/// When there is one already.
pub(crate) fn instrument(app: &App) {
    let options = AdminOptions::new(Auth::None)
        .admit_layer(from_fn_with_state(app.clone(), admit))
        // Admins see who writes to whom, and not what.
        .redact(|event| match event.name() {
            "message" | "private-message" | "receive-message" | "missed" => Redaction::HideArguments,
            "typing" => Redaction::Omit,
            _ => Redaction::Show,
        });
    let added = sockeye_admin::instrument(&app.io, options);
    assert!(added.is_ok(), "the admin namespace is added once: {added:?}");
}

/// In front of the namespace's own admission, which lets everybody in. A logout and the end of the token reach these sockets
/// as they do those of the chat.
async fn admit(Admin(user): Admin, Joining(socket): Joining, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status().is_success() && socket.join(user_channel(&user.name)).await.is_ok() {
        expiry::watch(socket, user.expires);
    }
    response
}

/// Disconnects an admin's sockets.
pub(crate) async fn log_out(io: &Io, name: &str) {
    let _ = io.of(NAMESPACE).to(user_channel(name)).disconnect().await;
}

/// `/admin/`, or a sentence in its place.
pub(crate) fn routes(app: &App) -> Router<App> {
    let guard = from_extractor_with_state::<Admin, App>(app.clone());
    let router = match ui(app.config.packages.as_deref()) {
        Ok(ui) => ui.router(PATH),
        Err(error) => {
            tracing::debug!(%error, "there is no admin UI");
            Router::new().route(PATH, get(missing)).route(&format!("{PATH}/"), get(missing))
        }
    };
    router.layer(guard)
}

fn ui(packages: Option<&Path>) -> Result<Ui, UiError> {
    let packages = packages.unwrap_or_else(|| Path::new("node_modules"));
    ui_from_dir(packages.join("@socket.io/admin-ui/ui/dist"))?.icons_from_dir(packages.join("@mdi/font"))
}

async fn missing(State(_): State<App>) -> Response {
    let html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>sockeye chat</title>\
                <p>The admin UI is not installed: it comes with the page, when the server is started with npm at hand.";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CACHE_CONTROL, "no-cache")], Html(html)).into_response()
}

const PATH: &str = "/admin";
const NAMESPACE: &str = "/admin";
