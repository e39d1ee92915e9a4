//! The official web UI, served from a folder or from the program itself, complete without any other server.

mod files;
mod page;
mod serve;

use std::{fmt, path::Path, sync::Arc};

use include_dir::Dir;
use mime_guess::mime;

use self::files::{File, Files};
pub use self::serve::UiFuture;

/// The UI as a tower service, to be mounted at any sub-path: all its links are relative.
///
/// ```no_run
/// use axum::Router;
///
/// # fn routes() -> Result<Router, sockeye_admin::UiError> {
/// let ui = sockeye_admin::ui_from_dir("node_modules/@socket.io/admin-ui/ui/dist")?;
/// let app = Router::new().nest_service("/admin", ui);
/// # Ok(app)
/// # }
/// ```
/// A request for `/admin` is sent on to `/admin/`.
///
/// Files are read once, here. The page loads two style sheets from other servers (Roboto from Google, icons from
/// jsDelivr): these links are taken out when it is served, so that nobody else learns who looks at your server, and the UI
/// works without the internet. Buttons lose their icons by that, unless [`icons_from_dir`](Self::icons_from_dir) has them.
///
/// Every answer has an `ETag` and a `Content-Security-Policy` by which the page runs nothing but its own scripts and talks to
/// nobody but the server it came from and those that [`connect_to`](Self::connect_to) adds. The service itself is open to
/// whoever reaches it: there is nothing in it that npm does not have.
#[derive(Clone)]
pub struct Ui {
    files: Arc<Files>,
    policy: Policy,
}

/// The UI from a folder, such as `node_modules/@socket.io/admin-ui/ui/dist`.
///
/// # Errors
/// When the folder has no `index.html`, or something in it cannot be read.
pub fn ui_from_dir(folder: impl AsRef<Path>) -> Result<Ui, UiError> {
    let folder = folder.as_ref();
    Ui::new(Files::read(folder)?).ok_or_else(|| UiError::NoPage(folder.display().to_string()))
}

/// The UI from files that are part of the program, see [`embed_ui!`](crate::embed_ui).
///
/// # Errors
/// When there is no `index.html` among them.
pub fn ui_embedded(folder: &'static Dir<'static>) -> Result<Ui, UiError> {
    Ui::new(Files::embedded(folder)).ok_or_else(|| UiError::NoPage("what was embedded".to_owned()))
}

/// Embeds the folder of the UI into the program when it is compiled; the path must be absolute, or begin with
/// `$CARGO_MANIFEST_DIR`. The same as [`ui_from_dir`] gives, and as its result.
///
/// ```
/// # fn ui() -> Result<sockeye_admin::Ui, sockeye_admin::UiError> {
/// // In your crate "$CARGO_MANIFEST_DIR/node_modules/@socket.io/admin-ui/ui/dist".
/// let ui = sockeye_admin::embed_ui!("$CARGO_MANIFEST_DIR/tests/page")?;
/// # Ok(ui)
/// # }
/// ```
/// About 1.3 MB; with its source maps, which are never served, another 3.4 MB. The UI is under the MIT licence, and so are
/// most of the libraries in it (Vue, Vuetify, Chart.js, lodash): a program that carries it must carry their notices.
#[macro_export]
macro_rules! embed_ui {
    ($folder:tt) => {{
        use $crate::__private::include_dir;
        static UI: include_dir::Dir<'static> = include_dir::include_dir!($folder);
        $crate::ui_embedded(&UI)
    }};
}

impl Ui {
    fn new(mut files: Files) -> Option<Self> {
        let index = files.take(INDEX)?;
        let page = page::without_foreign_links(&String::from_utf8_lossy(&index), None);
        files.insert(INDEX, File::new(page.into_bytes().into(), mime::TEXT_HTML_UTF_8.as_ref()));
        Some(Self { files: Arc::new(files), policy: Policy::default() })
    }

    /// Adds the icons, from the folder of the npm package `@mdi/font`.
    ///
    /// # Errors
    /// When the folder has no `css/materialdesignicons.min.css`, or something in it cannot be read.
    pub fn icons_from_dir(self, folder: impl AsRef<Path>) -> Result<Self, UiError> {
        let folder = folder.as_ref();
        let mut files = (*self.files).clone();
        let found = files.add_icons(folder)?;
        if !found {
            return Err(UiError::NoIcons(folder.display().to_string()));
        }
        if let Some(index) = files.take(INDEX) {
            let page = page::without_foreign_links(&String::from_utf8_lossy(&index), Some(files::ICON_SHEET));
            files.insert(INDEX, File::new(page.into_bytes().into(), mime::TEXT_HTML_UTF_8.as_ref()));
        }
        Ok(Self { files: Arc::new(files), policy: self.policy })
    }

    /// Lets the page talk to a server of another origin too, such as `https://chat.example.org`.
    #[must_use]
    pub fn connect_to(mut self, origin: impl AsRef<str>) -> Self {
        self.policy.add(origin.as_ref());
        self
    }
}

/// Why there is no UI to serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UiError {
    /// No `index.html`.
    #[error("there is no index.html in {0}: is @socket.io/admin-ui installed?")]
    NoPage(String),
    /// No icons.
    #[error("there is no css/materialdesignicons.min.css in {0}: is @mdi/font installed?")]
    NoIcons(String),
    /// More than 64 MiB or 1,000 files.
    #[error("{0} is no folder of the UI: it holds too much")]
    TooMuch(String),
    /// A file or folder could not be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// Which one.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
}

/// What the page may do.
#[derive(Clone)]
struct Policy {
    connect: String,
}

impl Policy {
    fn add(&mut self, origin: &str) {
        // Whatever could end the directive is no part of an origin.
        let ends = |it: char| !it.is_ascii_graphic() || matches!(it, ';' | ',' | '\'');
        let origin = origin.split(ends).next().unwrap_or_default();
        self.connect.push(' ');
        self.connect.push_str(origin);
        // A websocket of that origin has a scheme of its own.
        if let Some(host) = origin.strip_prefix("http") {
            self.connect.push_str(" ws");
            self.connect.push_str(host);
        }
    }

    fn text(&self) -> String {
        // Vuetify writes its theme into the document.
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
             connect-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            self.connect
        )
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { connect: "'self'".to_owned() }
    }
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ui").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

const INDEX: &str = "index.html";
