//! Asks the services and concludes: what the identity can do, for how long, and why not.
//!
//! The critical path is the registry's: its challenge beside the sign-in, then `/oauth2/exchange`, then one token for all
//! images, then manifests and locks at once. Azure Resource Manager and Graph are asked beside it once a first sign-in
//! has succeeded, so that a bad secret means one failed sign-in and one finding.

mod access;
mod certificate;
mod clock;
mod conclude;
mod data_endpoint;
pub mod docker;
mod federation;
mod images;
mod issuer;
mod journal;
mod life;
mod locks;
mod moment;
mod permissions;
mod private_endpoint;
mod progress;
mod reach;
mod registry_sign_in;
mod resource;
mod run;
mod scopes;
mod secret_life;
mod settings;
mod several;
mod sign_in;
mod subject;
mod token_in_hand;
mod token_user;
mod why;

pub use progress::Progress;

use crate::azure::registry::challenge::Challenge;
use crate::azure::transport::Http;
use crate::finding::Report;
use crate::plan::{Credential, Plan};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use journal::Journal;
use run::Run;
use std::future::{Future, pending};
use subject::Subject;
use tokio::time::{Instant, timeout_at};
use tokio::{join, select};

/// Makes every check that the plan asks for, within its time, and reports what is known by then.
pub async fn run(plan: &Plan) -> Report {
    run_until(plan, pending(), &|_| {}).await
}

/// The same; `stop` ends it at once, and `watch` is told of every check that begins or ends.
pub async fn run_until(plan: &Plan, stop: impl Future<Output = ()>, watch: &dyn Fn(&Progress)) -> Report {
    let began = Instant::now();
    let deadline = began + plan.timeout;
    let http = Http::new(&plan.network, deadline);
    let journal = Journal::new(plan, began).watched(watch);
    let run = Run { plan, http: &http, journal: &journal };
    inputs(&run);
    Subject::LATER.into_iter().for_each(|subject| journal.expect(subject));
    // What has not ended by then stands in the journal as unfinished.
    select! {
        _cut_off = timeout_at(deadline, async { join!(with_login(&run), local_docker(&run)) }) => {}
        () = stop => journal.stop(),
    }
    journal.report(&http)
}

/// What is wrong with the inputs was found when they were parsed.
fn inputs(run: &Run<'_>) {
    run.journal.begin(Subject::Inputs);
    for finding in &run.plan.findings {
        run.journal.find(Subject::Inputs, finding.clone());
    }
    run.journal.end(Subject::Inputs);
}

/// The job's own client and engine.
async fn local_docker(run: &Run<'_>) {
    for check in docker::run_docker(run.plan).await {
        run.journal.adopt(check);
    }
}

/// The way with the credential of the plan, or with the login that docker keeps.
async fn with_login(run: &Run<'_>) {
    // The identity's other lanes do not wait for a registry that hangs.
    let challenge = reach::challenge(run).boxed_local().shared();
    let login = async {
        let kept = docker::stored_credential(run.plan, clock::right(run, challenge.clone().map(drop)));
        if matches!(run.plan.credential, Some(Credential::DockerConfig)) {
            let kept = kept.await;
            run.journal.adopt(kept.check);
            if let Some(credential) = &kept.credential {
                credential.secrets().into_iter().for_each(|secret| run.journal.guard(secret));
                if let Credential::Password { username, .. } = credential {
                    run.journal.know("username", username);
                }
            }
            azure(run, kept.credential.as_ref().or(run.plan.credential.as_ref()), &challenge).await;
        } else {
            let kept = async { run.journal.adopt(kept.await.check) };
            join!(kept, azure(run, run.plan.credential.as_ref(), &challenge));
        }
    };
    join!(challenge.clone(), login);
}

/// The registry's challenge, once it is there.
type Answered<'a> = Shared<LocalBoxFuture<'a, Option<Challenge>>>;

/// The way from the identity to its rights, and what explains and surrounds it.
async fn azure(run: &Run<'_>, credential: Option<&Credential>, challenge: &Answered<'_>) {
    let answered = || challenge.clone().map(drop);
    let certificate = certificate::read(run, credential, answered()).await;
    let certificate = certificate.as_ref();
    let (signed_in, reader) =
        join!(sign_in::sign_in(run, credential, certificate, answered()), issuer::reader(run, answered()));
    let signed_in = signed_in.as_ref();
    let asker = signed_in.and_then(|signed_in| signed_in.issuer.as_ref()).or(reader.as_ref());
    let registry = async {
        let challenge = challenge.clone().await;
        reach::same_cause(run);
        clock::check(run);
        access::lane(run, challenge.as_ref(), signed_in).await
    };
    let (accepted, settings, ()) = join!(
        registry,
        settings::lane(run, credential, signed_in, asker),
        life::lane(run, credential, certificate, signed_in, asker),
    );
    life::of_password(run, credential, accepted, settings.as_ref());
    why::explain(run, accepted, settings.as_ref()).await;
    private_endpoint::check(run);
}
