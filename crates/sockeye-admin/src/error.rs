//! Why there is no admin namespace.

use sockeye::AddNamespaceError;

/// The admin namespace was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// The password must be given as its bcrypt hash.
    #[error("the `password` field must be a valid bcrypt hash")]
    PasswordHash,
    /// Its name is taken, or none, or the server is gone.
    #[error("the namespace of the admin UI was not added: {0}")]
    Namespace(#[from] AddNamespaceError),
}
