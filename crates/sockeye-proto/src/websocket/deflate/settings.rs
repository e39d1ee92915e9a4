//! What a server offers, and what was agreed with one client.

use std::fmt;

use super::offer::{self, MalformedOffer, Offer};

/// How a server compresses messages on websockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermessageDeflate {
    /// Bytes of the shortest packet that is compressed. Default 1,024, the reference's.
    pub threshold: usize,
    /// Whether the compressor of a connection remembers what it has sent, for packets that resemble each other. Default
    /// no: it would cost each connection 375 KB, and each recipient of a broadcast its own compression.
    pub context_takeover: bool,
    /// Whether clients may do the same, which costs each connection 40 KB here. Default no.
    pub client_context_takeover: bool,
    /// The window of what is sent: 9 to 15 bits. Default 15, which is 32 KB.
    pub window_bits: u8,
    /// The window of what clients send, for those that take a bound: 9 to 15 bits. Default 15.
    pub client_window_bits: u8,
}

impl Default for PermessageDeflate {
    fn default() -> Self {
        Self {
            threshold: 1024,
            context_takeover: false,
            client_context_takeover: false,
            window_bits: 15,
            client_window_bits: 15,
        }
    }
}

impl PermessageDeflate {
    /// Whether the windows are of a size that exists.
    pub fn is_valid(&self) -> bool {
        let is_window = |bits| (9..=15).contains(&bits);
        is_window(self.window_bits) && is_window(self.client_window_bits)
    }

    /// Answers the values of a client's `Sec-WebSocket-Extensions`: the first offer that can be kept, or none.
    ///
    /// # Errors
    /// [`MalformedOffer`]: the websocket is to be refused.
    pub fn negotiate<'a>(
        &self,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<Option<Agreed>, MalformedOffer> {
        let mut agreed = None;
        for value in values {
            let offers = offer::parse(value)?;
            agreed = agreed.or_else(|| offers.iter().find_map(|offer| self.accept(offer)));
        }
        Ok(agreed)
    }

    fn accept(&self, offer: &Offer) -> Option<Agreed> {
        // A compressor with a window of 256 bytes does not exist here.
        let window_bits = offer.server_max_window_bits.unwrap_or(15).min(self.window_bits);
        if window_bits < 9 {
            return None;
        }
        let client_bound =
            offer.client_max_window_bits.map(|bits| bits.unwrap_or(15).min(self.client_window_bits));
        Some(Agreed {
            threshold: self.threshold,
            context: self.context_takeover && !offer.server_no_context_takeover,
            client_context: self.client_context_takeover && !offer.client_no_context_takeover,
            window_bits,
            // Named only to a client that has said that it understands it, and only where it bounds something.
            client_window_bits: client_bound.filter(|bits| *bits < 15),
        })
    }
}

/// What a server and a client have agreed on. As text it is the value of `Sec-WebSocket-Extensions` of the 101.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub(super) threshold: usize,
    pub(super) context: bool,
    pub(super) client_context: bool,
    pub(super) window_bits: u8,
    pub(super) client_window_bits: Option<u8>,
}

impl Agreed {
    /// Whether memory is kept for the connection, in either direction.
    pub fn keeps_context(&self) -> bool {
        self.context || self.client_context
    }

    /// The same without memory for the connection. A server may always say so (RFC 7692, section 7.1.1).
    #[must_use]
    pub fn without_context(self) -> Self {
        Self { context: false, client_context: false, ..self }
    }
}

impl fmt::Display for Agreed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("permessage-deflate")?;
        if !self.context {
            f.write_str("; server_no_context_takeover")?;
        }
        if !self.client_context {
            f.write_str("; client_no_context_takeover")?;
        }
        if self.window_bits < 15 {
            write!(f, "; server_max_window_bits={}", self.window_bits)?;
        }
        if let Some(bits) = self.client_window_bits {
            write!(f, "; client_max_window_bits={bits}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(settings: PermessageDeflate, value: &str) -> String {
        settings.negotiate([value]).unwrap().map_or_else(String::new, |agreed| agreed.to_string())
    }

    #[test]
    fn each_offer_has_its_answer() {
        let default = PermessageDeflate::default();
        let keeps = PermessageDeflate { context_takeover: true, client_context_takeover: true, ..default };
        let small = PermessageDeflate { window_bits: 11, client_window_bits: 10, ..keeps };
        let none = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        let cases = [
            (default, "permessage-deflate; client_max_window_bits", none.to_owned()),
            (default, "permessage-deflate", none.to_owned()),
            (
                default,
                "permessage-deflate; server_max_window_bits=9",
                format!("{none}; server_max_window_bits=9"),
            ),
            (default, "permessage-deflate; server_max_window_bits=15", none.to_owned()),
            (default, "permessage-deflate; server_max_window_bits=8", String::new()),
            (default, "permessage-deflate; server_max_window_bits=8, permessage-deflate", none.to_owned()),
            (
                default,
                "permessage-deflate; client_max_window_bits=8",
                format!("{none}; client_max_window_bits=8"),
            ),
            (default, "x", String::new()),
            (default, "permessage-deflate; x", String::new()),
            (keeps, "permessage-deflate; client_max_window_bits", "permessage-deflate".to_owned()),
            (
                keeps,
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover".to_owned(),
            ),
            (
                keeps,
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                none.to_owned(),
            ),
            (small, "permessage-deflate", "permessage-deflate; server_max_window_bits=11".to_owned()),
            (
                small,
                "permessage-deflate; client_max_window_bits=12; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=10; client_max_window_bits=10".to_owned(),
            ),
        ];
        for (settings, value, expected) in cases {
            assert_eq!(answer(settings, value), expected, "{value}");
        }
        let first =
            default.negotiate(["permessage-deflate; server_max_window_bits=12", "permessage-deflate"]);
        assert_eq!(first.unwrap().map(|agreed| agreed.window_bits), Some(12));
        assert_eq!(
            default.negotiate(["permessage-deflate", "="]),
            Err(MalformedOffer),
            "behind one that is fine, too"
        );
        assert!(!keeps.negotiate(["permessage-deflate"]).unwrap().unwrap().without_context().keeps_context());
    }

    #[test]
    fn a_window_has_nine_to_fifteen_bits() {
        for (bits, valid) in [(8, false), (9, true), (15, true), (16, false)] {
            assert_eq!(
                PermessageDeflate { window_bits: bits, ..PermessageDeflate::default() }.is_valid(),
                valid
            );
            assert_eq!(
                PermessageDeflate { client_window_bits: bits, ..PermessageDeflate::default() }.is_valid(),
                valid
            );
        }
    }
}
