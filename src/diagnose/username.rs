//! Which kind of user a refused login names: the admin user bears the registry's name, a token a name of its own.

use super::region::Region;

/// How many lines around a refusal the login may stand.
const LINES: usize = 4;

/// What stands before the name of a user.
const BEFORE: &[&str] = &[" -u ", " -u=", "--username ", "--username=", "oauth2/token?account="];

/// Whether a user is named anywhere in a region; where none is, no refusal need be searched for one.
pub(super) fn is_named_in(region: &Region) -> bool {
    BEFORE.iter().any(|word| region.lower.contains(word))
}

/// The user that the lines around a place name.
pub(super) fn username(region: &Region, place: usize) -> Option<&str> {
    let near = region.around(place, LINES);
    let rest = BEFORE.iter().find_map(|word| near.split_once(word))?.1.trim_start_matches(['"', '\'']);
    let name = &rest[..rest.find(|letter: char| letter.is_whitespace() || "\"'&,".contains(letter))?];
    let good = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (good && !name.starts_with('-')).then_some(name)
}

/// The failure of a login that names its user and was refused without a reason.
pub(super) fn whose_password(region: &Region, place: usize) -> Option<&'static str> {
    let name = username(region, place)?;
    let near = region.around(place, LINES);
    if near.contains(&format!("{name}.azurecr.")) {
        return Some("admin-password-wrong");
    }
    (name.contains("token") || near.contains("scope-map") || near.contains("az acr token"))
        .then_some("token-password-rejected")
}

#[cfg(test)]
mod tests {
    use super::super::region::Region;
    use super::whose_password;

    fn of(text: &str) -> Option<&'static str> {
        let region = Region::new(text.lines().enumerate().map(|(number, line)| (number + 1, line.as_bytes())));
        whose_password(&region, region.lower.find("unauthorized").unwrap())
    }

    #[test]
    fn the_admin_user_bears_the_registrys_name() {
        assert_eq!(
            of("docker login contosoacr.azurecr.io -u contosoacr --password-stdin\nunauthorized: x"),
            Some("admin-password-wrong")
        );
        assert_eq!(
            of("Get https://contosoacr.azurecr.io/oauth2/token?account=contosoacr&scope=x: unauthorized"),
            Some("admin-password-wrong")
        );
    }

    #[test]
    fn a_token_is_told_by_its_name() {
        assert_eq!(
            of("docker login -u \"pull-token\" contosoacr.azurecr.io\nunauthorized"),
            Some("token-password-rejected")
        );
    }

    #[test]
    fn other_users_say_nothing() {
        for user in ["$ACR_USER", "***", "6f1a2b3c-4d5e-46f7-8a9b-0c1d2e3f4a5b", "<name>", "ci"] {
            assert_eq!(of(&format!("docker login contosoacr.azurecr.io -u {user} -p x\nunauthorized")), None, "{user}");
        }
    }
}
