//! What a session keeps of the extensions of its handshake.

use axum::extract::OriginalUri;
use http::{Extensions, Uri, request::Parts};

/// Replaces axum's `OriginalUri`, whose parts are slices of the buffer that the HTTP library has read the request into:
/// one such slice would keep that whole buffer for the life of the session. Where the router is not nested it is the
/// request's own, and need not be kept at all.
pub(crate) fn compact(own: &Uri, extensions: &mut Extensions) {
    if let Some(OriginalUri(uri)) = extensions.remove::<OriginalUri>()
        && uri != *own
        && let Ok(copy) = uri.to_string().parse::<Uri>()
    {
        extensions.insert(OriginalUri(copy));
    }
}

/// Gives a request back what was not kept.
pub(crate) fn complete(parts: &mut Parts) {
    if parts.extensions.get::<OriginalUri>().is_none() {
        parts.extensions.insert(OriginalUri(parts.uri.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_uri_is_kept_as_a_copy_of_its_own() {
        let mut extensions = Extensions::new();
        let uri = Uri::from_static("/chat/socket.io/?EIO=4&transport=polling");
        extensions.insert(OriginalUri(uri.clone()));
        extensions.insert(7_u8);
        compact(&Uri::from_static("/socket.io/?EIO=4&transport=polling"), &mut extensions);
        let kept = extensions.get::<OriginalUri>().unwrap();
        assert_eq!(kept.0, uri);
        assert_ne!(kept.0.path().as_ptr(), uri.path().as_ptr());
        assert_eq!(extensions.get::<u8>(), Some(&7));
        let mut parts = http::Request::new(()).into_parts().0;
        parts.extensions = extensions;
        complete(&mut parts);
        assert_eq!(parts.extensions.get::<OriginalUri>().unwrap().0, uri);
    }

    #[test]
    fn the_original_uri_is_not_kept_beside_one_that_is_the_same() {
        let mut extensions = Extensions::new();
        let uri = Uri::from_static("/socket.io/?EIO=4&transport=polling");
        extensions.insert(OriginalUri(uri.clone()));
        compact(&uri, &mut extensions);
        assert!(extensions.is_empty());
        let mut parts = http::Request::builder().uri(uri.clone()).body(()).unwrap().into_parts().0;
        complete(&mut parts);
        assert_eq!(parts.extensions.get::<OriginalUri>().unwrap().0, uri);
    }
}
