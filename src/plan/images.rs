//! Image references by the grammar of the distribution project.

/// A repository of the registry with an optional tag or digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    /// The repository, `team/app`.
    pub repository: String,
    /// A tag or digest, where one was given.
    pub reference: Option<Reference>,
}

/// What follows the repository's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `:1.0`
    Tag(String),
    /// `@sha256:…`
    Digest(String),
}

impl Reference {
    /// The text that stands in a URL.
    pub fn text(&self) -> &str {
        match self {
            Self::Tag(text) | Self::Digest(text) => text,
        }
    }
}

impl std::fmt::Display for ImageReference {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.repository)?;
        match &self.reference {
            Some(Reference::Tag(tag)) => write!(out, ":{tag}"),
            Some(Reference::Digest(digest)) => write!(out, "@{digest}"),
            None => Ok(()),
        }
    }
}

/// An image as it was written, with the registry where one stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenImage {
    pub(super) host: Option<String>,
    pub(super) image: ImageReference,
}

/// Why a text is no image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadImage {
    pub(super) reason: String,
    pub(super) suggestion: Option<String>,
}

impl BadImage {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), suggestion: None }
    }
}

/// Parses a reference: `[host/]repository[:tag][@digest]`.
pub(super) fn parse(text: &str) -> Result<WrittenImage, BadImage> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let reason = format!("it begins with a scheme ({scheme}://)");
        return Err(BadImage { reason, suggestion: Some(rest.to_owned()) });
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest_of(digest)?)),
        None => (text, None),
    };
    // A colon before the last slash belongs to a port.
    let (name, tag) = match rest.rfind(':').filter(|colon| !rest[*colon..].contains('/')) {
        Some(colon) => (&rest[..colon], Some(tag_of(&rest[colon + 1..])?)),
        None => (rest, None),
    };
    let (host, repository) = match name.split_once('/') {
        Some((first, rest)) if is_host(first) => (Some(first.to_owned()), rest),
        _ => (None, name),
    };
    check_repository(repository, text)?;
    // A digest names one manifest, whatever the tag says.
    let reference = digest.map(Reference::Digest).or(tag.map(Reference::Tag));
    Ok(WrittenImage { host, image: ImageReference { repository: repository.to_owned(), reference } })
}

/// The first part is a host when it has a dot or a port or is `localhost`. Docker takes upper-case letters for a sign
/// of a host too, but who writes `Team/App` means a repository.
fn is_host(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost"
}

fn digest_of(text: &str) -> Result<String, BadImage> {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    match text.split_once(':') {
        Some(("sha256", digits)) if digits.len() == 64 && hex(digits) => Ok(text.to_owned()),
        Some(("sha512", digits)) if digits.len() == 128 && hex(digits) => Ok(text.to_owned()),
        Some(("sha256", digits)) => Err(BadImage::new(format!(
            "a sha256 digest has 64 digits of 0-9 and a-f, and this one has {}",
            digits.len()
        ))),
        _ => Err(BadImage::new("what follows the @ is not a digest such as sha256:…")),
    }
}

fn tag_of(text: &str) -> Result<String, BadImage> {
    if text.is_empty() {
        return Err(BadImage::new("the tag is empty; a variable behind it has no value"));
    }
    if let Some(reason) = placeholder_in(text) {
        return Err(BadImage::new(reason));
    }
    if text.len() > 128 {
        return Err(BadImage::new(format!("a tag has at most 128 characters, and this one has {}", text.len())));
    }
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if let Some(letter) = text.chars().find(|letter| !fits(*letter)) {
        return Err(BadImage::new(format!("a tag has letters, digits and . _ - only, and this one has {letter:?}")));
    }
    if text.starts_with(['.', '-']) {
        return Err(BadImage::new("a tag does not begin with . or -"));
    }
    Ok(text.to_owned())
}

