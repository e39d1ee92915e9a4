//! A list that mostly has no element or one.

use std::slice;

/// Elements in order, of which one alone lies in place: a packet seldom has more than one attachment, and a list for it
/// would be an allocation.
#[derive(Clone, Debug)]
pub(crate) enum Few<T> {
    One(T),
    /// None, or several; one that was left over.
    Many(Vec<T>),
}

impl<T> Few<T> {
    pub(crate) const fn new() -> Self {
        Self::Many(Vec::new())
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(element) => slice::from_ref(element),
            Self::Many(elements) => elements,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    pub(crate) fn push(&mut self, element: T) {
        match self {
            Self::Many(elements) if elements.capacity() == 0 => *self = Self::One(element),
            Self::Many(elements) => elements.push(element),
            Self::One(_) => {
                if let Self::One(first) = std::mem::take(self) {
                    *self = Self::Many(vec![first, element]);
                }
            }
        }
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        match self {
            Self::One(_) if len == 0 => *self = Self::new(),
            Self::One(_) => {}
            Self::Many(elements) => elements.truncate(len),
        }
    }
}

impl<T> From<Few<T>> for Vec<T> {
    fn from(few: Few<T>) -> Self {
        match few {
            Few::One(element) => vec![element],
            Few::Many(elements) => elements,
        }
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(mut elements: Vec<T>) -> Self {
        match elements.pop() {
            Some(element) if elements.is_empty() => Self::One(element),
            Some(element) => {
                elements.push(element);
                Self::Many(elements)
            }
            None => Self::new(),
        }
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        elements.into_iter().for_each(|element| self.push(element));
    }
}

/// The same elements, wherever they lie.
impl<T: PartialEq> PartialEq for Few<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Eq> Eq for Few<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lies_in_place_and_the_order_is_kept() {
        let mut few = Few::new();
        assert!(few.is_empty());
        few.push(1);
        assert!(matches!(few, Few::One(1)));
        few.extend([2, 3]);
        assert_eq!((few.as_slice(), few.len()), (&[1, 2, 3][..], 3));
        few.truncate(1);
        assert_eq!(few, Few::One(1));
        few.push(4);
        assert_eq!(few.as_slice(), [1, 4]);
        few.truncate(0);
        assert_eq!(few, Few::default());
    }

    #[test]
    fn one_that_is_taken_back_leaves_none() {
        let mut few = Few::One(1);
        few.truncate(1);
        assert_eq!(few.len(), 1);
        few.truncate(0);
        assert!(few.is_empty());
    }

    #[test]
    fn a_list_of_one_is_one() {
        assert!(matches!(Few::from(vec![1]), Few::One(1)));
        assert_eq!(Few::from(vec![1, 2]).as_slice(), [1, 2]);
        assert!(Few::from(Vec::<u8>::new()).is_empty());
    }
}
