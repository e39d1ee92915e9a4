//! Who may look: one extractor, the one that guards whatever else an admin may do.

use std::{env, io, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;

/// The admin. The browser asks for the name `admin` and the password by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User;

/// What the admin has to know.
pub(crate) struct Password(String);

impl Password {
    /// From `DASHBOARD_PASSWORD`, or a random one, which is printed.
    pub(crate) fn from_env() -> io::Result<Self> {
        if let Some(password) = env::var("DASHBOARD_PASSWORD").ok().filter(|password| !password.is_empty()) {
            return Ok(Self(password));
        }
        let mut bytes = [0; 9];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let password = STANDARD.encode(bytes);
        println!("DASHBOARD_PASSWORD is not set: log in as admin with {password}");
        Ok(Self(password))
    }

    fn is(&self, authorization: &str) -> bool {
        let expected = format!("Basic {}", STANDARD.encode(format!("admin:{}", self.0)));
        bool::from(expected.as_bytes().ct_eq(authorization.as_bytes()))
    }
}

impl<S> FromRequestParts<S> for User
where
    S: Sync,
    Arc<Password>: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let password = Arc::<Password>::from_ref(state);
        let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if authorization.is_some_and(|authorization| password.is(authorization)) {
            return Ok(Self);
        }
        let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"dashboard\"")];
        Err((StatusCode::UNAUTHORIZED, ask, "log in as admin").into_response())
    }
}
