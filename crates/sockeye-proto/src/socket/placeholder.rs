//! The places where a binary packet's arguments name its attachments.
//!
//! A placeholder is an object whose `_placeholder` is `true`; its `num` counts the attachments from 0. They are checked
//! when the header arrives, before any attachment is taken in, and brought to one form, `_placeholder` first, so that
//! reading them later needs no more than a look at the first key.

use std::{borrow::Cow, fmt::Write as _, ops::Range};

use super::{name::RawName, scan::Scanner, violation::Violation};

/// The key that marks a placeholder.
pub(super) const MARK: &str = "_placeholder";
/// The key of an attachment's number.
pub(super) const NUMBER: &str = "num";

/// A placeholder in the one form, alone: what an event with one attachment and nothing else has.
pub(super) const ALONE: &str = r#"{"_placeholder":true,"num":0}"#;

/// Checks the placeholders in `values`, which are JSON values separated by commas and already scanned, against the
/// number of attachments announced; returns them in the one form.
///
/// An attachment may be named once: each clone would otherwise multiply what a handler copies. One that is never named
/// is legal and lost.
pub(super) fn settle(values: &str, attachments: usize, max_depth: usize) -> Result<Cow<'_, str>, Violation> {
    if values.is_empty() {
        return Ok(Cow::Borrowed(values));
    }
    let mut walk =
        Walk { scan: Scanner::new(values, max_depth), named: vec![false; attachments], odd: Vec::new() };
    loop {
        walk.value()?;
        walk.scan.whitespace();
        if !walk.scan.eat(b',') {
            break;
        }
    }
    Ok(if walk.odd.is_empty() { Cow::Borrowed(values) } else { Cow::Owned(rewrite(values, &walk.odd)) })
}

fn rewrite(values: &str, odd: &[(Range<usize>, usize)]) -> String {
    let mut text = String::with_capacity(values.len());
    let mut done = 0;
    for (range, number) in odd {
        text.push_str(values.get(done..range.start).unwrap_or_default());
        // Writing to a string cannot fail.
        let _ = write!(text, r#"{{"{MARK}":true,"{NUMBER}":{number}}}"#);
        done = range.end;
    }
    text.push_str(values.get(done..).unwrap_or_default());
    text
}

struct Walk<'a> {
    scan: Scanner<'a>,
    /// Which attachments a placeholder has named.
    named: Vec<bool>,
    /// Placeholders not in the one form, in order.
    odd: Vec<(Range<usize>, usize)>,
}

impl<'a> Walk<'a> {
    /// Recurses as deep as the scan before allowed.
    fn value(&mut self) -> Result<(), Violation> {
        self.scan.whitespace();
        match self.scan.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            _ => Ok(self.scan.value()?),
        }
    }

    fn array(&mut self) -> Result<(), Violation> {
        self.scan.expect(b'[')?;
        self.scan.whitespace();
        if self.scan.eat(b']') {
            return Ok(());
        }
        loop {
            self.value()?;
            self.scan.whitespace();
            if !self.scan.eat(b',') {
                return Ok(self.scan.expect(b']')?);
            }
        }
    }

    fn object(&mut self) -> Result<(), Violation> {
        let start = self.scan.position();
        let odd_before = self.odd.len();
        let mut entries = 0_usize;
        let mut mark: Option<(usize, &str)> = None;
        let mut number: Option<&str> = None;
        let mut numbers = 0_usize;
        self.scan.expect(b'{')?;
        self.scan.whitespace();
        if self.scan.eat(b'}') {
            return Ok(());
        }
        loop {
            self.scan.whitespace();
            let key = self.scan.key()?;
            self.scan.whitespace();
            let at = self.scan.position();
            self.value()?;
            let value = self.scan.since(at);
            if is(key, MARK) {
                if mark.is_some() {
                    // Which one counts depends on who reads it.
                    return Err(Violation::IllegalAttachments);
                }
                mark = Some((entries, value));
            } else if is(key, NUMBER) {
                number = Some(value);
                numbers = numbers.saturating_add(1);
            }
            entries = entries.saturating_add(1);
            self.scan.whitespace();
            if !self.scan.eat(b',') {
                self.scan.expect(b'}')?;
                break;
            }
        }
        let Some((place, "true")) = mark else { return Ok(()) };
        let named = number.filter(|_| numbers == 1).and_then(|number| number.parse::<usize>().ok());
        let slot =
            named.and_then(|number| self.named.get_mut(number)).ok_or(Violation::IllegalAttachments)?;
        if std::mem::replace(slot, true) {
            return Err(Violation::IllegalAttachments);
        }
        if entries != 2 || place != 0 {
            // What else the object holds goes, and with it whatever was noted inside.
            self.odd.truncate(odd_before);
            self.odd.push((start..self.scan.position(), named.unwrap_or_default()));
        }
        Ok(())
    }
}

fn is(key: RawName<'_>, name: &str) -> bool {
    if key.escaped { key.decode() == name } else { key.text == name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Payload;

    fn settled(values: &str, attachments: usize) -> Result<Cow<'_, str>, Violation> {
        settle(values, attachments, 64)
    }

    #[test]
    fn leaves_the_usual_form_alone() {
        for values in [
            "",
            r#"1,"a",[],{}"#,
            r#"{"_placeholder":true,"num":0},{"a":[{"_placeholder":true,"num":1}]}"#,
            r#"{ "_placeholder" : true , "num" : 1 }"#,
            r#"{"_placeholder":false,"num":7},{"_placeholder":"true"},{"num":-1}"#,
        ] {
            assert!(matches!(settled(values, 2), Ok(Cow::Borrowed(same)) if same == values), "{values}");
        }
    }

    #[test]
    fn the_usual_text_is_what_a_look_at_it_would_find() {
        assert_eq!(settled(ALONE, 1).as_deref(), Ok(ALONE));
        assert_eq!(format!("[{ALONE}]").as_bytes(), Payload::PLACEHOLDER.as_slice());
        assert_eq!(format!(r#"{{"{MARK}":true,"{NUMBER}":0}}"#), ALONE);
    }

    #[test]
    fn brings_the_mark_to_the_front() {
        assert_eq!(
            settled(r#"1,{"num":1,"_placeholder":true},{"a":{"x":[],"_placeholder":true,"num":0}} ,2"#, 2)
                .unwrap(),
            r#"1,{"_placeholder":true,"num":1},{"a":{"_placeholder":true,"num":0}} ,2"#
        );
        assert_eq!(
            settled(r#"{"num":0,"\u005fplaceholder":true,"inner":{"num":1,"_placeholder":true}}"#, 2)
                .unwrap(),
            r#"{"_placeholder":true,"num":0}"#
        );
    }

    #[test]
    fn refuses_what_names_no_attachment_or_one_twice() {
        for values in [
            r#"{"_placeholder":true}"#,
            r#"{"_placeholder":true,"num":2}"#,
            r#"{"_placeholder":true,"num":-1}"#,
            r#"{"_placeholder":true,"num":0.5}"#,
            r#"{"_placeholder":true,"num":"0"}"#,
            r#"{"_placeholder":true,"num":null}"#,
            r#"{"_placeholder":true,"num":0,"num":1}"#,
            r#"{"_placeholder":true,"_placeholder":false,"num":0}"#,
            r#"{"_placeholder":true,"num":99999999999999999999999999}"#,
            r#"[{"_placeholder":true,"num":0},{"x":{"_placeholder":true,"num":0}}]"#,
        ] {
            assert_eq!(settled(values, 2), Err(Violation::IllegalAttachments), "{values}");
        }
    }
}
