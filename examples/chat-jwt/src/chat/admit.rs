//! Who may join: whoever could open `/me`, or brings a token in the CONNECT packet.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::{Extension, Json};
use serde::Deserialize;

use crate::state::App;
use crate::user::{AuthError, User};

/// The `auth` of the client.
#[derive(Debug, Deserialize)]
pub(super) struct Auth {
    token: Option<String>,
}

/// A token in `auth` is what the client means, so it wins over the cookie that the browser added by itself.
pub(super) async fn admit(
    State(app): State<App>,
    user: Result<User, AuthError>,
    auth: Result<Json<Auth>, JsonRejection>,
) -> Result<Extension<User>, AuthError> {
    let Json(auth) = auth.map_err(|_| AuthError::Invalid)?;
    let user = match auth.token {
        Some(token) => User::from_token(&app.keys, &token)?,
        None => user?,
    };
    Ok(Extension(user))
}
