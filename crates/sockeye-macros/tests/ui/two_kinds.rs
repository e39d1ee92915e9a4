//! A type that is an extractor of events and one of requests: the compiler cannot tell which is meant.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use sockeye::{EventParts, FromEventParts, debug_handler};

struct Both;

impl<S: Sync> FromEventParts<S> for Both {
    type Rejection = Infallible;
    async fn from_event_parts(_: &mut EventParts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Both {
    type Rejection = Infallible;
    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[debug_handler]
async fn message(_both: Both) {}

fn main() {}
