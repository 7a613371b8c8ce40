//! Every failure the program can name, in words and symptoms; data only.
//!
//! An entry is the one place where a failure is declared. From it follow its recognition in a reply
//! and in a log, every output, the failures page and `explain`.

pub mod access;
pub mod docker;
mod docker_wordings;
pub mod doubts;
pub mod entra;
pub mod expiry;
pub mod inputs;
pub mod network;
mod network_wordings;
pub mod registry;
mod status_wordings;
mod translated;

/// A failure that users can meet, with its words.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// Stable kebab-case name, said after what is wrong; never renamed or reused.
    pub id: &'static str,
    /// How bad it is unless a check knows better.
    pub severity: Severity,
    /// What it means for the run's exit code.
    pub verdict: Verdict,
    /// The part of the journey where it is met.
    pub family: Family,
    /// The codes and wordings by which services and tools announce it.
    pub symptoms: &'static [Symptom],
    /// What is wrong, in a few words, without a full stop.
    pub title: &'static str,
    /// Why that happens, in a sentence or two; it says nothing about the cure.
    pub cause: &'static str,
    /// What to do, one step an item; a command stands between backticks and may hold `{fact}` holes that
    /// [`crate::finding::Finding::fix`] fills from the finding's facts (`{client-id}` becomes `<client-id>` when unknown).
    pub fix: &'static [&'static str],
    /// Where the vendor documents it.
    pub link: &'static str,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Notice,
    /// Will hurt later.
    Warning,
    /// Breaks the build.
    Error,
}

impl Severity {
    /// The lower-case word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What an error-severity failure says about the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The inputs cannot be used (exit code 2).
    Invalid,
    /// The build will break (exit code 1).
    Breaks,
    /// Nothing usable was answered, so nothing is known (exit code 3).
    Undetermined,
}

/// The part of the journey in which a failure is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// What the CI handed over.
    Inputs,
    /// The local Docker client, engine and configuration.
    Docker,
    /// Names, connections, TLS, proxies, firewalls.
    Network,
    /// Entra ID and the token services in front of it.
    SignIn,
    /// The registry's own token endpoints.
    RegistrySignIn,
    /// What the identity may do.
    Access,
    /// How long the credential lives.
    Expiry,
}

/// One way a service or tool announces a failure.
///
/// A wording is made of fragments in their order; ` … ` stands for a few words between two of them, ` …… ` for a few
/// sentences. Letter case, white space and quotes are ignored. A fragment of at most five letters counts as a word only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symptom {
    /// An Entra error number: `AADSTS` and these digits.
    Entra(u32),
    /// A code that no one else uses; it stands alone as a word, letter case counts: `CONNECTIVITY_DNS_ERROR`.
    Code(&'static str),
    /// A code that every registry uses; it counts only where the text speaks of an Azure registry: `MANIFEST_UNKNOWN`.
    CodeOfRegistry(&'static str),
    /// Wordings that prove the failure, unless the text speaks of somebody else's service.
    Says(&'static [&'static str]),
    /// Wordings that count only where the text speaks of an Azure registry.
    SaysOfRegistry(&'static [&'static str]),
    /// The same of wordings that make the failure likely, and do not prove it.
    HintsOfRegistry(&'static [&'static str]),
    /// Wordings that count only where the text speaks of Entra ID or a sign-in to Azure.
    SaysOfEntra(&'static [&'static str]),
    /// Wordings that count only where the text speaks of registries as resources of Azure Resource Manager.
    SaysOfArm(&'static [&'static str]),
    /// Wordings that count only where they speak of the host that holds a registry's layers.
    SaysOfData(&'static [&'static str]),
    /// Wordings that count only where Docker Hub was asked for an image whose name has no host.
    SaysOfDockerHub(&'static [&'static str]),
}

/// Makes a `static` of each entry and the family's list `ALL`.
macro_rules! failures {
    (family: $family:expr, $($name:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        $(
            #[doc = concat!("The failure `", stringify!($name), "`.")]
            pub static $name: $crate::catalogue::Failure = $crate::catalogue::Failure { family: $family, $($field: $value),+ };
        )+
        /// The failures of this family, in the order of the documentation.
        pub static ALL: &[&$crate::catalogue::Failure] = &[$(&$name),+];
    };
}
pub(crate) use failures;

/// Every failure, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Failure> {
    [
        inputs::ALL,
        docker::ALL,
        network::ALL,
        entra::application::ALL,
        entra::federation::ALL,
        entra::policy::ALL,
        registry::ALL,
        access::ALL,
        expiry::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Finds a failure by its id.
pub fn by_id(id: &str) -> Option<&'static Failure> {
    all().find(|failure| failure.id == id)
}

/// Finds the failure that an Entra error number announces.
///
/// The numbers of Conditional Access are many, and share their first digits.
pub fn by_entra_code(code: u32) -> Option<&'static Failure> {
    let named = all().find(|failure| failure.symptoms.contains(&Symptom::Entra(code)));
    named.or_else(|| (530_000..=530_999).contains(&code).then_some(&entra::CONDITIONAL_ACCESS))
}
