//! The cookie by which a load balancer keeps a client with its server.

use std::{borrow::Cow, fmt, time::Duration};

use cookie::{Cookie, CookieBuilder};
use http::HeaderValue;

pub use cookie::SameSite;

/// A cookie that is set when a session is opened by polling, whose value is the `sid`: a load balancer that keeps
/// clients with their servers by a cookie can use it. A session that begins as a websocket needs none, for it stays on
/// its connection.
///
/// By default it is named `io` and has `Path=/`, `HttpOnly` and `SameSite=Lax`, as the reference's.
///
/// ```
/// use std::time::Duration;
///
/// use sockeye_engine::{SameSite, SessionCookie};
///
/// let cookie = SessionCookie::new()
///     .name("chat")
///     .max_age(Duration::from_secs(3600))
///     .same_site(SameSite::None) // for pages of another site,
///     .secure(true); // which needs this
/// ```
#[derive(Clone)]
#[must_use]
pub struct SessionCookie(Cookie<'static>);

impl SessionCookie {
    /// A cookie with the attributes of the reference's.
    pub fn new() -> Self {
        let cookie = CookieBuilder::new("io", "").path("/").http_only(true).same_site(SameSite::Lax);
        Self(cookie.build())
    }

    /// Its name. Default `io`.
    ///
    /// # Panics
    /// When it is empty or has a character that a cookie's name cannot have.
    #[track_caller]
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert!(!name.is_empty() && name.bytes().all(token), "{name:?} cannot be the name of a cookie");
        self.0.set_name(name);
        self
    }

    /// Below which path it is sent back. Default `/`.
    ///
    /// # Panics
    /// When it has a semicolon or a control character.
    #[track_caller]
    pub fn path(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.0.set_path(attribute(path.into()));
        self
    }

    /// Leaves the path out: browsers take the directory of the request.
    pub fn without_path(mut self) -> Self {
        self.0.unset_path();
        self
    }

    /// To which hosts it is sent back. Default: the one that set it, alone.
    ///
    /// # Panics
    /// When it has a semicolon or a control character.
    #[track_caller]
    pub fn domain(mut self, domain: impl Into<Cow<'static, str>>) -> Self {
        self.0.set_domain(attribute(domain.into()));
        self
    }

    /// How long it is kept, in whole seconds. Default: until the browser is closed.
    pub fn max_age(mut self, age: Duration) -> Self {
        let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        self.0.set_max_age(cookie::time::Duration::seconds(seconds));
        self
    }

    /// Whether scripts of the page must not see it. Default: they must not.
    pub fn http_only(mut self, http_only: bool) -> Self {
        self.0.set_http_only(http_only);
        self
    }

    /// Whether it goes over TLS alone. Default: no.
    pub fn secure(mut self, secure: bool) -> Self {
        self.0.set_secure(secure);
        self
    }

    /// With which requests of other sites' pages it is sent. Default [`SameSite::Lax`]. `None` as the argument leaves
    /// the attribute out; [`SameSite::None`] needs [`secure`](Self::secure).
    pub fn same_site(mut self, same_site: impl Into<Option<SameSite>>) -> Self {
        self.0.set_same_site(same_site);
        self
    }

    /// Whether each site that embeds the page has a cookie of its own (CHIPS). Needs [`secure`](Self::secure). Default:
    /// no.
    pub fn partitioned(mut self, partitioned: bool) -> Self {
        self.0.set_partitioned(partitioned);
        self
    }

    /// The value of `Set-Cookie` for this session.
    pub(crate) fn header(&self, sid: &str) -> Option<HeaderValue> {
        let mut cookie = self.0.clone();
        cookie.set_value(sid.to_owned());
        HeaderValue::try_from(cookie.to_string()).ok()
    }
}

/// Checks a value that goes into the header as it is.
#[track_caller]
fn attribute(value: Cow<'static, str>) -> Cow<'static, str> {
    let plain = value.bytes().all(|byte| byte != b';' && (b' '..0x7f).contains(&byte));
    assert!(plain, "{value:?} cannot be an attribute of a cookie");
    value
}

impl Default for SessionCookie {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SessionCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionCookie").field(&self.0.to_string()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cookie: &SessionCookie) -> String {
        cookie.header("abc").unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn every_attribute_can_be_chosen() {
        assert_eq!(written(&SessionCookie::new()), "io=abc; HttpOnly; SameSite=Lax; Path=/");
        let cookie = SessionCookie::new()
            .name("chat")
            .path("/rt/")
            .domain("a.example")
            .max_age(Duration::from_millis(90_500))
            .http_only(false)
            .secure(true)
            .same_site(SameSite::None)
            .partitioned(true);
        assert_eq!(
            written(&cookie),
            "chat=abc; SameSite=None; Partitioned; Secure; Path=/rt/; Domain=a.example; Max-Age=90"
        );
        let bare = SessionCookie::new().without_path().same_site(None);
        assert_eq!(written(&bare), "io=abc; HttpOnly");
    }

    #[test]
    fn what_would_end_the_header_is_refused() {
        for name in ["", "a b", "a=b", "a;b", "a\r\nb"] {
            assert!(std::panic::catch_unwind(|| SessionCookie::new().name(name)).is_err(), "{name:?}");
        }
        for path in ["/;Secure", "/\r\n"] {
            assert!(std::panic::catch_unwind(|| SessionCookie::new().path(path)).is_err(), "{path:?}");
        }
    }
}
