//! Access tokens for many repositories in few requests.

use super::run::Run;
use crate::azure::call::CallError;
use crate::azure::registry::challenge::Challenge;
use crate::azure::registry::token::{AccessToken, Proof, access_token, repository_scope};
use crate::secret::Secret;
use futures_util::future::join_all;

/// A repository, with the token for it and what that grants.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) repository: String,
    pub(super) token: Secret,
    pub(super) actions: Vec<String>,
}

impl Held {
    pub(super) fn may(&self, action: &str) -> bool {
        self.actions.iter().any(|granted| granted == action || granted == "*")
    }
}

/// How many repositories are asked for together: their names stand in the token, and the token in a header of every
/// request, which servers bound to some 8 KiB.
const TOGETHER: usize = 20;

/// Asks for tokens for all repositories at once. What does not come back is asked for singly, because a registry may
/// honour only the first scope of a request.
pub(super) async fn tokens(
    run: &Run<'_>,
    challenge: &Challenge,
    proof: &Proof,
    repositories: &[String],
    actions: &[&str],
) -> Result<Vec<Held>, CallError> {
    let ask = async |names: &[String]| {
        let scopes: Vec<String> = names.iter().map(|name| repository_scope(name, actions)).collect();
        let token = access_token(run.http, challenge, proof, &scopes).await?;
        run.journal.guard(&token.value);
        Ok::<_, CallError>(token)
    };
    let together = async |names: &[String]| match ask(names).await {
        Ok(token) if names.len() == 1 => {
            Ok(vec![held(&token, &names[0]).unwrap_or_else(|| nothing(&token, &names[0]))])
        }
        Ok(token) => {
            let came: Vec<Held> = names.iter().filter_map(|name| held(&token, name)).collect();
            let missing = names.iter().filter(|name| !came.iter().any(|held| held.repository == **name));
            let singly = join_all(missing.map(async |name| {
                let token = ask(std::slice::from_ref(name)).await?;
                Ok(held(&token, name).unwrap_or_else(|| nothing(&token, name)))
            }));
            let singly: Result<Vec<Held>, CallError> = singly.await.into_iter().collect();
            singly.map(|singly| came.into_iter().chain(singly).collect())
        }
        Err(error) => Err(error),
    };
    let mut chunks = repositories.chunks(TOGETHER);
    let mut all = Vec::with_capacity(repositories.len());
    if let Proof::Password { .. } = proof {
        // A wrong password is shown once, not once for each chunk.
        all.extend(together(chunks.next().unwrap_or_default()).await?);
    }
    for answer in join_all(chunks.map(together)).await {
        all.extend(answer?);
    }
    Ok(all)
}

/// What a token grants on a repository, where it speaks of it.
pub(super) fn held(token: &AccessToken, repository: &str) -> Option<Held> {
    let grants = token.grants().unwrap_or_default();
    let mut of_it =
        grants.into_iter().filter(|grant| grant.kind == "repository" && grant.name == repository).peekable();
    of_it.peek()?;
    let actions = of_it.flat_map(|grant| grant.actions).collect();
    Some(Held { repository: repository.to_owned(), token: token.value.clone(), actions })
}

fn nothing(token: &AccessToken, repository: &str) -> Held {
    Held { repository: repository.to_owned(), token: token.value.clone(), actions: Vec::new() }
}