fn check_repository(repository: &str, whole: &str) -> Result<(), BadImage> {
    if repository.is_empty() {
        return Err(BadImage::new("there is no repository in it"));
    }
    if let Some(reason) = placeholder_in(repository) {
        return Err(BadImage::new(reason));
    }
    if repository.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let suggestion = Some(whole.replacen(repository, &repository.to_ascii_lowercase(), 1));
        return Err(BadImage { reason: "a repository has no upper-case letters".to_owned(), suggestion });
    }
    if repository.len() > 255 {
        return Err(BadImage::new(format!(
            "a repository has at most 255 characters, and this one has {}",
            repository.len()
        )));
    }
    for part in repository.split('/') {
        if part.is_empty() {
            return Err(BadImage::new("a part between slashes is empty; a variable behind it has no value"));
        }
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
        if let Some(letter) = part.chars().find(|letter| !fits(*letter)) {
            let rule = "a repository has lower-case letters, digits and . _ - / only";
            return Err(BadImage::new(format!("{rule}, and this one has {letter:?}")));
        }
        if !has_single_separators(part) {
            return Err(BadImage::new(format!(
                "in \"{part}\" a separator begins, ends or follows another (only __ and -- may double)"
            )));
        }
    }
    Ok(())
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn has_single_separators(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric();
    let bytes = part.as_bytes();
    let separators = bytes.split(|byte| is_word(*byte)).filter(|separator| !separator.is_empty());
    let allowed = |separator: &[u8]| {
        separator == b"." || separator == b"_" || separator == b"__" || separator.iter().all(|byte| *byte == b'-')
    };
    bytes.first().copied().is_some_and(is_word)
        && bytes.last().copied().is_some_and(is_word)
        && separators.into_iter().all(allowed)
}

/// Text that a CI system or shell would have replaced, had the name been known to it.
fn placeholder_in(text: &str) -> Option<String> {
    let open = ["${{", "$(", "${", "{{", "$"].into_iter().find(|open| text.contains(open))?;
    Some(format!("{open}… was not replaced: nothing of that name exists where the reference is written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(text: &str) -> (Option<String>, String, Option<Reference>) {
        let written = parse(text).unwrap_or_else(|bad| panic!("{text}: {}", bad.reason));
        (written.host, written.image.repository, written.image.reference)
    }

    #[test]
    fn references_are_read_as_docker_reads_them() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let tag = |tag: &str| Some(Reference::Tag(tag.to_owned()));
        let host = |host: &str| Some(host.to_owned());
        assert_eq!(image("app"), (None, "app".to_owned(), None));
        assert_eq!(image("team/app:1.0"), (None, "team/app".to_owned(), tag("1.0")));
        assert_eq!(
            image("contosoacr.azurecr.io/team/app:1.0"),
            (host("contosoacr.azurecr.io"), "team/app".to_owned(), tag("1.0"))
        );
        assert_eq!(image("localhost:5000/app"), (host("localhost:5000"), "app".to_owned(), None));
        let expected = (None, "team/app".to_owned(), Some(Reference::Digest(digest.clone())));
        assert_eq!(image(&format!("team/app@{digest}")), expected);
        assert_eq!(image(&format!("team/app:1.0@{digest}")), expected);
        for text in ["a__b", "a--b", "a/b.c_d-e", "0/1"] {
            assert_eq!(image(text).1, text);
        }
    }

    #[test]
    fn what_breaks_the_grammar_is_refused() {
        for text in [
            "",
            "/",
            "team//app",
            "/team",
            "team/",
            "-app",
            "app-",
            "a___b",
            "a..b",
            "team app",
            "app:",
            "app:-1",
            "app:a b",
            "app:$(Build.BuildId)",
            "app:${{ github.sha }}",
            "app@",
            "app@sha256:12",
            "app@1.0",
            "https://x.azurecr.io/a",
            "contosoacr.azurecr.io/",
            "äpp",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&format!("app:{}", "a".repeat(129))).is_err());
        assert!(parse(&"a".repeat(256)).is_err());
    }

    #[test]
    fn upper_case_is_named_with_the_lower_case_form() {
        let bad = parse("contosoacr.azurecr.io/Team/App:1.0").unwrap_err();
        assert_eq!(bad.suggestion.as_deref(), Some("contosoacr.azurecr.io/team/app:1.0"));
    }
}
