//! A first look at each request.

use bytes::Bytes;
use http::{Response, request::Parts};

/// Answers what is not the engine's.
pub(crate) type Front = dyn Fn(&Parts) -> Option<Response<Bytes>> + Send + Sync;
