//! The cookies of one client, as a browser keeps them.

use std::{sync::Arc, time::Duration};

use cookie::Cookie;
use http::{HeaderMap, HeaderValue, header};
use parking_lot::{Mutex, MutexGuard};
use tokio::time::Instant;

/// Cookies with their paths and ends; by the test's clock. Shared by everything that one client sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jar(Arc<Mutex<Vec<Kept>>>);

#[derive(Debug)]
struct Kept {
    name: String,
    value: String,
    path: String,
    ends: Option<Instant>,
}

impl Jar {
    /// Keeps a cookie for every path, without an end.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.keep(Kept { name: name.to_owned(), value: value.to_owned(), path: "/".to_owned(), ends: None });
    }

    /// Does what the answer to a request for `path` says.
    pub(crate) fn store(&self, headers: &HeaderMap, path: &str) {
        for header in headers.get_all(header::SET_COOKIE) {
            let Ok(Ok(cookie)) = header.to_str().map(Cookie::parse) else { continue };
            let lifetime = cookie.max_age().map(|age| Duration::try_from(age).unwrap_or_default());
            let given = cookie.path().filter(|given| given.starts_with('/'));
            self.keep(Kept {
                name: cookie.name().to_owned(),
                value: cookie.value().to_owned(),
                path: given.map_or_else(|| default_path(path), str::to_owned),
                ends: lifetime.and_then(|lifetime| Instant::now().checked_add(lifetime)),
            });
        }
    }

    /// The header of a request for `path`; nothing when there is no cookie for it.
    pub(crate) fn header(&self, path: &str) -> Option<HeaderValue> {
        let kept = self.good();
        let sent = kept.iter().filter(|cookie| matches(&cookie.path, path));
        let pairs: Vec<_> = sent.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        if pairs.is_empty() { None } else { HeaderValue::from_str(&pairs.join("; ")).ok() }
    }

    /// The value of a cookie, whatever its path.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.good().iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value.clone())
    }

    /// Without those that have ended.
    fn good(&self) -> MutexGuard<'_, Vec<Kept>> {
        let mut kept = self.0.lock();
        let now = Instant::now();
        kept.retain(|cookie| cookie.ends.is_none_or(|ends| ends > now));
        kept
    }

    fn keep(&self, cookie: Kept) {
        let mut kept = self.0.lock();
        kept.retain(|known| (&known.name, &known.path) != (&cookie.name, &cookie.path));
        kept.push(cookie);
    }
}

/// RFC 6265, section 5.1.4.
fn default_path(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
    }
}

/// RFC 6265, section 5.1.4.
fn matches(cookie: &str, path: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(jar: &Jar, cookie: &'static str) {
        let mut headers = HeaderMap::new();
        headers.insert(header::SET_COOKIE, HeaderValue::from_static(cookie));
        jar.store(&headers, "/account/login");
    }

    fn sent(jar: &Jar, path: &str) -> String {
        jar.header(path).map(|header| header.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[tokio::test(start_paused = true)]
    async fn cookies_are_sent_where_they_belong_and_until_they_end() {
        let jar = Jar::default();
        jar.set("theme", "dark");
        answered(&jar, "token=1; Path=/; HttpOnly; Max-Age=10");
        answered(&jar, "here=2");
        assert_eq!(sent(&jar, "/socket.io/"), "theme=dark; token=1");
        assert_eq!(sent(&jar, "/account/me"), "theme=dark; token=1; here=2");
        assert_eq!(sent(&jar, "/accounts"), "theme=dark; token=1");
        answered(&jar, "token=3; Path=/");
        answered(&jar, "theme=; Path=/; Max-Age=0");
        assert_eq!((sent(&jar, "/"), jar.value("here").as_deref()), ("token=3".to_owned(), Some("2")));
        answered(&jar, "token=4; Path=/; Max-Age=10");
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(sent(&jar, "/"), "");
    }
}
