//! The files of the UI in memory.

use std::{
    collections::HashMap,
    fs,
    hash::{DefaultHasher, Hasher as _},
    io,
    path::{Component, Path},
};

use bytes::Bytes;
use include_dir::Dir;

use super::UiError;

/// By path, with slashes, from the folder on.
#[derive(Clone, Default)]
pub(super) struct Files(HashMap<String, File>);

/// One file, with what is said of it.
#[derive(Clone)]
pub(super) struct File {
    pub(super) content: Bytes,
    pub(super) kind: String,
    pub(super) tag: String,
}

impl File {
    pub(super) fn new(content: Bytes, kind: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(&content);
        let tag = format!("\"{:016x}-{:x}\"", hasher.finish(), content.len());
        Self { content, kind: kind.to_owned(), tag }
    }

    fn named(name: &str, content: Bytes) -> Self {
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let text = kind.type_() == "text" && kind.get_param("charset").is_none();
        let kind = if text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
        Self::new(content, &kind)
    }
}

impl Files {
    pub(super) fn read(folder: &Path) -> Result<Self, UiError> {
        let mut files = Self::default();
        files.collect(folder, folder, "", &mut MOST_BYTES.clone())?;
        Ok(files)
    }

    pub(super) fn embedded(folder: &'static Dir<'static>) -> Self {
        let mut files = Self::default();
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                if let Some(name) = slashed(file.path())
                    && is_served(&name)
                {
                    files.insert(&name, File::named(&name, Bytes::from_static(file.contents())));
                }
            }
        }
        files
    }

    /// The style sheet of the icons and its fonts. `false`: they are not there.
    pub(super) fn add_icons(&mut self, folder: &Path) -> Result<bool, UiError> {
        let mut room = MOST_BYTES;
        let sheet = folder.join("css/materialdesignicons.min.css");
        if !sheet.is_file() {
            return Ok(false);
        }
        self.insert(ICON_SHEET, File::named(ICON_SHEET, read(&sheet, &mut room)?));
        self.collect(&folder.join("fonts"), folder, "icons/", &mut room)?;
        Ok(true)
    }

    fn collect(&mut self, folder: &Path, root: &Path, prefix: &str, room: &mut u64) -> Result<(), UiError> {
        let entries = fs::read_dir(folder).map_err(|source| failed(folder, source))?;
        for entry in entries {
            let path = entry.map_err(|source| failed(folder, source))?.path();
            let metadata = fs::metadata(&path).map_err(|source| failed(&path, source))?;
            let Some(name) = path.strip_prefix(root).ok().and_then(slashed) else { continue };
            if metadata.is_dir() {
                self.collect(&path, root, prefix, room)?;
            } else if metadata.is_file() && is_served(&name) {
                if self.0.len() >= MOST_FILES {
                    return Err(UiError::TooMuch(root.display().to_string()));
                }
                let name = format!("{prefix}{name}");
                self.insert(&name, File::named(&name, read(&path, room)?));
            }
        }
        Ok(())
    }

    pub(super) fn insert(&mut self, name: &str, file: File) {
        self.0.insert(name.to_owned(), file);
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Bytes> {
        self.0.remove(name).map(|file| file.content)
    }

    pub(super) fn find(&self, name: &str) -> Option<&File> {
        self.0.get(name)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Source maps are for those who work on the UI, and are more than twice its size.
fn is_served(name: &str) -> bool {
    Path::new(name).extension().is_none_or(|extension| extension != "map") && !name.starts_with('.')
}

fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    parts.map(|parts| parts.join("/"))
}

fn read(path: &Path, room: &mut u64) -> Result<Bytes, UiError> {
    let length = fs::metadata(path).map_err(|source| failed(path, source))?.len();
    *room = room.checked_sub(length).ok_or_else(|| UiError::TooMuch(path.display().to_string()))?;
    fs::read(path).map(Bytes::from).map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: io::Error) -> UiError {
    UiError::Read { path: path.display().to_string(), source }
}

/// Where the style sheet of the icons is served; its fonts lie beside its folder, as in the package.
pub(super) const ICON_SHEET: &str = "icons/css/materialdesignicons.min.css";

/// The UI has 1.3 MB in 8 files, the icons 4 MB in 5.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
const MOST_FILES: usize = 1000;
