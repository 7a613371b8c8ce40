//! What a CI hands over: options, variables and the files that they name, up to the plan.
#![no_main]

use acr_preflight::inputs::environment::Environment;
use acr_preflight::inputs::files::Shelf;
use acr_preflight::inputs::{Gathered, Inputs};
use acr_preflight::plan::Plan;
use libfuzzer_sys::fuzz_target;
use std::net::IpAddr;
use time::OffsetDateTime;

/// Files that variables name by default or that the seeds name.
const FILES: &[&str] = &["/event.json", "/config.json", "/home/.docker/config.json", "/file"];

fuzz_target!(|data: &[u8]| {
    // One thing a line: `--option value`, `NAME=value`; what follows an empty line is the content of every file.
    let text = String::from_utf8_lossy(data);
    let (lines, file) = text.split_once("\n\n").unwrap_or((&text, ""));
    let (options, variables): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| line.starts_with("--"));
    let words = options.iter().flat_map(|line| line.splitn(2, ' ')).map(Into::into);
    let arguments = std::iter::once("acr-preflight".into()).chain(words);
    let environment: Environment = variables.iter().filter_map(|line| line.split_once('=')).collect();
    let files: Shelf = FILES.iter().map(|path| (*path, file)).collect();
    let now = OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    if let Gathered::Run(inputs) = Inputs::from_parts(arguments, &environment, &files, now) {
        let plan = Plan::from_inputs(&inputs);
        // Believing nothing is a finding, never silence.
        assert!(plan.registry.is_some() || !plan.findings.is_empty());
        for hook in [plan.network.nameserver.map(|address| address.ip())].into_iter().flatten() {
            assert!(hook.is_loopback(), "{hook} was believed");
        }
        let authority = reqwest::Url::parse(&plan.authority).expect("a URL");
        let host = authority.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_near = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        assert!(plan.authority.starts_with("https://") || is_near, "{authority}");
    }
});
