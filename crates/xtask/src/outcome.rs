//! What a stage found: how much passed, how much failed, and what a reader should know.

/// The result of one stage.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// One line each, shown in the closing table.
    pub(crate) notes: Vec<String>,
}

impl Outcome {
    /// One check that holds or does not.
    pub(crate) fn of(holds: bool) -> Self {
        Self { passed: usize::from(holds), failed: usize::from(!holds), notes: Vec::new() }
    }

    /// One check, with what it found wrong; nothing found means that it holds.
    pub(crate) fn of_faults(check: &str, faults: &[String]) -> Self {
        for fault in faults {
            eprintln!("{check}: {fault}");
        }
        Self::of(faults.is_empty())
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.passed += other.passed;
        self.failed += other.failed;
        self.notes.extend(other.notes);
        self
    }

    pub(crate) fn noted(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}
