//! Lines of a log with the secrets in them blotted out.

/// The longest excerpt, in letters.
const LONGEST: usize = 400;

/// How much of an excerpt stands before the place it is about.
const BEFORE: usize = 120;

/// A line around a place, redacted and cut.
pub(super) fn excerpt(line: &str, place: usize) -> String {
    // Secrets are blotted out before the cut: half a token is still half a secret.
    let (before, after) =
        (redacted(line.get(..place).unwrap_or(line)), redacted(line.get(place..).unwrap_or_default()));
    let whole = redacted(line);
    let start = if whole.starts_with(&before) && whole.len() == before.len() + after.len() {
        before.chars().count()
    } else {
        0
    };
    let letters: Vec<char> = whole.chars().collect();
    if letters.len() <= LONGEST {
        return whole.trim().to_owned();
    }
    let from = start.saturating_sub(BEFORE);
    let to = (from + LONGEST).min(letters.len());
    let cut: String = letters[from..to].iter().collect();
    let (head, tail) = (if from > 0 { "…" } else { "" }, if to < letters.len() { "…" } else { "" });
    format!("{head}{}{tail}", cut.trim())
}

/// What stands in place of a secret.
const BLOT: &str = "***";

/// Blots out what has the form of a secret, or the name of one before it.
pub(super) fn redacted(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut named = None;
    // The quote that was opened since the name.
    let mut quote = None;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_joint).unwrap_or(rest.len());
        let word = &rest[..end];
        let joint_len = rest[end..].chars().next().map_or(0, char::len_utf8);
        let joint = &rest[end..end + joint_len];
        if !word.is_empty() {
            let value = |kind| {
                let value = &rest[..end_of_value(&text[..text.len() - rest.len()], rest, quote)];
                is_value(kind, word, value).then_some(value.len())
            };
            if let Some(length) = named.and_then(value) {
                plain.push_str(BLOT);
                rest = &rest[length..];
                (named, quote) = (None, None);
                continue;
            }
            plain.push_str(if has_secret_form(word) { BLOT } else { word });
            quote = None;
            named = match named {
                // `Authorization: Bearer x`: the scheme is no secret, what follows is.
                Some(Kind::Any) if is_scheme(word) => Some(Kind::Any),
                _ => name_of_secret(word, joint, &rest[end..]),
            };
        }
        match joint.chars().next() {
            Some('\n') => named = None,
            // Nothing stood between the quotes.
            Some(letter) if quote == Some(letter) => (named, quote) = (None, None),
            Some('"' | '\'' | '`') if assigns(&plain) => quote = joint.chars().next(),
            _ => {}
        }
        plain.push_str(joint);
        rest = &rest[end + joint_len..];
    }
    without_user_info(&plain)
}

/// What the name before a value promises.
#[derive(Clone, Copy)]
enum Kind {
    /// Whatever follows is the secret.
    Any,
    /// A secret only if it does not look like a word of prose.
    Opaque,
}

fn is_joint(letter: char) -> bool {
    letter.is_whitespace() || "\"'`,;&?()[]{}<>=:|".contains(letter)
}

/// Whether a text ends where a value begins, and not with the name of one.
fn assigns(text: &str) -> bool {
    text.ends_with(|letter: char| letter.is_whitespace() || matches!(letter, '=' | ':'))
}

/// Where a value ends that may hold any sign: at its own quote, else at white space or the quote around all of it.
fn end_of_value(before: &str, text: &str, quote: Option<char>) -> usize {
    let is_open = |quote: char| before.matches(quote).count() % 2 == 1;
    let around = ['"', '`'].map(|quote| is_open(quote).then_some(quote));
    let ends = |letter: char| match quote {
        Some(quote) => letter == quote,
        None => letter.is_whitespace() || around.contains(&Some(letter)),
    };
    text.find(ends).unwrap_or(text.len())
}

fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Whether what follows a name is the secret, given its first word and all of it.
fn is_value(kind: Kind, word: &str, value: &str) -> bool {
    let masked = value.trim_end_matches(is_joint).chars().all(|letter| letter == '*');
    let has_digit = |text: &str| text.len() >= 8 && text.bytes().any(|byte| byte.is_ascii_digit());
    match kind {
        _ if masked || is_scheme(word) => false,
        Kind::Any => true,
        Kind::Opaque => has_digit(word) || word.len() >= 20 || has_digit(value) && !value.contains("://"),
    }
}

/// Names after which `=` or `:` brings a secret, and flags and schemes after which a space does.
fn name_of_secret(word: &str, joint: &str, behind: &str) -> Option<Kind> {
    const NAMES: &[&str] = &[
        "password",
        "passwd",
        "pwd",
        "secret",
        "client_secret",
        "clientsecret",
        "client-secret",
        "token",
        "access_token",
        "accesstoken",
        "refresh_token",
        "refreshtoken",
        "id_token",
        "idtoken",
        "identitytoken",
        "registrytoken",
        "client_assertion",
        "assertion",
        "auth",
        "authorization",
        "sig",
        "signature",
        "apikey",
        "api_key",
        "accountkey",
        "sharedaccesskey",
        "serviceprincipalkey",
        "private_key",
        "azure_client_secret",
        "hint",
    ];
    let name = word.trim_start_matches('-').to_ascii_lowercase();
    let name = name.rsplit(['.', '/']).next().unwrap_or_default();
    let known = NAMES.iter().any(|known| name == *known || known.len() > 5 && name.ends_with(known))
        || ["_password", "_secret", "_token", "_key", "-password", "-secret", "-token"]
            .iter()
            .any(|end| name.ends_with(end));
    let assigned = behind.trim_start_matches(['"', '\'', ' ']).starts_with(['=', ':']);
    let flag = word.starts_with('-') && joint == " ";
    let short_flag = matches!(word, "-p") && joint == " ";
    if word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic") {
        return Some(Kind::Opaque);
    }
    if known && assigned && name != "auth" || short_flag {
        return Some(if behind.starts_with(": ") && !matches!(name, "authorization" | "client_secret" | "sig") {
            Kind::Opaque
        } else {
            Kind::Any
        });
    }
    (known && (assigned || flag)).then_some(if flag { Kind::Any } else { Kind::Opaque })
}

/// A token or secret by its looks alone.
fn has_secret_form(word: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    // A JSON Web Token, whole or cut.
    let is_jwt = word
        .split_once("eyJ")
        .is_some_and(|(_, rest)| rest.len() > 17 && rest.bytes().all(|byte| is_base64(byte) || byte == b'.'));
    // An Entra client secret: `8Q~` or `7Q~` and the like in the fourth place.
    let is_client_secret = word.split_once("Q~").is_some_and(|(before, after)| {
        before.len() >= 4 && before.ends_with(|letter: char| letter.is_ascii_digit()) && after.len() >= 20
    });
    // A registry's admin or token password: 32 or 52 letters with the service's own mark.
    let is_registry_password =
        word.len() >= 32 && (word.contains("+ACR") || word.contains("ACRD")) && word.bytes().all(is_base64);
    let is_github_token =
        ["ghp_", "ghs_", "gho_", "ghu_", "ghr_", "github_pat_"].iter().any(|prefix| word.contains(prefix));
    // Long base64 with both letter cases and digits; digests and ids are hexadecimal and stay.
    let is_long_base64 = word.len() >= 40
        && word.bytes().all(is_base64)
        && !word.contains('/')
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
        && word.bytes().filter(u8::is_ascii_digit).count() >= 3;
    is_jwt || is_client_secret || is_registry_password || is_github_token || is_long_base64
}

