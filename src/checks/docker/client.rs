//! The check `docker-client`.

use super::{Judgement, found, passed, skipped, weight};
use crate::catalogue::docker::{DOCKER_MISSING, DOCKER_TOO_OLD};
use crate::docker::client::{Client, ClientError, Product};
use crate::docker::program::{self, Place};
use crate::docker::version::Version;
use crate::finding::Finding;
use crate::plan::{CiSystem, DockerWish, Plan};

pub(super) fn judge(plan: &Plan, client: &Result<Client, ClientError>) -> Judgement {
    match client {
        Ok(client) => match client.version {
            Some(version) if client.product == Product::Docker && version < Version::OLDEST_CLIENT => found(
                Finding::new(&DOCKER_TOO_OLD)
                    .fact("client", client.to_string())
                    .fact("needed", "18.03 or later")
                    .severity(weight(plan, false)),
            ),
            _ => passed(client.to_string()),
        },
        // The runner started this container with the host's client, which is not in it.
        Err(ClientError::Missing) if plan.docker_environment.in_container && plan.ci.system == CiSystem::GitHub => {
            skipped("the docker client of the host cannot be seen from inside this container")
        }
        Err(ClientError::Missing) if plan.docker == DockerWish::Auto => {
            skipped("there is no docker client on the PATH; with docker: require this is a failure")
        }
        Err(error) => {
            let podman = matches!(program::find("podman", &plan.docker_environment), Place::Here(_));
            found(
                Finding::new(&DOCKER_MISSING)
                    .fact("reason", error.to_string())
                    .fact("podman", if podman { "is on the PATH" } else { "" })
                    .severity(weight(plan, false)),
            )
        }
    }
}
