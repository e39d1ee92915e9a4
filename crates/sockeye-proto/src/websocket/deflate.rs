//! Compression of messages on a websocket: permessage-deflate (RFC 7692).
//!
//! [`PermessageDeflate::negotiate`] answers the offers of a client. What was [`Agreed`] makes an [`Inflater`] for the
//! [`Reader`](super::Reader) and a [`Deflater`] for what is written. Without context takeover, which is the default, an
//! idle connection keeps neither window nor compressor.

mod deflater;
mod inflater;
mod offer;
mod settings;

pub(crate) use deflater::without_tail;

pub use deflater::Deflater;
pub use inflater::Inflater;
pub use offer::MalformedOffer;
pub use settings::{Agreed, PermessageDeflate};

/// What every compressed message ends with, and what is left out on the wire (RFC 7692, section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];
