//! Why there are no client files.

use std::{
    error, fmt, io,
    path::{Path, PathBuf},
};

/// The client's files could not be had. The text says what to do.
#[non_exhaustive]
pub struct ClientFilesError {
    path: PathBuf,
    /// `None`: the folder has none of the files.
    source: Option<io::Error>,
}

impl ClientFilesError {
    pub(super) fn missing(folder: &Path) -> Self {
        Self { path: folder.to_owned(), source: None }
    }

    pub(super) const fn unreadable(path: PathBuf, source: io::Error) -> Self {
        Self { path, source: Some(source) }
    }
}

impl fmt::Display for ClientFilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.source {
            Some(_) => write!(f, "{path} cannot be read"),
            None => write!(
                f,
                "the client's files are not in {path}: `npm install socket.io-client` puts them into \
                 node_modules/socket.io-client/dist"
            ),
        }
    }
}

/// As its text: this is what a program prints whose `main` returns it.
impl fmt::Debug for ClientFilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
    }
}

impl error::Error for ClientFilesError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl From<ClientFilesError> for io::Error {
    fn from(error: ClientFilesError) -> Self {
        let kind = error.source.as_ref().map_or(io::ErrorKind::NotFound, Self::kind);
        Self::new(kind, error)
    }
}
