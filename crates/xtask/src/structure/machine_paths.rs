//! No file names a place on one person's machine.

use crate::root::Root;

/// Top folders under which people keep their things; written without slashes, so that this file passes.
const HOMES: [&str; 4] = ["home", "root", "work", "Users"];

pub(super) fn faults(root: &Root) -> Vec<String> {
    let own = root.path().to_string_lossy().into_owned();
    let mut faults = Vec::new();
    for file in root.files() {
        let Some(text) = root.text(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            if line.contains(&own) || HOMES.iter().any(|home| names_home(line, home)) {
                faults.push(format!("{}:{}: a path of one machine", file.display(), number + 1));
            }
        }
    }
    faults
}

/// Whether a path below `home` begins in the line; the tail of an address does not count.
fn names_home(line: &str, home: &str) -> bool {
    let path = format!("/{home}/");
    line.match_indices(&path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + path.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(|it| it.is_alphanumeric() || "./:_-}".contains(it))
            && after.is_some_and(|it| it.is_ascii_lowercase() || it == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::names_home;

    #[test]
    fn a_path_is_told_from_the_tail_of_an_address() {
        let path = format!("open {}", ["", "home", "ada"].join("/"));
        assert!(names_home(&path, "home"));
        assert!(!names_home("https://example.com/home/ada", "home"));
        assert!(!names_home("see docs/home/index", "home"));
    }
}
