//! Why: what is known late explains what was found early.

use super::data_endpoint;
use super::run::Run;
use super::settings::{Settings, View};
use super::several::several;
use super::subject::Subject;
use super::token_user;
use crate::azure::arm::assignments::{RoleAssignment, role_assignments};
use crate::azure::arm::settings::Properties;
use crate::catalogue::access::ROLE_IGNORED_BY_ABAC;
use crate::catalogue::entra::TENANT_MISMATCH;
use crate::catalogue::network::PUBLIC_ACCESS_DISABLED;
use crate::catalogue::registry::ADMIN_DISABLED;
use crate::finding::Finding;
use crate::plan::Role;
use crate::secret::Secret;

/// Explains what was found, as far as Azure Resource Manager showed the registry.
pub(super) async fn explain(run: &Run<'_>, accepted: bool, settings: Option<&Settings>) {
    let Some(settings) = settings else { return };
    let (resource, user) = match &settings.view {
        View::Registry { resource, user } => (resource, user.as_ref()),
        View::OtherTenant(refusal) => {
            return replace(run, Subject::RegistrySignIn, &["registry-rejects-identity"], |_| {
                let finding = Finding::new(&TENANT_MISMATCH).code("InvalidAuthenticationTokenTenant");
                let tenant = trusted_tenant(&refusal.message).unwrap_or_default();
                Some(finding.fact("registry-tenant", tenant).fact("message", &*refusal.message))
            });
        }
    };
    network(run, &resource.properties);
    if resource.properties.quarantine_is_enabled() {
        // A pushed image is then held back until somebody releases it.
        replace(run, Subject::Images, &["image-not-found", "operation-disallowed"], |finding| {
            Some(Finding::new(finding.failure).fact("quarantine", "enabled"))
        });
    }
    replace(run, Subject::RegistrySignIn, &["admin-password-wrong"], |_| {
        (resource.properties.admin_user_enabled == Some(false)).then(|| Finding::new(&ADMIN_DISABLED))
    });
    if let Some(user) = user {
        replace(run, Subject::RegistrySignIn, &["token-password-rejected"], |_| token_user::refusal(user, run.now()));
    }
    roles(run, settings, &resource.id, &resource.properties).await;
    if accepted && run.plan.role == Role::AcrPull {
        data_hosts(run, &resource.properties).await;
    }
}

/// The tenant in `It must match the tenant 'https://sts.windows.net/<id>/' associated with this subscription`.
fn trusted_tenant(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("must match the tenant")?;
    rest.split(['/', '\'']).find(|part| Secret::new(*part).is_guid())
}

/// Puts a better explanation in the place of a finding; its facts and codes are kept.
fn replace(run: &Run<'_>, subject: Subject, ids: &[&str], better: impl Fn(&Finding) -> Option<Finding>) {
    if run.journal.found(subject, ids).is_none() {
        return;
    }
    run.journal.amend(subject, |findings| {
        for finding in findings.iter_mut().filter(|finding| ids.contains(&finding.failure.id)) {
            if let Some(mut new) = better(finding) {
                for fact in &finding.facts {
                    if new.value(fact.label).is_none() {
                        new.facts.push(fact.clone());
                    }
                }
                new.codes.extend(finding.codes.iter().cloned());
                *finding = new;
            }
        }
    });
}

/// The network rules behind a firewall's refusal.
fn network(run: &Run<'_>, settings: &Properties) {
    for subject in Subject::LATER {
        replace(run, subject, &["firewall-ip-denied"], |finding| {
            if settings.public_access_is_disabled() {
                return Some(Finding::new(&PUBLIC_ACCESS_DISABLED));
            }
            let rules = settings.network_rule_set.as_ref()?.ip_rules.as_ref()?;
            let allowed = several(rules.iter().map(|rule| rule.value.as_str()));
            let allowed = if allowed.is_empty() { "no address of the internet".to_owned() } else { allowed };
            Some(Finding::new(finding.failure).fact("allowed", allowed))
        });
    }
}

