//! Versions of programs and of the Engine API.

use std::fmt;

/// A version of the client or the engine, as far as it matters: `28.2`, `18.03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

/// A version of the Engine API: `1.44`.
pub type ApiVersion = Version;

impl Version {
    /// The oldest client that Azure Container Registry is documented to work with.
    pub const OLDEST_CLIENT: Self = Self { major: 18, minor: 3 };

    /// The first client that reads `DOCKER_AUTH_CONFIG`.
    pub const READS_AUTH_CONFIG: Self = Self { major: 28, minor: 3 };

    /// Reads the first two numbers of a text such as `18.03.1-ce` or `v1.44`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().trim_start_matches('v').split('.');
        let major = leading_number(parts.next()?)?;
        let minor = leading_number(parts.next()?)?;
        Some(Self { major, minor })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_as_docker_writes_them() {
        let parsed = |text| Version::parse(text).map(|version| (version.major, version.minor));
        assert_eq!(parsed("28.2.2"), Some((28, 2)));
        assert_eq!(parsed("18.03.1-ce"), Some((18, 3)));
        assert_eq!(parsed("20.10.24+dfsg1"), Some((20, 10)));
        assert_eq!(parsed("v1.44"), Some((1, 44)));
        assert_eq!(parsed("1.44-rc1"), Some((1, 44)));
        for nonsense in ["", "28", "dev", ".1", "1.", "99999999999.1", "master-dockerproject"] {
            assert_eq!(parsed(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_minor_version_is_a_number_not_a_fraction() {
        assert!(Version::parse("1.9") < Version::parse("1.44"));
        assert!(Version::parse("17.12.1-ce").unwrap() < Version::OLDEST_CLIENT);
        assert!(Version::parse("18.03.0-ce").unwrap() >= Version::OLDEST_CLIENT);
    }
}
