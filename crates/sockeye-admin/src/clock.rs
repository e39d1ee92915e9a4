//! Times in the forms in which JavaScript writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use time::{OffsetDateTime, format_description::StaticFormatDescription, macros::format_description};

/// `Date.prototype.toISOString` of this moment.
pub(crate) fn now() -> String {
    iso(SystemTime::now())
}

fn iso(time: SystemTime) -> String {
    format(time, ISO)
}

/// `Date.prototype.toString` in UTC.
pub(crate) fn text(time: SystemTime) -> String {
    format(time, TEXT)
}

/// Milliseconds since 1970.
pub(crate) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn format(time: SystemTime, form: StaticFormatDescription) -> String {
    OffsetDateTime::from(time).format(form).unwrap_or_default()
}

const ISO: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
const TEXT: StaticFormatDescription = format_description!(
    "[weekday repr:short] [month repr:short] [day] [year] [hour]:[minute]:[second] GMT+0000 (Coordinated Universal Time)"
);

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn as_in_the_captures() {
        let time = UNIX_EPOCH + Duration::from_millis(1_795_171_344_691);
        assert_eq!(iso(time), "2026-11-20T10:42:24.691Z");
        assert_eq!(text(time), "Fri Nov 20 2026 10:42:24 GMT+0000 (Coordinated Universal Time)");
        assert_eq!(millis(time), 1_795_171_344_691);
    }
}
