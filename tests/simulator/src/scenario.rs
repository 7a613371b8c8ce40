//! One difference from the healthy world, what the job hands over, and what a preflight must find.

use crate::world::*;
use crate::{Listen, Simulator, World};
use std::fs::Permissions;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

/// A scenario.
#[derive(Clone)]
pub struct Scenario {
    /// The failure's id, with `@variant` where there are several; or the name of a run without failure.
    pub name: &'static str,
    /// What is different, in a sentence.
    pub says: &'static str,
    /// The ids of all findings, notices included, in any order.
    pub findings: Vec<&'static str>,
    /// The exit code.
    pub exit_code: u8,
    /// What the world needs beyond a loopback interface.
    pub needs: Needs,
    difference: Arc<dyn Fn(&mut World) + Send + Sync>,
    inputs: Vec<(&'static str, Value)>,
    files: Vec<(&'static str, Contents)>,
}

/// What a scenario needs beyond a loopback interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A network namespace with addresses of its own.
    Namespace,
}

/// An input's value: fixed, or made from the running world.
#[derive(Clone)]
enum Value {
    Fixed(String),
    Made(fn(&World) -> String),
    Absent,
}

/// What a file of the scenario holds.
#[derive(Clone)]
enum Contents {
    Fixed(String),
    Made(fn(&World) -> Vec<u8>),
    Program(String),
}

impl Scenario {
    /// The healthy world, and a job that hands over a client secret and wants to push `team/app`.
    pub fn new(name: &'static str, says: &'static str) -> Self {
        Self {
            name,
            says,
            findings: Vec::new(),
            exit_code: 0,
            needs: Needs::Nothing,
            difference: Arc::new(|_| ()),
            inputs: Vec::new(),
            files: Vec::new(),
        }
        .input("registry", REGISTRY)
        .input("images", "team/app")
        .input("client-id", CLIENT)
        .input("tenant-id", TENANT)
        .input("client-secret", SECRET)
        // What Docker the machine has is no part of these worlds; the scenarios of Docker bring their own.
        .input("docker", "skip")
    }

    /// The failure that the name says breaks the build.
    pub fn fails(name: &'static str, says: &'static str) -> Self {
        Self::new(name, says).exits(1).finds(Self::id_of(name))
    }

    /// The failure that the name says makes the inputs unusable.
    pub fn invalid(name: &'static str, says: &'static str) -> Self {
        Self::new(name, says).exits(2).finds(Self::id_of(name))
    }

    /// The failure that the name says leaves everything undetermined.
    pub fn undetermined(name: &'static str, says: &'static str) -> Self {
        Self::new(name, says).exits(3).finds(Self::id_of(name)).input("timeout", "3")
    }

    /// The warning or notice that the name says lets the job go on.
    pub fn warns(name: &'static str, says: &'static str) -> Self {
        Self::new(name, says).finds(Self::id_of(name))
    }

    /// The run ends with this code.
    pub fn exits(self, exit_code: u8) -> Self {
        Self { exit_code, ..self }
    }

    /// One more finding is expected.
    pub fn finds(mut self, id: &'static str) -> Self {
        self.findings.push(id);
        self
    }

    /// What is different in the world.
    pub fn world(self, difference: impl Fn(&mut World) + Send + Sync + 'static) -> Self {
        Self { difference: Arc::new(difference), ..self }
    }

    /// What is different besides.
    pub fn and(self, more: impl Fn(&mut World) + Send + Sync + 'static) -> Self {
        let before = self.difference.clone();
        self.world(move |world| {
            before(world);
            more(world);
        })
    }

    /// Hands over an option's value, as `ACR_PREFLIGHT_…`; a name in capitals or with a lower-case start of its own is a
    /// variable of the platform. The holes `{folder}`, `{proxy}` and `{ca}` are filled when the scenario runs.
    pub fn input(self, name: &'static str, value: &str) -> Self {
        self.set(name, Value::Fixed(value.into()))
    }

