//! Who bids: an axum extractor over a cookie, for routes and for the admission alike.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use axum_extra::extract::CookieJar;

/// Somebody who has entered.
#[derive(Clone, Debug)]
pub struct Bidder {
    /// The name given at the door.
    pub name: String,
}

impl Bidder {
    /// Where the name is kept. A real house would sign it.
    pub const COOKIE: &str = "bidder";
}

impl<S: Send + Sync> FromRequestParts<S> for Bidder {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get(Self::COOKIE).ok_or((StatusCode::UNAUTHORIZED, "Enter first."))?;
        Ok(Self { name: cookie.value().to_owned() })
    }
}
