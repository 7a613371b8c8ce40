//! The catalogue's symptoms, made ready to be found all at once.

use crate::catalogue::{self, Failure, Symptom};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use log_text::{Squashed, squash};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A symptom found in a text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) failure: &'static Failure,
    pub(super) symptom: Symptom,
    /// As the catalogue has it; empty for a number.
    pub(super) wording: &'static str,
    /// Where it begins in the cleaned text.
    pub(super) start: usize,
    /// Where its last letter stands.
    pub(super) last: usize,
    /// The code, as the service wrote it.
    pub(super) code: Option<String>,
}

/// A part of a wording: what it belongs to, and which part it is.
#[derive(Clone, Copy)]
struct Part {
    rule: usize,
    index: usize,
    /// How far behind the part before it may stand.
    gap: usize,
}

struct Rule {
    failure: &'static Failure,
    symptom: Symptom,
    wording: &'static str,
    parts: usize,
}

/// How many letters may stand in place of a `…`, and of a `……`.
const GAP: usize = 120;
const WIDE_GAP: usize = 400;

/// How often one rule is told of one line; a line that repeats itself has no more to say.
const OFTEN: usize = 8;

/// A fragment of so few letters counts as a word only, so that `401` is not found in `sha256:9401f…`.
const SHORT: usize = 5;

/// What comes before Entra's numbers.
const BEFORE_NUMBERS: &[&str] = &["aadsts", "error_codes:[", "error?code="];

pub(super) struct Wordings {
    automaton: AhoCorasick,
    parts: Vec<Vec<Part>>,
    lengths: Vec<usize>,
    rules: Vec<Rule>,
}

/// All wordings of the catalogue, built when the first line of interest comes.
pub(super) static WORDINGS: LazyLock<Wordings> = LazyLock::new(Wordings::new);

