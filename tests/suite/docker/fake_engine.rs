//! An engine on a socket or port, that answers as it is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::thread;

/// How an engine answers.
#[derive(Clone, Copy)]
pub(super) enum Manner {
    /// As dockerd does, speaking these API versions.
    Docker(&'static str, &'static str),
    /// As podman's service does.
    Podman,
    /// Never.
    Silent,
    /// With this, whatever is asked.
    Says(&'static str),
}

/// Opens a socket on which an engine answers until the test ends.
pub(super) fn on_socket(path: &Path, manner: Manner) {
    let listener = UnixListener::bind(path).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream, manner));
        }
    });
}

/// Opens a loopback port, likewise.
pub(super) fn on_port(manner: Manner) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream, manner));
        }
    });
    address
}

fn serve(mut stream: impl Read + Write, manner: Manner) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let _ = stream.write_all(reply(&request, manner).as_bytes());
}

fn reply(request: &str, manner: Manner) -> String {
    let (name, newest, oldest, component) = match manner {
        Manner::Docker(oldest, newest) => ("28.2.2", newest, oldest, "Engine"),
        Manner::Podman => ("4.3.1", "1.41", "1.24", "Podman Engine"),
        Manner::Says(text) => return text.to_owned(),
        Manner::Silent => {
            thread::park();
            return String::new();
        }
    };
    let head = "HTTP/1.0 200 OK\r\nServer: Docker/28.2.2 (linux)\r\n";
    match request.split(' ').nth(1) {
        Some("/_ping") => format!("{head}Api-Version: {newest}\r\n\r\nOK"),
        Some("/version") => format!(
            "{head}Content-Type: application/json\r\n\r\n{{\"Version\":\"{name}\",\"ApiVersion\":\"{newest}\",\
             \"MinAPIVersion\":\"{oldest}\",\"Components\":[{{\"Name\":\"{component}\"}}]}}"
        ),
        other => panic!("the engine is asked for {other:?}"),
    }
}
