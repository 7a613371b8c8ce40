//! What the docker client really sends: an engine that takes down the login of each push.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::Value;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// An engine that takes down logins.
pub(super) struct Notary {
    logins: Receiver<String>,
}

impl Notary {
    /// Opens the socket.
    pub(super) fn at(socket: &Path) -> Self {
        let listener = UnixListener::bind(socket).unwrap();
        let (sender, logins) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &sender);
            }
        });
        Self { logins }
    }

    /// The login of the last push as the preflight's tests write it; none where nothing usable was sent.
    pub(super) fn last(&self) -> Option<String> {
        let login: Value = serde_json::from_slice(&URL_SAFE.decode(self.logins.try_iter().last()?).unwrap()).unwrap();
        let text = |name: &str| login[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let by_password = || Some(format!("{}:{}", text("username")?, text("password").unwrap_or_default()));
        text("registrytoken").or_else(|| text("identitytoken")).or_else(by_password)
    }
}

fn answer(mut stream: UnixStream, logins: &Sender<String>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let login = head.lines().filter_map(|line| line.split_once(": "));
    if let Some((_, login)) = login.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("x-registry-auth")) {
        logins.send(login.to_owned()).unwrap();
    }
    let reply =
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOSType: linux\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    let _ = stream.write_all(reply.as_bytes());
}
