//! What JSON text is made of, each read from the front of what is left of it.

use super::{Fault, plain::plain_at_end};

/// A string that was read.
pub(super) struct Ended<'a> {
    /// What follows its second quote.
    pub(super) rest: &'a [u8],
    pub(super) escaped: bool,
}

/// Reads a string whose first quote was read, from `rest`, with which `whole` ends.
#[inline]
pub(super) fn string<'a>(whole: &'a [u8], rest: &'a [u8]) -> Result<Ended<'a>, Fault> {
    match rest.get(plain_at_end(whole, rest)..) {
        Some([b'"', rest @ ..]) => Ok(Ended { rest, escaped: false }),
        _ => escaped_string(whole, rest).map(|rest| Ended { rest, escaped: true }),
    }
}

/// The same for one in which there is more.
#[inline(never)]
fn escaped_string<'a>(whole: &'a [u8], mut rest: &'a [u8]) -> Result<&'a [u8], Fault> {
    loop {
        rest = match rest.get(plain_at_end(whole, rest)..).unwrap_or_default() {
            [b'"', rest @ ..] => return Ok(rest),
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest @ ..] => rest,
            // Lone surrogates are legal JSON; whether one fits the handler's type is judged when it is read.
            [b'\\', b'u', a, b, c, d, rest @ ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                rest
            }
            _ => return Err(Fault::Syntax),
        };
    }
}

/// What follows white space, if there is any.
#[inline]
pub(in crate::socket) fn whitespace(rest: &[u8]) -> &[u8] {
    match rest {
        [0..=b' ', ..] => behind_whitespace(rest),
        _ => rest,
    }
}

#[inline(never)]
fn behind_whitespace(mut rest: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\t' | b'\r', behind @ ..] = rest {
        rest = behind;
    }
    rest
}

/// Whatever is a number by the grammar; whether a type holds it is judged when it is read.
#[inline(always)]
pub(super) fn number(rest: &[u8]) -> Result<&[u8], Fault> {
    let rest = rest.strip_prefix(b"-").unwrap_or(rest);
    let mut rest = match rest {
        [b'0', rest @ ..] => rest,
        [b'1'..=b'9', rest @ ..] => behind_digits(rest),
        _ => return Err(Fault::Syntax),
    };
    if let [b'.', fraction @ ..] = rest {
        rest = behind_some_digits(fraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = match exponent {
            [b'+' | b'-', digits @ ..] => behind_some_digits(digits)?,
            digits => behind_some_digits(digits)?,
        };
    }
    Ok(rest)
}

#[inline]
fn behind_some_digits(rest: &[u8]) -> Result<&[u8], Fault> {
    match rest {
        [b'0'..=b'9', rest @ ..] => Ok(behind_digits(rest)),
        _ => Err(Fault::Syntax),
    }
}

#[inline]
fn behind_digits(mut rest: &[u8]) -> &[u8] {
    while let [b'0'..=b'9', behind @ ..] = rest {
        rest = behind;
    }
    rest
}
