//! The texts of `images-from`: Kubernetes manifests, Compose files and Helm output, unparsed.

use super::files::Files;
use super::given::{Given, UnreadableFile};
use std::path::{Path, PathBuf};

/// A text that names images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its path, or `-`.
    pub origin: String,
    /// YAML or JSON, perhaps several documents.
    pub text: String,
}

/// What was read, and what could not be.
#[derive(Debug, Clone, Default)]
pub struct Manifests {
    /// The texts, in the order of their paths.
    pub texts: Vec<Manifest>,
    /// Paths that were named in vain.
    pub unreadable: Vec<UnreadableFile>,
}

/// More files than any deploy has; a folder named by mistake must not hold the run.
const FILES: usize = 2_000;

/// The deepest folder that is looked into, which also ends a circle of links.
const DEPTH: usize = 12;

impl Manifests {
    /// Reads every file and folder of the list.
    pub(super) fn read(given: Option<&Given>, files: &dyn Files) -> Self {
        let mut manifests = Self::default();
        let Some(given) = given else { return manifests };
        for entry in given.text().split(['\n', ',']).map(str::trim).filter(|entry| !entry.is_empty()) {
            let mut paths = Vec::new();
            if entry == "-" || !gather(Path::new(entry), files, DEPTH, &mut paths) {
                paths = vec![PathBuf::from(entry)];
            }
            for path in paths {
                let origin = path.to_string_lossy().into_owned();
                match files.read(&path) {
                    Ok(bytes) => {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        manifests.texts.push(Manifest { origin, text });
                    }
                    Err(error) => {
                        let unreadable = UnreadableFile::new(given.source.clone(), &origin, &error);
                        manifests.unreadable.push(unreadable);
                    }
                }
            }
        }
        manifests
    }
}

/// Collects the manifests below a folder; false where the path is none.
fn gather(path: &Path, files: &dyn Files, depth: usize, found: &mut Vec<PathBuf>) -> bool {
    let Ok(entries) = files.list(path) else { return false };
    for entry in entries {
        // Kubernetes mounts a ConfigMap as links into a hidden folder beside them.
        let is_hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden || found.len() >= FILES || (depth > 0 && gather(&entry, files, depth - 1, found)) {
            continue;
        }
        let extension = entry.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        if extension.is_some_and(|extension| ["yaml", "yml", "json"].contains(&extension.as_str())) {
            found.push(entry);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::files::Shelf;
    use crate::inputs::given::Source;
    use crate::secret::Secret;

    fn read(list: &str, files: &[(&str, &str)]) -> Manifests {
        let given = Given { value: Secret::new(list), source: Source::Option("images-from") };
        Manifests::read(Some(&given), &files.iter().copied().collect::<Shelf>())
    }

    #[test]
    fn files_and_folders_are_read_in_order() {
        let files =
            [("/k/b.yml", "b"), ("/k/a.yaml", "a"), ("/k/README.md", "no"), ("/k/..data/a.yaml", "twice"), ("/x", "x")];
        let origins: Vec<String> = read("/k, /x", &files).texts.into_iter().map(|manifest| manifest.origin).collect();
        assert_eq!(origins, ["/k/a.yaml", "/k/b.yml", "/x"]);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named() {
        assert_eq!(read("/gone", &[]).unreadable[0].path, "/gone");
    }
}