/// What the roles say about a missing right.
async fn roles(run: &Run<'_>, settings: &Settings, registry: &str, properties: &Properties) {
    const LACKING: [&str; 2] = ["no-pull-permission", "no-push-permission"];
    let abac = properties.is_abac();
    // What a refresh token shows of the registry as a whole is not known to hold where rights are given by repository.
    let unknown = abac && run.plan.images.is_empty() && !run.journal.is_skipped(Subject::Access);
    if unknown {
        run.journal.amend(Subject::Access, Vec::clear);
        run.journal
            .skip(Subject::Access, "needs `images`: the registry is in ABAC mode, which gives rights by repository");
    }
    let lacks = run.journal.found(Subject::Access, &LACKING).is_some();
    let rejected = run.journal.found(Subject::RegistrySignIn, &["registry-rejects-identity"]).is_some();
    // A reader's own roles explain nothing about another identity.
    let Some(object_id) = run.journal.known("object-id").filter(|_| unknown || lacks || rejected) else { return };
    let held = role_assignments(run.http, run.plan.cloud.arm, &settings.token.value, registry, &object_id).await;
    let Ok(held) = held else { return };
    let ignored = abac && is_ignored(&held);
    let explained = |finding: Finding| {
        let names = several(held.iter().map(|held| held.role.as_str()));
        let names = if names.is_empty() { "none that reaches this registry".to_owned() } else { names };
        let mode = if abac { "RBAC Registry + ABAC Repository Permissions" } else { "RBAC Registry Permissions" };
        let conditions = several(held.iter().filter_map(|held| held.condition.as_deref()));
        finding.fact("roles", names).fact("mode", mode).fact("conditions", conditions)
    };
    if unknown && ignored {
        run.journal.find(Subject::Access, explained(Finding::new(&ROLE_IGNORED_BY_ABAC)));
    }
    for (subject, ids) in [(Subject::Access, &LACKING[..]), (Subject::RegistrySignIn, &["registry-rejects-identity"])] {
        replace(run, subject, ids, |finding| {
            Some(explained(Finding::new(if ignored { &ROLE_IGNORED_BY_ABAC } else { finding.failure })))
        });
    }
}

/// Some role would do in the older mode, and none does in this one.
fn is_ignored(held: &[RoleAssignment]) -> bool {
    const OLDER: [&str; 6] = ["AcrPull", "AcrPush", "AcrDelete", "Owner", "Contributor", "Reader"];
    held.iter().any(|held| OLDER.contains(&held.role.as_str()))
        && !held.iter().any(|held| {
            held.role.starts_with("Container Registry Repository") && !held.role.ends_with("Catalog Lister")
        })
}

/// Without an image to follow, the dedicated data endpoints show whether data can be downloaded.
async fn data_hosts(run: &Run<'_>, settings: &Properties) {
    let hosts = settings.data_endpoint_host_names.as_deref().unwrap_or_default();
    if !hosts.is_empty() && run.journal.is_skipped(Subject::DataEndpoint) {
        data_endpoint::touch(run, hosts).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(roles: &[&str]) -> Vec<RoleAssignment> {
        let assignment = |role: &&str| RoleAssignment { role: (*role).to_owned(), scope: "/".into(), condition: None };
        roles.iter().map(assignment).collect()
    }

    #[test]
    fn the_registrys_tenant_is_read_from_the_refusal() {
        let message = "The access token is from the wrong issuer 'https://sts.windows.net/11111111-2222-4333-8444-555555555555/'. \
                       It must match the tenant 'https://sts.windows.net/99999999-2222-4333-8444-555555555555/' associated with \
                       this subscription.";
        assert_eq!(trusted_tenant(message), Some("99999999-2222-4333-8444-555555555555"));
        assert_eq!(trusted_tenant("no"), None);
    }

    #[test]
    fn an_older_role_alone_is_ignored_in_abac_mode() {
        assert!(is_ignored(&held(&["AcrPush"])));
        assert!(is_ignored(&held(&["Owner", "Container Registry Repository Catalog Lister", "0000"])));
        assert!(!is_ignored(&held(&["AcrPush", "Container Registry Repository Reader"])));
        assert!(!is_ignored(&held(&["0000"])) && !is_ignored(&[]));
    }
}
