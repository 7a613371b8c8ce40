//! Every AADSTS number of the catalogue, refused by Entra ID in a run: the failure that declares it is found, and no
//! other.

use crate::harness::run;
use crate::scenarios::side_by_side;
use acr_preflight::catalogue::{self, Symptom};
use simulated_azure::Scenario;

#[test]
fn every_number_of_the_catalogue_is_named_when_entra_refuses_with_it() {
    let declared = catalogue::all().flat_map(|failure| failure.symptoms.iter().map(move |symptom| (failure, symptom)));
    let numbers: Vec<(&str, u32)> = declared
        .filter_map(|(failure, symptom)| match symptom {
            Symptom::Entra(number) => Some((failure.id, *number)),
            _ => None,
        })
        .collect();
    let complaints = side_by_side(&numbers, 8, |(id, number)| {
        let number = *number;
        let scenario = Scenario::new("refused", "Entra ID refuses with a number of the catalogue.")
            .input("timeout", "2")
            .world(move |world| world.tenant().refuses_with = Some(number));
        let run = run(&scenario, &["--format", "json"]);
        (run.findings() != [*id]).then(|| format!("AADSTS{number} is {:?} instead of {id}", run.findings()))
    });
    assert!(complaints.is_empty(), "of {} numbers:\n{}", numbers.len(), complaints.join("\n"));
}
