//! One file in all its encodings.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash as _, Hasher as _},
    io::Write as _,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use sockeye_engine::accepted_quality;

/// A file, compressed once.
pub(super) struct File {
    kind: HeaderValue,
    plain: Variant,
    /// From the one to choose first to the last.
    compressed: Vec<Variant>,
}

/// A file in one encoding.
struct Variant {
    coding: Option<&'static str>,
    bytes: Bytes,
    etag: String,
}

impl File {
    pub(super) fn new(name: &str, plain: Bytes) -> Self {
        let map = name.ends_with(".map");
        let kind =
            if map { "application/json; charset=utf-8" } else { "application/javascript; charset=utf-8" };
        // The compiler's own hash may change with its version; then a browser fetches the file once more.
        let mut hasher = DefaultHasher::new();
        plain.hash(&mut hasher);
        let hash = hasher.finish();
        let compressed = [("br", brotli(&plain)), ("gzip", gzip(&plain))];
        let compressed = compressed
            .into_iter()
            .filter(|(_, bytes)| !bytes.is_empty() && bytes.len() < plain.len())
            .map(|(coding, bytes)| Variant::new(hash, Some(coding), bytes.into()))
            .collect();
        Self { kind: HeaderValue::from_static(kind), plain: Variant::new(hash, None, plain), compressed }
    }

    /// Answers a GET or HEAD.
    pub(super) fn answer(&self, head: &Parts) -> Response<Bytes> {
        let variant = self.choose(&head.headers);
        let mut response = Response::new(Bytes::new());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::try_from(&variant.etag) {
            headers.insert(header::ETAG, etag);
        }
        if is_known(&head.headers, &variant.etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, self.kind.clone());
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(variant.bytes.len()));
        if let Some(coding) = variant.coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if head.method != Method::HEAD {
            *response.body_mut() = variant.bytes.clone();
        }
        response
    }

    /// What the client likes best; of what it likes the same, the smallest. Plain, where it says nothing.
    fn choose(&self, headers: &HeaderMap) -> &Variant {
        let mut best = (&self.plain, 0);
        for variant in &self.compressed {
            let quality = variant.coding.map_or(0, |coding| accepted_quality(headers, coding));
            if quality > best.1 {
                best = (variant, quality);
            }
        }
        if headers.get_all(header::ACCEPT_ENCODING).iter().any(names_identity)
            && accepted_quality(headers, "identity") > best.1
        {
            return &self.plain;
        }
        best.0
    }
}

impl Variant {
    fn new(hash: u64, coding: Option<&'static str>, bytes: Bytes) -> Self {
        let etag = format!(
            "\"{hash:016x}{}{}\"",
            if coding.is_some() { "-" } else { "" },
            coding.unwrap_or_default()
        );
        Self { coding, bytes, etag }
    }
}

/// Plain bytes are always taken; they are preferred only by whoever says so.
fn names_identity(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("identity"))
}

/// Whether the client has it already (RFC 9110, section 13.1.2: a list or `*`, compared weakly).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim).any(
        // Our own tags have no comma inside, so cutting a foreign one in two does no harm.
        |tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag,
    )
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail; nothing at all would not be served.
    encoder.write_all(plain).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    match brotli::BrotliCompress(&mut &*plain, &mut compressed, &parameters) {
        Ok(_) => compressed,
        Err(_) => Vec::new(),
    }
}

/// Of 11. The last two steps take ten times as long for the last tenth.
const BROTLI_QUALITY: i32 = 9;
