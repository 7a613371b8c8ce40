//! The resources that a tenant issues tokens for.

use super::Refusal;
use crate::world::{REGISTRY_AUDIENCE, Tenant, World};

/// The audience that a scope asks for, as it will stand in the token.
pub(super) fn audience(world: &World, tenant: &Tenant, scope: &str) -> Result<String, Refusal> {
    // MSAL asks for other scopes too; the resource is the one that ends so.
    let wanted = scope.split(' ').find_map(|scope| scope.strip_suffix("/.default"));
    let resource = wanted.ok_or(Refusal::new(70011, scope))?;
    let bare = resource.trim_end_matches('/');
    let is_known = match bare {
        REGISTRY_AUDIENCE => tenant.has_registry_resource,
        bare => world.cloud.arm_audiences.contains(&bare) || bare == format!("https://{}", world.cloud.graph),
    };
    if is_known { Ok(resource.to_owned()) } else { Err(Refusal::new(500011, resource)) }
}