/// Blots out the password of `https://user:password@host`.
fn without_user_info(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        plain.push_str(before);
        let authority = &after
            [..after.find(|letter: char| letter.is_whitespace() || "/\"'?#<>".contains(letter)).unwrap_or(after.len())];
        if let Some(end) = authority.rfind('@').filter(|end| authority[..*end].contains(':')) {
            let user = authority.split(':').next().unwrap_or_default();
            plain.push_str(user);
            plain.push(':');
            plain.push_str(BLOT);
            rest = &after[end..];
        } else {
            plain.push_str(authority);
            rest = &after[authority.len()..];
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::{excerpt, redacted};

    #[test]
    fn secrets_go_by_name_or_by_form() {
        let secret = "Xy98Q~abcdefghijklmnopqrstuvwxyz0123456789";
        for text in [
            "az login --service-principal -u id -p Hunter2! --tenant t",
            "docker login --password Hunter2! host",
            "client_secret=Hunter2!&grant_type=x",
            "{\"password\":\"Hunter2!\"}",
            "\"clientSecret\": \"Hunter2!x9aaaaaaaaaaaaaaaaa\"",
            "https://user:Hunter2!@contosoacr.azurecr.io/v2/",
            "Authorization: Basic SHVudGVyMiE6SHVudGVyMiE=",
            "Authorization: Bearer Hunter2!hunter2hunter2",
            "https://x.blob.core.windows.net/y?se=1&sig=Hunter2!%2B&sp=r",
            "AZURE_CLIENT_SECRET=Hunter2!",
            "refused: Abc8Q~Hunter2abcdefghijklmnopqrstuvwxyz",
            "token eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJIdW50ZXIyIn0.Hunter2",
            "password=ab;Hunter2 next",
            "password=a&b|Hunter2",
            "docker login --password 'p(q)Hunter2' host",
            "docker login -p \"p' {q} Hunter2\" host",
            "\"password\": \"p,q: Hunter2\", \"user\": \"ci\"",
            "ACR_PASSWORD=p'q\"Hunter2",
            "password: 1234;Hunter2",
            "client_secret=,Hunter2",
            "Authorization: Basic SHVu:Hunter2",
        ] {
            let shown = redacted(text);
            assert!(
                !shown.contains("Hunter2") && !shown.contains("SHVud") && !shown.contains("eyJ"),
                "{text} -> {shown}"
            );
        }
        assert!(!redacted(secret).contains("8Q~"));
    }

    #[test]
    fn what_stands_behind_a_secret_stays() {
        for (text, shown) in [
            (
                "docker login --password 'p(q)r' contosoacr.azurecr.io",
                "docker login --password '***' contosoacr.azurecr.io",
            ),
            ("{\"password\":\"a;b\",\"user\":\"ci\"}", "{\"password\":\"***\",\"user\":\"ci\"}"),
            ("run \"docker login -p a;b\": exit status 1", "run \"docker login -p ***\": exit status 1"),
            ("password=a;b unauthorized", "password=*** unauthorized"),
            ("password='' docker push", "password='' docker push"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.",
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value",
            "manifests/sha256:ca05a529ff0af3a529a48fc65cb5bbd89f659e7367aec8e05024b3848273c217: not found",
            "token validation failed",
            "Invalid clientid or client secret.",
            "error: the password is wrong",
            "oauth2/token?scope=repository%3Ateam%2Fapp%3Apull&service=contosoacr.azurecr.io: UNAUTHORIZED",
            "no username present in auth config for server: contosoacr.azurecr.io",
            "Error storing credentials - err: exit status 1, out: `pass store is uninitialized`",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        let line = format!("{}AADSTS7000222: expired {}", "é".repeat(3000), "b ".repeat(3000));
        let cut = excerpt(&line, line.find("AADSTS").unwrap());
        assert!(cut.chars().count() <= 402 && cut.contains("AADSTS7000222"), "{cut}");
        assert!(cut.starts_with('…') && cut.ends_with('…'));
    }
}
