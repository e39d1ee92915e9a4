//! The documents there are.

use std::sync::Arc;

use parking_lot::Mutex;

/// The documents there are, by number.
#[derive(Clone, Default)]
pub(crate) struct Library(Arc<Mutex<Vec<String>>>);

impl Library {
    /// A new document, which is empty; the answer is its number.
    pub(crate) fn add(&self) -> usize {
        let mut documents = self.0.lock();
        documents.push(String::new());
        documents.len() - 1
    }

    /// The text of a document, if there is one.
    pub(crate) fn text(&self, number: usize) -> Option<String> {
        self.0.lock().get(number).cloned()
    }

    /// Adds a line to a document.
    pub(crate) fn write(&self, number: usize, line: &str) {
        if let Some(text) = self.0.lock().get_mut(number) {
            text.push_str(line);
            text.push('\n');
        }
    }
}
