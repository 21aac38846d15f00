//! `gridspark health`: asks a running server for its health, for hosts without another client.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde::Serialize;

use super::{CommandError, report};
use crate::Ending;
use crate::command_line::{Health, Shared};

/// A server that takes longer than this counts as unhealthy.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(4);
/// Longer answers are cut off.
const MAX_ANSWER_BYTES: u64 = 4096;

#[derive(Serialize)]
struct Answer {
    address: SocketAddr,
    path: &'static str,
}

pub(super) fn run(options: &Health, shared: &Shared) -> Result<Ending, CommandError> {
    let address = reachable(options.listen);
    let path = if options.ready { "/readyz" } else { "/healthz" };
    let status = ask(address, path).map_err(|source| CommandError::NoAnswer { address, source })?;
    if status != "200" {
        return Err(CommandError::Unwell { address, path, status });
    }
    report::print(shared.json, &Answer { address, path }, &format!("{address}{path} answers.\n"))?;
    Ok(Ending::Complete)
}

/// The address at which a server is reached from its own host: loopback if it listens everywhere.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The status of the server's answer, such as `200`.
fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, RESPONSE_TIMEOUT)?;
    stream.set_read_timeout(Some(RESPONSE_TIMEOUT))?;
    stream.set_write_timeout(Some(RESPONSE_TIMEOUT))?;
    let question = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(question.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let mut words = answer.split_ascii_whitespace();
    match (words.next(), words.next()) {
        (Some(protocol), Some(status)) if protocol.starts_with("HTTP/") => Ok(status.to_owned()),
        _ => Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "it does not speak HTTP")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_reached_on_loopback() {
        for (listen, reached) in
            [("0.0.0.0:8000", "127.0.0.1:8000"), ("[::]:8000", "[::1]:8000"), ("10.1.2.3:80", "10.1.2.3:80")]
        {
            assert_eq!(reachable(listen.parse().unwrap()), reached.parse().unwrap());
        }
    }
}
