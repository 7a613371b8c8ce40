//! The name server.

use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};
use simulated_azure::world::*;
use simulated_azure::{Simulator, World};
use std::net::UdpSocket;
use std::str::FromStr;
use std::time::Duration;

fn ask(simulator: &Simulator, name: &str) -> Option<Message> {
    let mut query = Message::query();
    query.add_query(Query::query(Name::from_str(name).unwrap(), RecordType::A));
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    socket.send_to(&query.to_vec().unwrap(), simulator.nameserver()).unwrap();
    let mut buffer = [0; 1024];
    let length = socket.recv(&mut buffer).ok()?;
    Some(Message::from_vec(&buffer[..length]).unwrap())
}

#[test]
fn a_login_server_is_an_alias_and_a_wrong_name_is_none() {
    let simulator = Simulator::start(World::healthy()).unwrap();
    let known = ask(&simulator, "contosoacr.azurecr.io.").unwrap();
    let data: Vec<&RData> = known.answers.iter().map(|record| &record.data).collect();
    assert!(matches!(data[..], [RData::CNAME(_), RData::A(_)]), "{data:?}");
    let unknown = ask(&simulator, "contosoarc.azurecr.io.").unwrap();
    assert_eq!(unknown.metadata.response_code, ResponseCode::NXDomain);
}

#[test]
fn it_fails_refuses_and_keeps_silent() {
    let mut world = World::healthy();
    for (host, answer) in
        [("fails.", NameAnswer::Failure), ("refuses.", NameAnswer::Refused), ("silent.", NameAnswer::Silence)]
    {
        world.names.answers.insert(host.trim_end_matches('.').into(), answer);
    }
    let simulator = Simulator::start(world).unwrap();
    assert_eq!(ask(&simulator, "fails.").unwrap().metadata.response_code, ResponseCode::ServFail);
    assert_eq!(ask(&simulator, "refuses.").unwrap().metadata.response_code, ResponseCode::Refused);
    assert!(ask(&simulator, "silent.").is_none());
}
