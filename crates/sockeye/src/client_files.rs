//! The browser's client, served by the server itself.

mod error;
mod file;

use std::{collections::BTreeMap, fmt, fs, io, path::Path, sync::Arc, thread};

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header, request::Parts};

pub use self::error::ClientFilesError;
use self::file::File;

/// The files of npm's `socket.io-client`, to be served below the server's path: a page gets the client by
/// `<script src="/socket.io/socket.io.js">`, with the version that its server was built with.
///
/// sockeye has no copy of them. They come from a folder when the program starts ([`from_dir`](Self::from_dir)), or are
/// made part of it when it is compiled ([`client_files!`](crate::client_files!)).
///
/// Eight names are served, those of the client's `dist` folder: `socket.io.js`, `socket.io.min.js`,
/// `socket.io.esm.min.js`, `socket.io.msgpack.min.js`, and each with `.map`. Each is compressed (Brotli and gzip) once,
/// when this is made, which takes some tenths of a second in an optimized build; it has an `ETag` for each encoding, and is checked again by
/// browsers at every use (`max-age=0`). Any other name is a request to the engine like another.
///
/// ```no_run
/// use sockeye::{ClientFiles, Namespace, Sockeye};
///
/// # fn example() -> std::io::Result<()> {
/// let files = ClientFiles::from_dir("node_modules/socket.io-client/dist")?;
/// let sockeye = Sockeye::builder().client_files(files).namespace("/", Namespace::new()).build();
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ClientFiles {
    files: Arc<BTreeMap<&'static str, File>>,
}

impl ClientFiles {
    /// Reads the files of a folder: `node_modules/socket.io-client/dist`, or `client-dist` of npm's `socket.io`.
    ///
    /// Older clients do not have all of them; what is not there is not served.
    ///
    /// # Errors
    /// When none of them is there (the text says which npm command brings them), or one cannot be read.
    pub fn from_dir(folder: impl AsRef<Path>) -> Result<Self, ClientFilesError> {
        let folder = folder.as_ref();
        let mut found = Vec::new();
        for name in NAMES {
            match fs::read(folder.join(name)) {
                Ok(bytes) => found.push((name, bytes.into())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(ClientFilesError::unreadable(folder.join(name), error)),
            }
        }
        if found.is_empty() {
            return Err(ClientFilesError::missing(folder));
        }
        Ok(Self::new(found))
    }

    /// What [`client_files!`](crate::client_files!) calls.
    #[doc(hidden)]
    pub fn embedded(files: [&'static [u8]; 8]) -> Self {
        Self::new(NAMES.into_iter().zip(files.map(Bytes::from_static)).collect())
    }

    fn new(found: Vec<(&'static str, Bytes)>) -> Self {
        // Brotli takes its time.
        let files = thread::scope(|scope| {
            let compressing: Vec<_> = found
                .into_iter()
                .map(|(name, plain)| (name, scope.spawn(move || File::new(name, plain))))
                .collect();
            compressing.into_iter().filter_map(|(name, file)| Some((name, file.join().ok()?))).collect()
        });
        Self { files: Arc::new(files) }
    }

    /// Answers a request for one of the files; by the last segment of its path, for where the server is mounted is not
    /// known here.
    pub(crate) fn answer(&self, head: &Parts) -> Option<Response<Bytes>> {
        let (_, name) = head.uri.path().rsplit_once('/')?;
        let file = self.files.get(name)?;
        if head.method == Method::GET || head.method == Method::HEAD {
            return Some(file.answer(head));
        }
        let mut refusal = Response::new(Bytes::new());
        *refusal.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        Some(refusal)
    }
}

impl fmt::Debug for ClientFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientFiles").field(&self.files.keys()).finish()
    }
}

/// The names that the reference serves.
const NAMES: [&str; 8] = [
    "socket.io.js",
    "socket.io.js.map",
    "socket.io.min.js",
    "socket.io.min.js.map",
    "socket.io.esm.min.js",
    "socket.io.esm.min.js.map",
    "socket.io.msgpack.min.js",
    "socket.io.msgpack.min.js.map",
];

/// Makes the browser's client part of the program: [`ClientFiles`](crate::ClientFiles) of a folder beside the
/// `Cargo.toml` of the crate that calls it.
///
/// It does not compile while one of the eight files is missing: `npm install socket.io-client` brings them. Their
/// licence (MIT) asks for the notice that stands in them.
///
/// ```
/// # // A folder of stand-ins, for sockeye has no copy of the files.
/// let files = sockeye::client_files!("tests/fixtures/client"); // "node_modules/socket.io-client/dist"
/// # let sockeye = sockeye::Sockeye::builder::<()>();
/// let sockeye = sockeye.client_files(files).build();
/// ```
#[macro_export]
macro_rules! client_files {
    ($folder:literal) => {
        $crate::ClientFiles::embedded([
            $crate::client_files!(@file $folder, "/socket.io.js"),
            $crate::client_files!(@file $folder, "/socket.io.js.map"),
            $crate::client_files!(@file $folder, "/socket.io.min.js"),
            $crate::client_files!(@file $folder, "/socket.io.min.js.map"),
            $crate::client_files!(@file $folder, "/socket.io.esm.min.js"),
            $crate::client_files!(@file $folder, "/socket.io.esm.min.js.map"),
            $crate::client_files!(@file $folder, "/socket.io.msgpack.min.js"),
            $crate::client_files!(@file $folder, "/socket.io.msgpack.min.js.map"),
        ])
    };
    (@file $folder:literal, $name:literal) => {
        ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $folder, $name)).as_slice()
    };
}
