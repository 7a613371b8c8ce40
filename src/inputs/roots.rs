//! Extra root certificates: bundles that `ca-certificates`, `SSL_CERT_FILE` and `SSL_CERT_DIR` name.

use super::environment::Environment;
use super::files::Files;
use super::given::{Source, UnreadableFile};
use super::table;
use std::collections::BTreeMap;
use std::path::Path;

/// Extra root certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootBundle {
    /// The path or input it came from.
    pub origin: String,
    /// PEM text.
    pub pem: String,
}

/// What was read, and what could not be.
#[derive(Debug, Clone, Default)]
pub struct Roots {
    /// Bundles of PEM text.
    pub bundles: Vec<RootBundle>,
    /// Files and folders that were named in vain.
    pub unreadable: Vec<UnreadableFile>,
    /// Files that hold no PEM certificate, with what named them.
    pub without_certificate: Vec<(Source, String)>,
}

impl Roots {
    /// Reads every bundle named. They add up: a trusted root more cannot make a build's own trust smaller.
    pub(super) fn of(options: &BTreeMap<&'static str, String>, environment: &Environment, files: &dyn Files) -> Self {
        let mut roots = Self::default();
        if let Some(given) = super::given::explicit(&table::CA_CERTIFICATES, options, environment) {
            roots.read(&given.0, given.1, files);
        }
        for variable in table::CA_CERTIFICATES.variables {
            let Some(text) = environment.get(variable) else { continue };
            // OpenSSL takes several folders with colons between them.
            let paths = text.split(':').filter(|path| *variable == "SSL_CERT_DIR" && !path.is_empty());
            let whole = [text].into_iter().filter(|_| *variable != "SSL_CERT_DIR");
            for path in whole.chain(paths) {
                roots.read(&Source::Platform(variable), path, files);
            }
        }
        roots
    }

    fn read(&mut self, source: &Source, text: &str, files: &dyn Files) {
        if text.contains("-----BEGIN") {
            self.bundles.push(RootBundle { origin: source.to_string(), pem: text.to_owned() });
            return;
        }
        let path = text.trim();
        if let Ok(paths) = files.list(Path::new(path)) {
            // A folder holds other things too, which are nobody's fault.
            let bundles = paths.iter().filter_map(|path| Some((path, files.read(path).ok()?)));
            self.bundles.extend(bundles.filter_map(|(path, bytes)| bundle(&path.to_string_lossy(), &bytes)));
            return;
        }
        match files.read(Path::new(path)) {
            Ok(bytes) => match bundle(path, &bytes) {
                Some(bundle) => self.bundles.push(bundle),
                None => self.without_certificate.push((source.clone(), path.to_owned())),
            },
            Err(error) => self.unreadable.push(UnreadableFile::new(source.clone(), path, &error)),
        }
    }
}

fn bundle(origin: &str, bytes: &[u8]) -> Option<RootBundle> {
    let pem = String::from_utf8_lossy(bytes);
    pem.contains("-----BEGIN").then(|| RootBundle { origin: origin.to_owned(), pem: pem.into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::files::Shelf;

    const PEM: &str = "-----BEGIN CERTIFICATE-----\n";

    fn roots(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Roots {
        let files: Shelf = files.iter().map(|(path, text)| (*path, *text)).collect();
        Roots::of(&BTreeMap::new(), &variables.iter().copied().collect(), &files)
    }

    #[test]
    fn file_folder_and_text_add_up() {
        let variables = [
            ("SSL_CERT_FILE", "/a.pem"),
            ("SSL_CERT_DIR", "/certs:/more"),
            ("INPUT_CA-CERTIFICATES", "-----BEGIN CERTIFICATE-----"),
        ];
        let found =
            roots(&variables, &[("/a.pem", PEM), ("/certs/b.pem", PEM), ("/certs/README", "text"), ("/more/c", PEM)]);
        let origins: Vec<_> = found.bundles.iter().map(|bundle| bundle.origin.as_str()).collect();
        assert_eq!(origins, ["INPUT_CA-CERTIFICATES", "/a.pem", "/certs/b.pem", "/more/c"]);
    }

    #[test]
    fn a_file_that_is_not_there_or_holds_nothing_is_named() {
        let found = roots(&[("SSL_CERT_FILE", "/host/only.pem")], &[]);
        assert_eq!(found.unreadable[0].path, "/host/only.pem");
        let found = roots(&[("SSL_CERT_FILE", "/a.der")], &[("/a.der", "\u{30}\u{82}")]);
        assert_eq!(found.without_certificate[0].1, "/a.der");
    }
}