impl Wordings {
    fn new() -> Self {
        let mut rules = Vec::new();
        let mut fragments: Vec<Vec<u8>> = BEFORE_NUMBERS.iter().map(|text| text.as_bytes().to_vec()).collect();
        let mut parts: Vec<Vec<Part>> = vec![Vec::new(); fragments.len()];
        let mut known = HashMap::new();
        for failure in catalogue::all() {
            for symptom in failure.symptoms {
                for wording in wordings(symptom) {
                    let mut count = 0;
                    for (index, (piece, gap)) in pieces(wording).enumerate() {
                        let piece = squash(piece).text;
                        count = index + 1;
                        let at = *known.entry(piece.clone()).or_insert_with(|| {
                            fragments.push(piece.clone());
                            parts.push(Vec::new());
                            fragments.len() - 1
                        });
                        parts[at].push(Part { rule: rules.len(), index, gap });
                    }
                    rules.push(Rule { failure, symptom: *symptom, wording, parts: count });
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&fragments)
            .expect("the wordings make a small automaton");
        Self { automaton, parts, lengths: fragments.iter().map(Vec::len).collect(), rules }
    }

    /// The symptoms in a cleaned text, each rule a few times a line of it.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let squashed = squash(text);
        let mut found: Vec<Found> = Vec::new();
        // Of each rule: the part that must come next, where the first began, where the last ended.
        let mut begun: Vec<Option<(usize, usize, usize)>> = vec![None; self.rules.len()];
        let line_ends: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let mut times: HashMap<(usize, usize), usize> = HashMap::new();
        let mut is_repeated = |rule: usize, place: usize| {
            let times = times.entry((rule, line_ends.partition_point(|end| *end < place))).or_insert(0);
            *times += 1;
            *times > OFTEN
        };
        for hit in self.automaton.find_overlapping_iter(&squashed.text) {
            let fragment = hit.pattern().as_usize();
            if fragment < BEFORE_NUMBERS.len() {
                let number = number(&squashed, hit.start(), hit.end());
                found.extend(number.filter(|found| !is_repeated(self.rules.len() + fragment, found.start)));
                continue;
            }
            if self.lengths[fragment] <= SHORT && !stands_alone(text, &squashed, hit.start(), hit.end()) {
                continue;
            }
            for part in &self.parts[fragment] {
                let rule = &self.rules[part.rule];
                let start = if part.index == 0 {
                    hit.start()
                } else {
                    match begun[part.rule] {
                        Some((next, start, end))
                            if next == part.index && (end..=end + part.gap).contains(&hit.start()) =>
                        {
                            start
                        }
                        _ => continue,
                    }
                };
                if part.index + 1 < rule.parts {
                    begun[part.rule] = Some((part.index + 1, start, hit.end()));
                } else {
                    let whole = rule.found(text, &squashed, start, hit.end());
                    found.extend(whole.filter(|found| !is_repeated(part.rule, found.start)));
                    begun[part.rule] = None;
                }
            }
        }
        found
    }
}

impl Rule {
    fn found(&self, text: &str, squashed: &Squashed, start: usize, end: usize) -> Option<Found> {
        let code = match self.symptom {
            Symptom::Code(code) | Symptom::CodeOfRegistry(code) => {
                let as_written = squashed.places[start..end].iter().map(|place| text.as_bytes()[*place as usize]);
                if !as_written.eq(code.bytes()) || !stands_alone(text, squashed, start, end) {
                    return None;
                }
                Some(code.to_owned())
            }
            _ if is_camel_case(self.wording)
                && text[squashed.places[start] as usize..squashed.places[end - 1] as usize].contains(' ') =>
            {
                return None;
            }
            _ => None,
        };
        Some(Found {
            failure: self.failure,
            symptom: self.symptom,
            wording: self.wording,
            start: squashed.places[start] as usize,
            last: squashed.places[end - 1] as usize,
            code,
        })
    }
}

/// A code such as `AuthorizationFailed`, which is none when written as two words.
fn is_camel_case(wording: &str) -> bool {
    let inner = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    !wording.contains(' ') && wording.as_bytes().windows(2).any(inner)
}

/// The wordings of a symptom; a code is one too.
pub(super) fn wordings(symptom: &Symptom) -> &[&'static str] {
    match symptom {
        Symptom::Entra(_) => &[],
        Symptom::Code(code) | Symptom::CodeOfRegistry(code) => std::slice::from_ref(code),
        Symptom::Says(wordings)
        | Symptom::SaysOfRegistry(wordings)
        | Symptom::HintsOfRegistry(wordings)
        | Symptom::SaysOfEntra(wordings)
        | Symptom::SaysOfArm(wordings)
        | Symptom::SaysOfData(wordings)
        | Symptom::SaysOfDockerHub(wordings) => wordings,
    }
}

/// The fragments of a wording, each with the length of the gap before it.
fn pieces(wording: &str) -> impl Iterator<Item = (&str, usize)> {
    wording.split(" …… ").flat_map(|wide| {
        wide.split(" … ").enumerate().map(|(index, piece)| (piece, if index == 0 { WIDE_GAP } else { GAP }))
    })
}

/// Whether a find is no part of a longer word.
fn stands_alone(text: &str, squashed: &Squashed, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let part_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let (first, last) = (squashed.places[start] as usize, squashed.places[end - 1] as usize);
    let joined_before = first > 0 && part_of_word(bytes[first]) && part_of_word(bytes[first - 1]);
    let joined_behind = last + 1 < bytes.len() && part_of_word(bytes[last]) && part_of_word(bytes[last + 1]);
    !joined_before && !joined_behind
}

/// Entra's numbers have between five and eight digits.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=8;

/// The Entra number that begins behind a find; a line break may have torn it.
fn number(squashed: &Squashed, start: usize, end: usize) -> Option<Found> {
    let digits: Vec<usize> =
        (end..squashed.text.len()).take(9).take_while(|at| squashed.text[*at].is_ascii_digit()).collect();
    let whole =
        1 + digits.windows(2).take_while(|pair| squashed.places[pair[1]] == squashed.places[pair[0]] + 1).count();
    let parse = |count: usize| -> Option<u32> {
        let digits = digits.get(..count).filter(|digits| DIGITS.contains(&digits.len()))?;
        let text: String = digits.iter().map(|at| char::from(squashed.text[*at])).collect();
        text.parse().ok()
    };
    let known = |number: &u32| catalogue::by_entra_code(*number).is_some();
    let first = parse(whole.min(digits.len()));
    let joined = (whole + 1..=digits.len()).rev().filter_map(&parse).find(known);
    let colon_behind = squashed.text.get(end + digits.len()) == Some(&b':');
    let number = joined.filter(|_| colon_behind || !first.as_ref().is_some_and(known)).or(first)?;
    let failure = catalogue::by_entra_code(number).or_else(|| catalogue::by_id("entra-rejected"))?;
    let start = squashed.places[start] as usize;
    Some(Found {
        failure,
        symptom: Symptom::Entra(number),
        wording: "",
        start,
        last: start,
        code: Some(format!("AADSTS{number}")),
    })
}

#[cfg(test)]
mod tests {
    use super::super::triggers::TRIGGERS;
    use super::{WORDINGS, wordings};
    use crate::catalogue::{self, Symptom};