    /// Hands over a value made from the world, such as a token that it issued.
    pub fn made(self, name: &'static str, value: fn(&World) -> String) -> Self {
        self.set(name, Value::Made(value))
    }

    /// Hands over nothing.
    pub fn without(mut self, names: &[&'static str]) -> Self {
        for name in names {
            self = self.set(name, Value::Absent);
        }
        self
    }

    /// No client secret, and no other credential either.
    pub fn without_credential(self) -> Self {
        self.without(&["client-id", "tenant-id", "client-secret"])
    }

    /// Lays a file into the scenario's folder.
    pub fn file(self, name: &'static str, contents: &str) -> Self {
        self.lay(name, Contents::Fixed(contents.into()))
    }

    /// Lays a file into the scenario's folder, made from the world.
    pub fn file_made(self, name: &'static str, contents: fn(&World) -> Vec<u8>) -> Self {
        self.lay(name, Contents::Made(contents))
    }

    /// Lays a program into the scenario's folder; what lies in `bin/` is on the search path.
    pub fn program(self, name: &'static str, script: &str) -> Self {
        self.lay(name, Contents::Program(script.into()))
    }

    /// It runs only inside a network namespace.
    pub fn in_namespace(self) -> Self {
        Self { needs: Needs::Namespace, ..self }
    }

    fn lay(mut self, name: &'static str, contents: Contents) -> Self {
        self.files.retain(|(known, _)| *known != name);
        self.files.push((name, contents));
        self
    }

    fn set(mut self, name: &'static str, value: Value) -> Self {
        match self.inputs.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => self.inputs.push((name, value)),
        }
        self
    }

    fn id_of(name: &'static str) -> &'static str {
        name.split('@').next().unwrap_or(name)
    }

    /// The failure that this scenario is about.
    pub fn id(&self) -> &'static str {
        Self::id_of(self.name)
    }

    /// The world of this scenario.
    pub fn build(&self) -> World {
        let mut world = World::healthy();
        (self.difference)(&mut world);
        world
    }

    /// Starts the world and gives the environment that the job would have in it.
    pub fn start(&self) -> io::Result<(Simulator, Vec<(String, String)>)> {
        // Inside a namespace of its own the machine may have any address, and nobody else's ports are in the way.
        let listen = match self.needs {
            Needs::Nothing => Listen::default(),
            Needs::Namespace => Listen { address: Ipv4Addr::UNSPECIFIED.into(), https: 443, dns: 0 },
        };
        let simulator = Simulator::start_on(self.build(), &listen)?;
        let environment = self.prepare(&simulator)?;
        Ok((simulator, environment))
    }

    /// Lays the scenario's files beside a running simulation and gives the job's environment.
    pub fn prepare(&self, simulator: &Simulator) -> io::Result<Vec<(String, String)>> {
        let world = simulator.world().clone();
        let fill = |text: &str| {
            text.replace("{folder}", &simulator.folder().display().to_string())
                .replace("{proxy}", &simulator.proxy().to_string())
                .replace("{ca}", &simulator.root_certificate().display().to_string())
        };
        for (name, contents) in &self.files {
            let path = simulator.folder().join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            match contents {
                Contents::Fixed(text) => std::fs::write(&path, fill(text))?,
                Contents::Made(make) => std::fs::write(&path, make(&world))?,
                Contents::Program(script) => {
                    std::fs::write(&path, script)?;
                    std::fs::set_permissions(&path, Permissions::from_mode(0o755))?;
                }
            }
        }
        let mut environment = simulator.env();
        for (name, value) in &self.inputs {
            environment.retain(|(known, _)| *known != variable(name));
            let value = match value {
                Value::Fixed(text) => fill(text),
                Value::Made(make) => make(&world),
                Value::Absent => continue,
            };
            environment.push((variable(name), value));
        }
        Ok(environment)
    }
}

/// The variable of an input: options are kebab-case, every other name is a variable already.
fn variable(name: &str) -> String {
    let is_option = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if is_option { format!("ACR_PREFLIGHT_{}", name.to_ascii_uppercase().replace('-', "_")) } else { name.to_owned() }
}
