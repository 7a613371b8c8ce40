//! What the answers of a name server say.

use super::Resolution;
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError, NoRecords};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData};
use std::net::IpAddr;

/// The most addresses of a name that are kept: more are no help to anybody.
const MOST_ADDRESSES: usize = 16;

/// What one server said.
pub(super) enum Said {
    Found(Resolution),
    /// The name does not exist, or has no address.
    Nothing,
    Failed(String),
}

/// What two answers say together: the addresses of either, nothing where one says that there is no such name or both
/// that it has none, else the failure.
pub(super) fn conclude(name: &Name, answers: [Result<Lookup, NetError>; 2]) -> Result<Option<Resolution>, NetError> {
    let mut resolution = Resolution::default();
    let (mut failure, mut no_such_name) = (None, false);
    for answer in answers {
        match answer {
            Ok(lookup) => {
                resolution.addresses.extend(addresses(&lookup));
                let aliases: Vec<String> = chain(name, &lookup).iter().map(shown).collect();
                if aliases.len() > resolution.aliases.len() {
                    resolution.aliases = aliases;
                }
            }
            Err(NetError::Dns(DnsError::NoRecordsFound(NoRecords { response_code, .. }))) => {
                no_such_name |= response_code == ResponseCode::NXDomain;
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    resolution.addresses.truncate(MOST_ADDRESSES);
    match failure {
        // Some servers say of a name with addresses of one family that it does not exist in the other.
        _ if !resolution.addresses.is_empty() => Ok(Some(resolution)),
        Some(error) if !no_such_name => Err(error),
        _ => Ok(None),
    }
}

pub(super) fn addresses(lookup: &Lookup) -> Vec<IpAddr> {
    lookup.answers().iter().filter_map(|record| record.data.ip_addr()).collect()
}

/// The aliases of a name in the order in which they lead on.
pub(super) fn chain(name: &Name, lookup: &Lookup) -> Vec<Name> {
    let mut chain: Vec<Name> = Vec::new();
    let next = |name: &Name| {
        lookup.answers().iter().find_map(|record| match &record.data {
            RData::CNAME(target) if record.name == *name => Some(target.0.clone()),
            _ => None,
        })
    };
    while let Some(target) = next(chain.last().unwrap_or(name)) {
        if chain.contains(&target) {
            break;
        }
        chain.push(target);
    }
    chain
}

pub(super) fn shown(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

pub(super) fn words(error: &NetError) -> String {
    match error {
        NetError::Dns(DnsError::ResponseCode(code)) => format!("answered {}", code_name(*code)),
        // The pool says the latter where the operating system said the former: a closed port, no route.
        NetError::Io(_) | NetError::NoConnections => "was not reached".into(),
        other => format!("failed: {other}"),
    }
}

/// The name of an RCODE as the field writes it.
fn code_name(code: ResponseCode) -> String {
    match code {
        ResponseCode::ServFail => "SERVFAIL".into(),
        ResponseCode::Refused => "REFUSED".into(),
        ResponseCode::FormErr => "FORMERR".into(),
        ResponseCode::NotImp => "NOTIMP".into(),
        other => other.to_string(),
    }
}