    fn ids(text: &str) -> Vec<&'static str> {
        WORDINGS.find(text).iter().map(|found| found.failure.id).collect()
    }

    /// A message about a host names it, and the names of Azure's hosts are triggers themselves.
    fn names_its_host(symptom: &Symptom) -> bool {
        matches!(
            symptom,
            Symptom::SaysOfRegistry(_)
                | Symptom::HintsOfRegistry(_)
                | Symptom::SaysOfEntra(_)
                | Symptom::SaysOfArm(_)
                | Symptom::SaysOfData(_)
        )
    }

    #[test]
    fn every_wording_holds_a_trigger() {
        let without: Vec<_> = catalogue::all()
            .flat_map(|failure| failure.symptoms)
            .filter(|symptom| !names_its_host(symptom))
            .flat_map(wordings)
            .filter(|wording| TRIGGERS.places(wording.as_bytes()).is_empty())
            .collect();
        assert_eq!(without, Vec::<&&str>::new());
    }

    #[test]
    fn entra_numbers_are_read_whole() {
        assert_eq!(ids("AADSTS7000222: expired"), ["secret-expired"]);
        assert_eq!(ids("AADSTS70002: Error"), ["secret-invalid"]);
        assert_eq!(ids("AADSTS70\n00222: torn"), ["secret-expired"]);
        assert_eq!(ids("AADSTS70002\n22: torn"), ["secret-expired"]);
        assert_eq!(ids("AADSTS7000222\n2024 follows"), ["secret-expired"]);
        assert_eq!(ids(r#""error_codes":[700016]"#), ["app-not-found"]);
        assert_eq!(ids("AADSTS999999: unheard of"), ["entra-rejected"]);
        assert_eq!(ids("AADSTS: and no number"), Vec::<&str>::new());
    }

    #[test]
    fn codes_stand_alone_and_keep_their_case() {
        assert_eq!(ids("CONNECTIVITY_DNS_ERROR"), ["registry-not-found"]);
        assert_eq!(ids("connectivity_dns_error"), Vec::<&str>::new());
        assert_eq!(ids("MY_CONNECTIVITY_DNS_ERROR_2"), Vec::<&str>::new());
    }

    #[test]
    fn wraps_and_quotes_do_not_matter() {
        assert_eq!(ids("Cannot connect to the Doc\nker   daemon"), ["docker-daemon-down"]);
        assert_eq!(ids(r#"client with IP \"192.0.2.7\" is not allowed access"#), ["firewall-ip-denied"]);
    }
}
