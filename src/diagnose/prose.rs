//! Text about failures that is none: pages and issues that explain codes.

/// Whether a line explains codes of Entra's and tells of no sign-in: a row of a table of them, or a list of several.
///
/// Whoever reports a failure quotes what comes with a code; a colon stands behind it, or no other code does.
pub(super) fn explains_codes(line: &str) -> bool {
    let mut numbers: Vec<&str> = Vec::new();
    let mut is_list = false;
    let mut last = None;
    for (at, _) in line.match_indices("AADSTS") {
        let end = at + 6 + line[at + 6..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(line.len() - at - 6);
        let number = &line[at + 6..end];
        let behind = line[end..].trim_start_matches(['`', '*', ' ', ']']);
        if number.is_empty() || behind.starts_with(':') {
            return false;
        }
        if behind.starts_with('|') || behind.starts_with("</td>") {
            return true;
        }
        if let Some((from, before)) = last {
            is_list |= before != number && joins(&line[from..at]);
        }
        last = Some((end, number));
        numbers.push(number);
    }
    is_list
}

/// Whether nothing but what parts the members of a list stands between two codes.
fn joins(between: &str) -> bool {
    let bare = |letter: char| "`* [](),/|&".contains(letter);
    matches!(between.trim_matches(bare), "" | "and" | "or" | "und" | "et" | "y")
        && between.contains([',', '/', 'a', 'o', '&', 'u', 'e', 'y'])
}

/// Whether an action that has nothing to do with Azure ran last above a place, in lower case.
///
/// Pages, attestations, package indexes and other clouds want the job's OIDC token too.
pub(super) fn is_of_other_action(above: &str) -> bool {
    const OURS: &[&str] =
        &["azure/", "docker/", "hashicorp/setup-", "pulumi/", "actions/checkout", "actions/github-script"];
    const OF_OTHERS: &[&str] = &["pypi-publish", "actions/attest", "actions/deploy-pages", "configure-aws-credentials"];
    let runs = above.match_indices("run ").filter_map(|(at, _)| {
        let action = above[at + 4..].split_whitespace().next()?;
        (action.contains('/') && action.contains('@')).then_some(action)
    });
    match runs.last() {
        Some(action) => !OURS.iter().any(|ours| action.starts_with(ours)),
        None => OF_OTHERS.iter().any(|name| above.contains(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::{explains_codes, is_of_other_action};

    #[test]
    fn tables_and_lists_of_codes_are_told_from_failures() {
        for line in [
            "AADSTS50126 | InvalidUserNameOrPassword - Error validating credentials due to invalid username or password.",
            "`AADSTS90002` | InvalidTenantName - The tenant name wasn't found in the data store.",
            "<tr><td>AADSTS700016</td><td>UnauthorizedClient_DoesNotMatchRequest</td></tr>",
            "Explain how AADSTS700016 and AADSTS7000215 differ",
            "codes that are not tried again: AADSTS50034, AADSTS50053",
            "covers `AADSTS700211`/`AADSTS700212`",
        ] {
            assert!(explains_codes(line), "{line}");
        }
        for line in [
            "Login fails with AADSTS700016",
            "AADSTS70002: Error validating credentials. AADSTS50053: You've tried to sign in too many times",
            "invalid_client AADSTS7000215 AADSTS7000215",
            "AADSTS7000222, AADSTS7000222",
            "AADSTS90002: Tenant 'x' not found, see AADSTS90002 | AADSTS900023",
            "no code at all | none",
        ] {
            assert!(!explains_codes(line), "{line}");
        }
    }

    #[test]
    fn the_action_that_ran_last_counts() {
        assert!(is_of_other_action("run azure/login@v2\nrun actions/deploy-pages@v4\n  with:\n"));
        assert!(is_of_other_action("uses: pypa/gh-action-pypi-publish\n"));
        assert!(!is_of_other_action("run actions/deploy-pages@v4\nrun azure/login@v2\n"));
        assert!(!is_of_other_action("run az acr build --image a/b .\n"));
    }
}
