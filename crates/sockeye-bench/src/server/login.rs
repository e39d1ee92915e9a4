//! The route beside the sockets: as in an application, they are not alone on their port.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::token;

/// A router with `/login`, which gives a token away.
pub fn login() -> Router {
    Router::new().route("/login", post(token))
}

async fn token() -> Response {
    match token::signed("somebody") {
        Ok(token) => ([(header::SET_COOKIE, format!("token={token}; HttpOnly"))], "welcome").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
