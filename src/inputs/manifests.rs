//! The texts of `images-from`: Kubernetes manifests, Compose files and Helm output, unparsed.

use super::files::Files;
use super::given::{Given, UnreadableFile};
use std::io;
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

/// More files than any deploy has, and more letters; a folder named by mistake must not hold the run.
const FILES: usize = 2_000;
const BYTES: usize = 64 * 1024 * 1024;

/// The deepest folder that is looked into, which also ends a circle of links.
const DEPTH: usize = 12;

impl Manifests {
    /// Reads every file and folder of the list.
    pub(super) fn read(given: Option<&Given>, files: &dyn Files) -> Self {
        let mut manifests = Self::default();
        let Some(given) = given else { return manifests };
        let mut refuse = |path: &Path, error: &io::Error| {
            manifests.unreadable.push(UnreadableFile::new(given.source.clone(), &path.to_string_lossy(), error));
        };
        let mut bytes = 0;
        for entry in given.text().split(['\n', ',']).map(str::trim).filter(|entry| !entry.is_empty()) {
            let entry = Path::new(entry);
            let mut folder = Folder::default();
            if entry == Path::new("-") || !folder.gather(entry, files, DEPTH) {
                folder.manifests = vec![entry.to_path_buf()];
            }
            if let Some(reason) = folder.left_out {
                refuse(entry, &io::Error::other(reason));
            }
            for path in folder.manifests {
                match files.read(&path) {
                    Ok(content) if bytes + content.len() > BYTES => {
                        refuse(&path, &io::Error::other("with the others it holds more than 64 MiB"));
                    }
                    Ok(content) => {
                        bytes += content.len();
                        let text = String::from_utf8_lossy(&content).into_owned();
                        manifests.texts.push(Manifest { origin: path.to_string_lossy().into_owned(), text });
                    }
                    Err(error) => refuse(&path, &error),
                }
            }
        }
        manifests
    }
}

/// What lies in a folder and below.
#[derive(Default)]
struct Folder {
    manifests: Vec<PathBuf>,
    /// Why some of it was not looked at.
    left_out: Option<&'static str>,
}

impl Folder {
    /// Collects the manifests below a folder; false where the path is none.
    fn gather(&mut self, path: &Path, files: &dyn Files, depth: usize) -> bool {
        let Ok(entries) = files.list(path) else { return false };
        for entry in entries {
            // Kubernetes mounts a ConfigMap as links into a hidden folder beside them.
            if entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            let extension = entry.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
            if extension.is_some_and(|extension| ["yaml", "yml", "json"].contains(&extension.as_str())) {
                if self.manifests.len() == FILES {
                    self.left_out = Some("it holds more than 2000 manifests");
                    break;
                }
                self.manifests.push(entry);
            } else if depth > 0 {
                self.gather(&entry, files, depth - 1);
            } else if files.list(&entry).is_ok() {
                self.left_out = Some("it holds folders more than 12 deep");
            }
        }
        true
    }
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
    fn what_is_too_much_is_named() {
        let many: Vec<String> = (0..=FILES).map(|number| format!("/k/{number}.yaml")).collect();
        let many = read("/k", &many.iter().map(|path| (path.as_str(), "a")).collect::<Vec<_>>());
        assert_eq!((many.texts.len(), many.unreadable[0].why.as_str()), (FILES, "it holds more than 2000 manifests"));
        let long = "a".repeat(BYTES / 2);
        let long = read("/k", &[("/k/a.yaml", &long), ("/k/b.yaml", &long), ("/k/c.yaml", "c")]);
        assert_eq!((long.texts.len(), long.unreadable[0].path.as_str()), (2, "/k/c.yaml"));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named() {
        assert_eq!(read("/gone", &[]).unreadable[0].path, "/gone");
    }
}
