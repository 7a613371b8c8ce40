//! The files that options and environment name, read within bounds.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest file that is read: CA bundles and event payloads stay far below.
const FILE_LIMIT: u64 = 16 * 1024 * 1024;

/// A place where files are looked up: the disk, or a shelf that a test filled.
pub trait Files {
    /// The content of a file; `-` is standard input.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The files and folders that lie in a folder, sorted.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// There is something at this path.
    fn exists(&self, path: &Path) -> bool;
}

/// The file system of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == Path::new("-") {
            return bounded(io::stdin().lock());
        }
        // A named pipe that nobody writes to would hold the run for ever; those that a shell hands over are written to.
        let handed_over = path.starts_with("/dev") || path.starts_with("/proc/self/fd");
        if !handed_over && !fs::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        bounded(fs::File::open(path)?)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
}

fn bounded(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 16 MiB"));
    }
    Ok(bytes)
}

/// Files that exist in memory only, for tests.
#[derive(Debug, Clone, Default)]
pub struct Shelf(BTreeMap<PathBuf, Vec<u8>>);

impl<Name: Into<PathBuf>, Content: Into<Vec<u8>>> FromIterator<(Name, Content)> for Shelf {
    fn from_iter<Pairs: IntoIterator<Item = (Name, Content)>>(pairs: Pairs) -> Self {
        Self(pairs.into_iter().map(|(path, content)| (path.into(), content.into())).collect())
    }
}

impl Files for Shelf {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let inside: Vec<_> = self.0.keys().filter(|path| path.parent() == Some(folder)).cloned().collect();
        if inside.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(inside) }
    }

    fn exists(&self, path: &Path) -> bool {
        self.0.keys().any(|known| known.starts_with(path))
    }
}

#[cfg(test)]
mod tests {
    use super::{Disk, Files};
    use std::path::Path;

    #[test]
    fn an_endless_file_is_refused() {
        let refusal = Disk.read(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(refusal.to_string(), "larger than 16 MiB");
    }

    #[test]
    fn a_folder_is_no_file() {
        assert!(Disk.read(Path::new("/tmp")).is_err());
    }
}
