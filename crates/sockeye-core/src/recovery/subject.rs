//! Whom a session belongs to.

/// Whom a session belongs to, for connection state recovery: left by an admission among its values, as
/// `Extension(Subject(user.id))`.
///
/// A stored session is restored only for the subject it was stored for; for anybody else it is a new session, as if its
/// secret had not been shown. Without a subject the secret alone decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(pub String);

impl<T: Into<String>> From<T> for Subject {
    fn from(name: T) -> Self {
        Self(name.into())
    }
}
