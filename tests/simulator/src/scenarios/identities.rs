//! The identities of machines, and of Azure Pipelines.

use crate::world::*;
use crate::{Scenario, World};

const SYSTEM: &str = "41526374-8596-4a7b-8c9d-0e1f2a3b4c5d";
const USER_ONE: &str = "52637485-96a7-4b8c-9d0e-1f2a3b4c5d6e";
const USER_TWO: &str = "63748596-a7b8-4c9d-8e0f-2a3b4c5d6e7f";

/// A job on a machine of Azure with identities that hold AcrPush.
fn on_machine(scenario: Scenario) -> Scenario {
    scenario.without_credential().input("auth", "managed-identity")
}

fn give(world: &mut World, metadata: Metadata, identities: &[(&str, bool)]) {
    world.machine.metadata = metadata;
    for (client, system_assigned) in identities {
        let object = client.replace('4', "7");
        world.assignments.push(RoleAssignment::on_registry(&object, &ACR_PUSH));
        world.machine.identities.push(ManagedIdentity {
            client: (*client).into(),
            object,
            system_assigned: *system_assigned,
        });
    }
}

/// A job of Azure Pipelines with a service connection by workload identity.
fn with_service_connection(scenario: Scenario) -> Scenario {
    scenario
        .without(&["client-secret", "client-id", "tenant-id"])
        .input("TF_BUILD", "True")
        .input("servicePrincipalId", CLIENT)
        .input("tenantId", TENANT)
        .input("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", SERVICE_CONNECTION)
        .made("SYSTEM_OIDCREQUESTURI", |world| world.pipelines.request_url())
        .made("SYSTEM_ACCESSTOKEN", |world| world.pipelines.access_token.clone())
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        on_machine(Scenario::new("healthy-managed-identity", "The system-assigned identity of a virtual machine."))
            .world(|world| give(world, Metadata::Imds, &[(SYSTEM, true)])),
        on_machine(Scenario::new(
            "healthy-user-assigned-identity",
            "One of two user-assigned identities, by its client id.",
        ))
        .input("client-id", USER_TWO)
        .world(|world| give(world, Metadata::Imds, &[(USER_ONE, false), (USER_TWO, false)])),
        Scenario::new(
            "healthy-app-service",
            "The identity of App Service or Container Apps, found without being named.",
        )
        .without_credential()
        .world(|world| give(world, Metadata::AppService, &[(SYSTEM, true)])),
        on_machine(Scenario::fails("managed-identity-unavailable", "A hosted runner has no managed identity.")),
        on_machine(Scenario::fails("managed-identity-unavailable@silence", "Packets to the metadata service vanish."))
            .world(|world| world.machine.metadata = Metadata::Silent),
        on_machine(Scenario::fails("managed-identity-unavailable@several", "Several identities, and none is named."))
            .world(|world| give(world, Metadata::Imds, &[(USER_ONE, false), (USER_TWO, false)])),
        on_machine(Scenario::fails(
            "managed-identity-unavailable@unknown",
            "The machine does not have the identity that is named.",
        ))
        .input("client-id", USER_TWO)
        .world(|world| give(world, Metadata::Imds, &[(SYSTEM, true)])),
        with_service_connection(Scenario::new(
            "healthy-service-connection",
            "Azure Pipelines asks its own token service.",
        )),
        with_service_connection(Scenario::fails(
            "federated-token-unavailable@pipelines",
            "The pipeline may not use the service connection.",
        ))
        .world(|world| world.pipelines.service_connection = "another-connection".into()),
        with_service_connection(Scenario::fails(
            "federated-token-unavailable@access-token",
            "The access token of the pipeline is refused.",
        ))
        .input("SYSTEM_ACCESSTOKEN", "an-access-token-of-yesterday"),
        with_service_connection(Scenario::fails(
            "federated-subject-mismatch@pipelines",
            "The service connection was renamed, and its old subject is still trusted.",
        ))
        .world(|world| world.app().federated[1].subject = "sc://contoso/shop/registry".into()),
        Scenario::new("healthy-id-token", "A token of Azure Pipelines that an AzureCLI task hands over.")
            .without_credential()
            .input("TF_BUILD", "True")
            .input("servicePrincipalId", CLIENT)
            .input("tenantId", TENANT)
            .made("idToken", |world| world.id_token(&world.pipelines.issuer, &world.pipelines.subject, 600)),
        Scenario::new("healthy-federated-token-file", "The token file that Kubernetes lays into a pod.")
            .without_credential()
            .input("AZURE_CLIENT_ID", CLIENT)
            .input("AZURE_TENANT_ID", TENANT)
            .input("AZURE_FEDERATED_TOKEN_FILE", "{folder}/token")
            .file_made("token", |world| world.id_token(CLUSTER_ISSUER, CLUSTER_SUBJECT, 3600).into_bytes())
            .world(trust_cluster),
        Scenario::fails("federated-token-expired@in-hand", "The token file was not renewed.")
            .without_credential()
            .input("AZURE_CLIENT_ID", CLIENT)
            .input("AZURE_TENANT_ID", TENANT)
            .input("AZURE_FEDERATED_TOKEN_FILE", "{folder}/token")
            .file_made("token", |world| world.id_token(CLUSTER_ISSUER, CLUSTER_SUBJECT, -60).into_bytes())
            .world(trust_cluster),
    ]
}

const CLUSTER_ISSUER: &str = "https://westeurope.oic.prod-aks.azure.com/3a9f1c5e-7b24-4d0e-9c61-0f5b8d2e4a10/5e4d3c2b/";
const CLUSTER_SUBJECT: &str = "system:serviceaccount:builds:pusher";

fn trust_cluster(world: &mut World) {
    world.app().federated.push(FederatedCredential {
        name: "cluster".into(),
        issuer: CLUSTER_ISSUER.into(),
        subject: CLUSTER_SUBJECT.into(),
        audience: FEDERATED_AUDIENCE.into(),
    });
}
