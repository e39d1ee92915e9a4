//! A value of any kind, and all that is in it.

use super::{Fault, token};

/// Reads a value from `rest`, with which `whole` ends, of at most `levels` arrays and objects one in another.
pub(super) fn value<'a>(whole: &'a [u8], mut rest: &'a [u8], levels: usize) -> Result<&'a [u8], Fault> {
    let mut open = Open { count: 0, object: false, outer: 0 };
    'value: loop {
        if open.object {
            rest = key(whole, rest)?;
        }
        rest = match token::whitespace(rest) {
            [b'"', rest @ ..] => token::string(whole, rest)?.rest,
            [b'{', inside @ ..] => {
                open.check(levels)?;
                match token::whitespace(inside) {
                    [b'}', rest @ ..] => rest,
                    inside => {
                        open.push(true);
                        rest = inside;
                        continue 'value;
                    }
                }
            }
            [b'[', inside @ ..] => {
                open.check(levels)?;
                match token::whitespace(inside) {
                    [b']', rest @ ..] => rest,
                    inside => {
                        open.push(false);
                        rest = inside;
                        continue 'value;
                    }
                }
            }
            number @ [b'-' | b'0'..=b'9', ..] => token::number(number)?,
            [b't', b'r', b'u', b'e', rest @ ..] => rest,
            [b'f', b'a', b'l', b's', b'e', rest @ ..] => rest,
            [b'n', b'u', b'l', b'l', rest @ ..] => rest,
            _ => return Err(Fault::Syntax),
        };
        loop {
            if open.count == 0 {
                return Ok(rest);
            }
            if let [b',', behind @ ..] = rest {
                rest = behind;
                continue 'value;
            }
            match token::whitespace(rest) {
                [b',', behind @ ..] => {
                    rest = behind;
                    continue 'value;
                }
                [b'}', behind @ ..] if open.object => rest = behind,
                [b']', behind @ ..] if !open.object => rest = behind,
                _ => return Err(Fault::Syntax),
            }
            open.pop();
        }
    }
}

/// Reads a key and its colon.
#[inline]
fn key<'a>(whole: &'a [u8], rest: &'a [u8]) -> Result<&'a [u8], Fault> {
    // White space is rare between programs.
    let rest = match rest {
        [b'"', rest @ ..] => rest,
        rest => token::whitespace(rest).strip_prefix(b"\"").ok_or(Fault::Syntax)?,
    };
    match token::string(whole, rest)?.rest {
        [b':', rest @ ..] => Ok(rest),
        rest => token::whitespace(rest).strip_prefix(b":").ok_or(Fault::Syntax),
    }
}

/// The arrays and objects a place is in.
struct Open {
    count: usize,
    /// The innermost is an object.
    object: bool,
    /// One bit for each of the others, the innermost lowest: set for an object.
    outer: u128,
}

impl Open {
    #[inline]
    fn check(&self, levels: usize) -> Result<(), Fault> {
        if self.count < levels { Ok(()) } else { Err(Fault::TooDeep) }
    }

    #[inline]
    fn push(&mut self, object: bool) {
        self.count = self.count.saturating_add(1);
        self.outer = self.outer << 1 | u128::from(self.object);
        self.object = object;
    }

    #[inline]
    fn pop(&mut self) {
        self.count = self.count.saturating_sub(1);
        self.object = self.outer & 1 == 1;
        self.outer >>= 1;
    }
}
