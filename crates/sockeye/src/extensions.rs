//! What a session keeps of the extensions of its handshake.

use axum::extract::OriginalUri;
use http::{Extensions, Uri};

/// Replaces axum's `OriginalUri`, whose parts are slices of the buffer that the HTTP library has read the request into:
/// one such slice would keep that whole buffer for the life of the session.
pub(crate) fn compact(extensions: &mut Extensions) {
    if let Some(OriginalUri(uri)) = extensions.remove::<OriginalUri>()
        && let Ok(copy) = uri.to_string().parse::<Uri>()
    {
        extensions.insert(OriginalUri(copy));
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
        compact(&mut extensions);
        let kept = extensions.get::<OriginalUri>().unwrap();
        assert_eq!(kept.0, uri);
        assert_ne!(kept.0.path().as_ptr(), uri.path().as_ptr());
        assert_eq!(extensions.get::<u8>(), Some(&7));
    }
}
