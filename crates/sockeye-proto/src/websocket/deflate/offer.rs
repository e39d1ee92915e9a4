//! The header `Sec-WebSocket-Extensions` of a client (RFC 6455, section 9.1; RFC 7692, section 7.1).

use thiserror::Error;

/// The header is no list of extensions; the websocket is refused (RFC 6455, section 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("Sec-WebSocket-Extensions is malformed")]
pub struct MalformedOffer;

/// One offer of permessage-deflate whose parameters are all known and legal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) server_no_context_takeover: bool,
    pub(super) client_no_context_takeover: bool,
    pub(super) server_max_window_bits: Option<u8>,
    /// `Some(None)`: the client takes a bound and has none of its own.
    pub(super) client_max_window_bits: Option<Option<u8>>,
}

/// The offers of permessage-deflate in one header value, those that cannot be accepted left out.
pub(super) fn parse(value: &str) -> Result<Vec<Offer>, MalformedOffer> {
    let mut offers = Vec::new();
    let mut rest = Rest(value);
    loop {
        // Empty elements of a list are allowed (RFC 9110, section 5.6.1).
        rest.skip_space();
        if rest.take(',') {
            continue;
        }
        if rest.0.is_empty() {
            return Ok(offers);
        }
        let is_ours = rest.token()?.eq_ignore_ascii_case(NAME);
        let mut offer = Some(Offer::default());
        let mut seen = [false; 4];
        while rest.skip_space().take(';') {
            let name = rest.skip_space().token()?;
            let value = if rest.skip_space().take('=') { Some(rest.skip_space().value()?) } else { None };
            // One that is unknown, illegal or given twice makes the offer one to decline (RFC 7692, section 7.1).
            offer = offer.and_then(|offer| offer.with(name, value, &mut seen));
        }
        if !rest.0.is_empty() && !rest.take(',') {
            return Err(MalformedOffer);
        }
        offers.extend(offer.filter(|_| is_ours));
    }
}

impl Offer {
    fn with(mut self, name: &str, value: Option<&str>, seen: &mut [bool; 4]) -> Option<Self> {
        let at = PARAMETERS.iter().position(|known| *known == name)?;
        let seen = seen.get_mut(at)?;
        if std::mem::replace(seen, true) {
            return None;
        }
        match (at, value) {
            (0, None) => self.server_no_context_takeover = true,
            (1, None) => self.client_no_context_takeover = true,
            (2, Some(value)) => self.server_max_window_bits = Some(bits(value)?),
            (3, None) => self.client_max_window_bits = Some(None),
            (3, Some(value)) => self.client_max_window_bits = Some(Some(bits(value)?)),
            _ => return None,
        }
        Some(self)
    }
}

/// 8 to 15, without leading zeros.
fn bits(value: &str) -> Option<u8> {
    let bits = value.parse().ok()?;
    ((8..=15).contains(&bits) && !value.starts_with(['0', '+'])).then_some(bits)
}

/// What is left of a header value.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip_space(&mut self) -> &mut Self {
        self.0 = self.0.trim_start_matches([' ', '\t']);
        self
    }

    fn take(&mut self, expected: char) -> bool {
        let Some(rest) = self.0.strip_prefix(expected) else { return false };
        self.0 = rest;
        true
    }

    fn token(&mut self) -> Result<&'a str, MalformedOffer> {
        let end = self.0.find(|character| !is_token(character)).unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at_checked(end).ok_or(MalformedOffer)?;
        self.0 = rest;
        if token.is_empty() { Err(MalformedOffer) } else { Ok(token) }
    }

    /// A token, or one in quotes.
    fn value(&mut self) -> Result<&'a str, MalformedOffer> {
        if !self.take('"') {
            return self.token();
        }
        let value = self.token()?;
        if self.take('"') { Ok(value) } else { Err(MalformedOffer) }
    }
}

fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

const NAME: &str = "permessage-deflate";

const PARAMETERS: [&str; 4] = [
    "server_no_context_takeover",
    "client_no_context_takeover",
    "server_max_window_bits",
    "client_max_window_bits",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read() {
        let plain = Offer::default();
        let cases = [
            ("permessage-deflate", vec![plain]),
            (
                "Permessage-Deflate ;client_max_window_bits",
                vec![Offer { client_max_window_bits: Some(None), ..plain }],
            ),
            (
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
                 server_max_window_bits=\"10\"; client_max_window_bits = 12",
                vec![Offer {
                    server_no_context_takeover: true,
                    client_no_context_takeover: true,
                    server_max_window_bits: Some(10),
                    client_max_window_bits: Some(Some(12)),
                }],
            ),
            (
                "permessage-bzip2; x=y, permessage-deflate; server_max_window_bits=8 ,, permessage-deflate",
                vec![Offer { server_max_window_bits: Some(8), ..plain }, plain],
            ),
            ("", vec![]),
            (" , ,", vec![]),
            ("x-webkit-deflate-frame", vec![]),
        ];
        for (value, offers) in cases {
            assert_eq!(parse(value), Ok(offers), "{value}");
        }
    }

    #[test]
    fn an_offer_with_a_parameter_that_is_unknown_illegal_or_twice_is_declined() {
        for parameters in [
            "unknown",
            "server_no_context_takeover=1",
            "client_no_context_takeover=\"x\"",
            "server_max_window_bits",
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits=010",
            "server_max_window_bits=+9",
            "client_max_window_bits=256",
            "client_max_window_bits; client_max_window_bits",
            "server_no_context_takeover; server_no_context_takeover",
            "Server_No_Context_Takeover",
        ] {
            let value = format!("permessage-deflate; {parameters}, permessage-deflate");
            assert_eq!(parse(&value), Ok(vec![Offer::default()]), "{value}");
        }
    }

    #[test]
    fn what_is_no_list_of_extensions_is_refused() {
        for value in [
            "a b",
            ";",
            "a;",
            "a; =b",
            "a; b=",
            "a; b=\"c",
            "a; b=\"\"",
            "a; b=\"c d\"",
            "a=b",
            "é",
            "a; b=c=d",
        ] {
            assert_eq!(parse(value), Err(MalformedOffer), "{value}");
        }
    }
}
