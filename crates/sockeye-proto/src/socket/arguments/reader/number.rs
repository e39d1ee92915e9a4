//! Numbers of few digits, whose value no reading can differ on.

use serde::de::Visitor;

use super::{Reader, Unfit};

/// A number, of the kind that its text has in the library.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Unsigned(u64),
    /// Below zero.
    Signed(i64),
    Float(f64),
}

impl Number {
    #[inline]
    pub(super) fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
        }
    }
}

/// Ten to these powers, and any whole number of up to 15 digits, are exact as a float; so their quotient is the nearest
/// float to the number, whoever computes it.
const DIGITS: u32 = 15;
const TENS: [f64; DIGITS as usize + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

impl<'de> Reader<'de> {
    /// Reads a whole number of up to 15 digits, if it is one that comes next.
    #[inline]
    pub(super) fn integer(&mut self) -> Option<Number> {
        self.peek();
        let (negative, digits) = sign(self.rest);
        let mut left = DIGITS;
        let (value, rest) = digits_of(digits, 0, &mut left)?;
        match rest {
            [b'.' | b'e' | b'E', ..] => None,
            _ => self.whole(negative, value, rest),
        }
    }

    /// Reads a number of up to 15 digits without an exponent, if it is one that comes next.
    #[inline]
    pub(super) fn number(&mut self) -> Option<Number> {
        self.peek();
        let (negative, digits) = sign(self.rest);
        let mut left = DIGITS;
        let (value, rest) = digits_of(digits, 0, &mut left)?;
        match rest {
            [b'.', rest @ ..] => {
                let before = left;
                let (value, rest) = digits_of(rest, value, &mut left)?;
                if let [b'e' | b'E', ..] = rest {
                    return None;
                }
                let number = value as f64 / TENS.get(before.saturating_sub(left) as usize)?;
                self.rest = rest;
                Some(Number::Float(if negative { -number } else { number }))
            }
            [b'e' | b'E', ..] => None,
            _ => self.whole(negative, value, rest),
        }
    }

    #[inline]
    fn whole(&mut self, negative: bool, value: u64, rest: &'de [u8]) -> Option<Number> {
        // `-0` is a float.
        let number = match (negative, value) {
            (true, 0) => return None,
            (true, value) => Number::Signed(value.cast_signed().checked_neg()?),
            (false, value) => Number::Unsigned(value),
        };
        self.rest = rest;
        Some(number)
    }
}

#[inline]
fn sign(rest: &[u8]) -> (bool, &[u8]) {
    match rest {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, rest),
    }
}

/// Reads digits, at least one and at most `left`, behind those that have made `value`.
#[inline]
fn digits_of<'a>(mut rest: &'a [u8], mut value: u64, left: &mut u32) -> Option<(u64, &'a [u8])> {
    let before = *left;
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        *left = left.checked_sub(1)?;
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit & 0xf));
        rest = behind;
    }
    (*left != before).then_some((value, rest))
}
