//! The object of the workload `typed`.

use serde::{Deserialize, Serialize};

/// What an application would send: strings, numbers, and a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The order's number.
    pub id: u64,
    /// Who ordered.
    pub customer: String,
    /// Where to write to.
    pub email: String,
    /// Three letters.
    pub currency: String,
    /// The sum of the lines.
    pub total: f64,
    /// Whether it has been paid.
    pub paid: bool,
    /// What was ordered.
    pub lines: Vec<Line>,
    /// A word to whoever packs it, if there is one.
    pub note: Option<String>,
}

/// One line of an [`Order`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The article's number.
    pub sku: String,
    /// What it is called.
    pub title: String,
    /// How many.
    pub quantity: u32,
    /// Of one.
    pub price: f64,
}

impl Order {
    /// The one that is sent: about 512 bytes of JSON.
    #[must_use]
    pub fn sample() -> Self {
        let line = |sku: &str, title: &str, quantity, price| Line {
            sku: sku.to_owned(),
            title: title.to_owned(),
            quantity,
            price,
        };
        Self {
            id: 1_000_042,
            customer: "A customer with a name".to_owned(),
            email: "customer@example.org".to_owned(),
            currency: "EUR".to_owned(),
            total: 362.65,
            paid: true,
            lines: vec![
                line("LAMP-0017", "Desk lamp, brushed steel", 2, 49.5),
                line("CHAIR-0203", "Chair with a woven seat", 1, 189.9),
                line("SHELF-0088", "Shelf board, oak, 80 cm", 3, 18.25),
                line("SCREW-4x40", "Screws 4 x 40, box of 100", 4, 4.75),
            ],
            note: Some("Please ring twice; the bell is \"quiet\".".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_about_512_bytes_and_comes_back_the_same() {
        let text = serde_json::to_string(&Order::sample()).unwrap();
        assert!((480..=544).contains(&text.len()), "{} bytes", text.len());
        assert_eq!(serde_json::from_str::<Order>(&text).unwrap(), Order::sample());
    }
}
