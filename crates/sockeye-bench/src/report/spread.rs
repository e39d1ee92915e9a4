//! Median and range of what was repeated.

/// Of at least one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Nothing, of no values.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let half = values.len() / 2;
        let upper = *values.get(half)?;
        let median = if values.len() % 2 == 1 { upper } else { f64::midpoint(*values.get(half - 1)?, upper) };
        Some(Self { median, least, most })
    }

    /// `median (least–most)`, each divided by `scale` and with three significant digits.
    pub(crate) fn show(self, scale: f64) -> String {
        let [median, least, most] =
            [self.median, self.least, self.most].map(|value| significant(value / scale));
        if least == most { median } else { format!("{median} ({least}–{most})") }
    }
}

/// Three significant digits, or the whole number when it has more.
pub(crate) fn significant(value: f64) -> String {
    let digits = match value.abs() {
        0.0 => 0,
        size if size < 1.0 => 3,
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::{Spread, significant};

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        let spread = Spread::of(vec![9.0, 1.0, 2.0]).unwrap();
        assert_eq!(spread, Spread { median: 2.0, least: 1.0, most: 9.0 });
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 9.0]).unwrap().median, 3.0);
        assert_eq!(Spread::of(vec![5.0]).unwrap().median, 5.0);
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn figures_have_three_digits() {
        for (value, shown) in [
            (0.0, "0"),
            (0.1234, "0.123"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (1234.5, "1234"),
            (-12.34, "-12.3"),
        ] {
            assert_eq!(significant(value), shown);
        }
        let spread = Spread { median: 2000.0, least: 1500.0, most: 2500.0 };
        assert_eq!(spread.show(1000.0), "2.00 (1.50–2.50)");
        assert_eq!(Spread { median: 7.0, least: 7.0, most: 7.0 }.show(1.0), "7.00");
    }
}
