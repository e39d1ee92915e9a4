//! The server half of RFC 6455, over borrowed bytes.
