//! A compact copy of a request head.

use std::fmt;

/// Method, URI and headers of a request in one allocation of exactly their length.
///
/// A server's own request type shares the buffer the request was read into, and a session that keeps it keeps
/// that buffer for its whole life. This copy lets it go.
#[derive(Clone, PartialEq, Eq)]
pub struct Head {
    /// Method, URI, then name and value of each header, each behind its length.
    fields: Box<[u8]>,
}

impl Head {
    /// Copies what is given, in order. Repeated names stay repeated.
    pub fn new<'a>(
        method: &str,
        uri: &str,
        headers: impl Iterator<Item = (&'a str, &'a [u8])> + Clone,
    ) -> Self {
        let line = [method.as_bytes(), uri.as_bytes()].into_iter();
        let headers = headers.flat_map(|(name, value)| [name.as_bytes(), value]);
        let fields = line.chain(headers).map(clip);
        let mut bytes = Vec::with_capacity(fields.clone().map(|field| LENGTH + field.len()).sum());
        for field in fields {
            bytes.extend_from_slice(&(field.len() as u32).to_be_bytes());
            bytes.extend_from_slice(field);
        }
        Self { fields: bytes.into_boxed_slice() }
    }

    /// The request's method, such as `GET`.
    pub fn method(&self) -> &str {
        self.text(0)
    }

    /// The request's target as it was written, with its query.
    pub fn uri(&self) -> &str {
        self.text(1)
    }

    /// The headers in the order they came.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let mut fields = Fields(&self.fields).skip(2);
        std::iter::from_fn(move || {
            let name = str::from_utf8(fields.next()?).unwrap_or_default();
            Some((name, fields.next()?))
        })
    }

    /// The first value of a header; upper and lower case are the same.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The bytes this copy holds in memory.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether it holds nothing, which is never so.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn text(&self, index: usize) -> &str {
        Fields(&self.fields).nth(index).and_then(|field| str::from_utf8(field).ok()).unwrap_or_default()
    }
}

/// Shows the request line without its query, which may hold a token, and no headers.
impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.uri().split('?').next().unwrap_or_default();
        write!(f, "Head({} {path:?}, {} headers)", self.method(), self.headers().count())
    }
}

const LENGTH: usize = size_of::<u32>();

/// A field of 4 GiB reaches nobody; its length would not fit the prefix.
fn clip(field: &[u8]) -> &[u8] {
    field.get(..u32::MAX as usize).unwrap_or(field)
}

/// Walks over length-prefixed fields.
#[derive(Clone)]
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (len, rest) = self.0.split_first_chunk::<LENGTH>()?;
        let (field, rest) = rest.split_at_checked(u32::from_be_bytes(*len) as usize)?;
        self.0 = rest;
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        let headers: [(&str, &[u8]); 4] =
            [("host", b"a.example"), ("cookie", b"a=1"), ("x-raw", &[0xff, 0]), ("cookie", b"b=2")];
        Head::new("GET", "/socket.io/?token=t", headers.into_iter())
    }

    #[test]
    fn gives_back_what_it_copied() {
        let head = head();
        assert_eq!((head.method(), head.uri()), ("GET", "/socket.io/?token=t"));
        assert_eq!(
            head.headers().map(|(name, _)| name).collect::<Vec<_>>(),
            ["host", "cookie", "x-raw", "cookie"]
        );
        assert_eq!(head.header("Cookie"), Some(&b"a=1"[..]));
        assert_eq!(head.header("x-raw"), Some(&[0xff, 0][..]));
        assert_eq!(head.header("origin"), None);
        assert_eq!(Head::new("", "", std::iter::empty()).headers().count(), 0);
    }

    #[test]
    fn shows_neither_query_nor_values() {
        assert_eq!(format!("{:?}", head()), "Head(GET \"/socket.io/\", 4 headers)");
    }
}
