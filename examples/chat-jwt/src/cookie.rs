//! The cookie that carries the token.

use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::config::Config;

/// Its name.
pub(crate) const TOKEN_COOKIE: &str = "token";

/// The cookie for a token. It ends with the browser's session; the token in it ends by itself, so that a late visitor
/// can be told that it expired.
pub(crate) fn holding(token: String, config: &Config) -> Cookie<'static> {
    let mut cookie = Cookie::new(TOKEN_COOKIE, token);
    cookie.set_path("/");
    // No script needs to read it.
    cookie.set_http_only(true);
    if config.cross_site {
        cookie.set_secure(true);
        cookie.set_same_site(SameSite::None);
    } else {
        cookie.set_same_site(SameSite::Lax);
    }
    cookie
}

/// The cookie that takes its predecessor away.
pub(crate) fn taken_away(config: &Config) -> Cookie<'static> {
    let mut cookie = holding(String::new(), config);
    cookie.make_removal();
    cookie
}
