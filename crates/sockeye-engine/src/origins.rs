//! Which pages of the web may open a session.

use std::{collections::BTreeSet, fmt, sync::Arc};

use http::{HeaderMap, header};

mod authority;
#[cfg(feature = "cors")]
mod cors;
#[cfg(test)]
mod tests;
mod warned;

use self::authority::{Site, host};
pub(crate) use self::warned::Warned;

/// Which origins may open a session: judged once, at the handshake, on every transport, before a websocket's 101.
///
/// A browser sends a visitor's cookies along with whatever a page asks for, and CORS does not apply to websockets:
/// without this a foreign page could speak in the visitor's name. Clients that are no browsers send no `Origin` and are
/// not judged.
///
/// A refused handshake is answered 403 `{"code":4,"message":"Origin not allowed"}`.
///
/// ```
/// use sockeye_engine::Origins;
///
/// let origins = Origins::list(["https://app.example", "http://localhost:5173"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Origins(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    #[default]
    SameHost,
    List(Arc<BTreeSet<Site>>),
    Any,
}

/// What cannot be an entry of [`Origins::list`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin: expected scheme://host or scheme://host:port, without a path")]
pub struct InvalidOrigin(String);

impl Origins {
    /// A request that has an `Origin` **and** a `Cookie` must come from a page of the host it asks. The default.
    ///
    /// Only hosts are compared, neither ports nor schemes: cookies do not tell those apart either. The host asked is
    /// that of `Host` (or `:authority`), or of `X-Forwarded-Host` if the peer is a trusted proxy. `Origin: null` and an
    /// origin that cannot be read are foreign.
    pub const fn same_host() -> Self {
        Self(Kind::SameHost)
    }

    /// Pages of these origins and of the host itself; every other request that has an `Origin` is refused, with or
    /// without cookies. Entries are compared whole: scheme, host, and port (80 and 443 may be left out).
    ///
    /// # Panics
    /// At an entry that is no origin, see [`try_list`](Self::try_list).
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn list(origins: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        match Self::try_list(origins) {
            Ok(list) => list,
            Err(error) => panic!("{error}"),
        }
    }

    /// As [`list`](Self::list), for entries from outside.
    ///
    /// # Errors
    /// Names the first entry that is no origin. `*` is none, see [`any`](Self::any); nor is `null`, which every sandboxed
    /// page may send.
    pub fn try_list(origins: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, InvalidOrigin> {
        let site = |entry: &str| Site::parse(entry.as_bytes()).ok_or_else(|| InvalidOrigin(entry.to_owned()));
        let sites = origins.into_iter().map(|entry| site(entry.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self(Kind::List(Arc::new(sites))))
    }

    /// Nobody is judged. Right where cookies mean nothing: a public feed, or clients that prove who they are by a token
    /// of their own.
    pub const fn any() -> Self {
        Self(Kind::Any)
    }

    /// Whether a request with these headers would be let in, for routes beside the sessions. `X-Forwarded-Host` is not
    /// looked at.
    pub fn allows(&self, headers: &HeaderMap) -> bool {
        self.judge(headers, None, false).is_ok()
    }

    /// # Errors
    /// The foreign origin, as it came.
    pub(crate) fn judge<'a>(
        &self,
        headers: &'a HeaderMap,
        authority: Option<&str>,
        through_proxy: bool,
    ) -> Result<(), &'a [u8]> {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next().map(http::HeaderValue::as_bytes) else { return Ok(()) };
        let listed = match &self.0 {
            Kind::Any => return Ok(()),
            Kind::SameHost if !headers.contains_key(header::COOKIE) => return Ok(()),
            Kind::SameHost => None,
            Kind::List(sites) => Some(sites),
        };
        // A browser sends one.
        let site = if origins.next().is_none() { Site::parse(origin) } else { None };
        let site = site.ok_or(origin)?;
        let allowed = listed.is_some_and(|sites| sites.contains(&site))
            || is_own(&site, headers, authority, through_proxy);
        if allowed { Ok(()) } else { Err(origin) }
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::SameHost => f.write_str("same host"),
            Kind::List(sites) => write!(f, "{} and the same host", sites.len()),
            Kind::Any => f.write_str("any"),
        }
    }
}

/// Whether the page comes from the host that is asked.
fn is_own(site: &Site, headers: &HeaderMap, authority: Option<&str>, through_proxy: bool) -> bool {
    if through_proxy && headers.contains_key(FORWARDED_HOST) {
        // Of several proxies each may have added the name it was asked by. No page can set this header.
        let values = headers.get_all(FORWARDED_HOST).iter().filter_map(|value| value.to_str().ok());
        return values.flat_map(|value| value.split(',')).any(|name| site.is_host(host(name.trim())));
    }
    let asked = headers.get(header::HOST).and_then(|value| value.to_str().ok()).or(authority);
    asked.is_some_and(|name| site.is_host(host(name)))
}

const FORWARDED_HOST: &str = "x-forwarded-host";
