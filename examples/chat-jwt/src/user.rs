//! Who is asking: one extractor for routes and for the admission to the namespace.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::Serialize;

use crate::cookie::TOKEN_COOKIE;
use crate::state::App;
use crate::token::{Claims, Keys, TokenError};
use crate::users::Role;

/// Somebody with a good token. As an extractor it reads the cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// The account's name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When the token ends; seconds since 1970.
    #[serde(skip)]
    pub expires: u64,
}

impl User {
    /// Who a token is for.
    ///
    /// # Errors
    /// When it is not ours, or no longer good.
    pub fn from_token(keys: &Keys, token: &str) -> Result<Self, AuthError> {
        let Claims { sub: name, role, exp: expires, .. } = keys.verify(token)?;
        Ok(Self { name, role, expires })
    }

    fn from_headers(app: &App, headers: &HeaderMap) -> Result<Self, AuthError> {
        let jar = CookieJar::from_headers(headers);
        let token = jar.get(TOKEN_COOKIE).ok_or(AuthError::Missing)?;
        if app.config.cross_site && !app.origins.allows(headers) {
            return Err(AuthError::Origin);
        }
        Self::from_token(&app.keys, token.value())
    }
}

impl FromRequestParts<App> for User {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AuthError> {
        Self::from_headers(app, &parts.headers)
    }
}

/// Why somebody is nobody here. As an HTTP answer: 401 with a JSON body, which is also what a refused CONNECT is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The token was good once.
    #[error("Your session has expired. Please log in again.")]
    Expired,
    /// The token is not one of ours.
    #[error("Your session is not valid here. Please log in again.")]
    Invalid,
    /// There is no token.
    #[error("You are not logged in.")]
    Missing,
    /// A page of a foreign origin sent the visitor's cookie.
    #[error("This origin may not use the chat.")]
    Origin,
}

impl AuthError {
    /// For programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Expired => "token_expired",
            Self::Invalid => "token_invalid",
            Self::Missing => "token_missing",
            Self::Origin => "origin_refused",
        }
    }
}

impl From<TokenError> for AuthError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Expired => Self::Expired,
            TokenError::Invalid => Self::Invalid,
        }
    }
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            message: &'static str,
            code: &'static str,
            reason: String,
        }
        let body = Body { message: "Authentication Error", code: self.code(), reason: self.to_string() };
        (StatusCode::UNAUTHORIZED, Json(body)).into_response()
    }
}
