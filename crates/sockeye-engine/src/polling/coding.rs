//! Which content coding a client prefers (RFC 9110, section 12.5.3).

use http::{HeaderMap, HeaderValue, header};
use sockeye_proto::deflate::Format;

/// A content coding that the engine speaks. Brotli is for files, which are compressed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Deflate,
}

impl Coding {
    /// The coding that the client likes best; of those it likes the same, the one it names first. `None`: it takes
    /// neither, or likes plain bytes better, or says nothing.
    pub(crate) fn preferred(headers: &HeaderMap) -> Option<Self> {
        let (mut named, mut any, mut identity) = ([None; 2], None, None);
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        let items = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        for (place, item) in items.enumerate() {
            let Some((name, quality)) = parse(item) else { continue };
            let wish = Some(Wish { quality, place });
            let slot = if name.eq_ignore_ascii_case("gzip") {
                &mut named[0]
            } else if name.eq_ignore_ascii_case("deflate") {
                &mut named[1]
            } else if name.eq_ignore_ascii_case("identity") {
                &mut identity
            } else if name == "*" {
                &mut any
            } else {
                continue;
            };
            // What is named twice counts as it is named first.
            *slot = slot.or(wish);
        }
        let [gzip, deflate] = named.map(|wish| wish.or(any).filter(|wish| wish.quality > 0));
        let best = match (gzip, deflate) {
            (Some(gzip), Some(deflate)) if deflate.is_before(gzip) => (Self::Deflate, deflate),
            (Some(gzip), _) => (Self::Gzip, gzip),
            (None, Some(deflate)) => (Self::Deflate, deflate),
            (None, None) => return None,
        };
        let plain = identity.is_some_and(|wish: Wish| wish.quality > best.1.quality);
        (!plain).then_some(best.0)
    }

    pub(crate) const fn format(self) -> Format {
        match self {
            Self::Gzip => Format::Gzip,
            Self::Deflate => Format::Zlib,
        }
    }

    pub(crate) const fn name(self) -> HeaderValue {
        match self {
            Self::Gzip => HeaderValue::from_static("gzip"),
            Self::Deflate => HeaderValue::from_static("deflate"),
        }
    }
}

/// How much a client likes a content coding, by its `Accept-Encoding` (RFC 9110, section 12.5.3): from 1 to 1,000, or 0
/// when it does not take it, or says nothing.
pub fn accepted_quality(headers: &HeaderMap, coding: &str) -> u16 {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let items = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let (mut named, mut any) = (None, None);
    for (name, quality) in items.filter_map(parse) {
        if name.eq_ignore_ascii_case(coding) {
            named = named.or(Some(quality));
        } else if name == "*" {
            any = any.or(Some(quality));
        }
    }
    named.or(any).unwrap_or_default()
}

/// How much a coding is liked.
#[derive(Clone, Copy, Debug)]
struct Wish {
    /// In thousandths.
    quality: u16,
    place: usize,
}

impl Wish {
    const fn is_before(self, other: Self) -> bool {
        self.quality > other.quality || (self.quality == other.quality && self.place < other.place)
    }
}

/// A name and its quality. What cannot be read is not accepted.
fn parse(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let mut quality = 1000;
    for parameter in parts {
        let (key, value) = parameter.split_once('=')?;
        if key.trim().eq_ignore_ascii_case("q") {
            quality = thousandths(value.trim())?;
        }
    }
    Some((name, quality))
}

/// `0.5` is 500: one digit, at most three behind the point (RFC 9110, section 12.4.2).
fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match whole {
        "0" => 0,
        "1" => 1000,
        _ => return None,
    };
    let fraction = format!("{fraction:0<3}").parse::<u16>().ok()?;
    Some(whole + fraction).filter(|quality| *quality <= 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_what_the_client_takes() {
        let cases = [
            (&["gzip"][..], Some(Coding::Gzip)),
            (&["deflate"], Some(Coding::Deflate)),
            (&["GZIP"], Some(Coding::Gzip)),
            (&["gzip, deflate, br"], Some(Coding::Gzip)),
            (&["deflate, gzip"], Some(Coding::Deflate)),
            (&["br, zstd, deflate"], Some(Coding::Deflate)),
            (&["gzip;q=0.5, deflate;q=0.8"], Some(Coding::Deflate)),
            (&["gzip ; q=0.801 ,deflate; Q=0.8"], Some(Coding::Gzip)),
            (&["*"], Some(Coding::Gzip)),
            (&["br;q=1.0, *;q=0.1"], Some(Coding::Gzip)),
            (&["gzip;q=0, *"], Some(Coding::Deflate)),
            (&["*;q=0, deflate"], Some(Coding::Deflate)),
            (&["identity;q=0.5, gzip;q=0.5"], Some(Coding::Gzip)),
            (&["br", "gzip"], Some(Coding::Gzip)),
            (&["gzip;q=0;x, deflate"], Some(Coding::Deflate)),
            (&[], None),
            (&[""], None),
            (&["br"], None),
            (&["br, zstd, identity"], None),
            (&["gzip;q=0"], None),
            (&["gzip;q=0.000, deflate;q=0, *"], None),
            (&["*;q=0"], None),
            (&["identity, gzip;q=0.5"], None),
            (&["gzip;q=2"], None),
            (&["gzip;q=1.001"], None),
            (&["gzip;q=-1"], None),
            (&["gzip;q=0.0001"], None),
            (&["gzip;q=+0.5"], None),
            (&["gzip;q"], None),
            (&["x-gzip, gzipped"], None),
        ];
        for (values, preferred) in cases {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(Coding::preferred(&headers), preferred, "{values:?}");
        }
    }
}
