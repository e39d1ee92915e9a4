//! Which pages may use the visitor's cookie, when the browser is told not to look (`SameSite=None`).

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

use crate::config::Config;

/// True without an `Origin` (then it was no page's script), for the own origin, and for those of the allow-list.
pub(crate) fn is_allowed(headers: &HeaderMap, config: &Config) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let own = headers.get(HOST).is_some_and(|host| {
        origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, of)| of.as_bytes() == host.as_bytes())
    });
    own || config.origins.contains(origin)
}
