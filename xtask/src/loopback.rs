//! Loopback: free ports, and the least HTTP that tells whether a server answers.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail};

const TIMEOUT: Duration = Duration::from_secs(2);

/// A port that was free a moment ago, and so were its neighbours at the given distances.
pub(crate) fn free_port(neighbours: &[i32]) -> Result<u16> {
    for _ in 0..200 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let free = |distance: &i32| {
            u16::try_from(i32::from(port) + distance)
                .is_ok_and(|near| near > 1024 && TcpListener::bind((Ipv4Addr::UNSPECIFIED, near)).is_ok())
        };
        if neighbours.iter().all(free) {
            return Ok(port);
        }
    }
    bail!("no free loopback port with free neighbours at {neighbours:?}")
}

/// The status of `GET url`, where `url` is `http://address:port/path`.
pub(crate) fn get_status(url: &str) -> Result<u16> {
    let rest = url.strip_prefix("http://").with_context(|| format!("not an http address: {url}"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address: SocketAddr = host.parse().with_context(|| format!("not an address and a port: {host}"))?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    // "HTTP/1.1 200"
    str::from_utf8(&head[9..12])?.parse().context("not an HTTP answer")
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn reads_the_status_of_an_answer() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/readyz", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 20];
            stream.read_exact(&mut head).unwrap();
            stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").unwrap();
            head
        });
        assert_eq!(get_status(&url).unwrap(), 503);
        assert_eq!(&server.join().unwrap(), b"GET /readyz HTTP/1.1");
    }

    #[test]
    fn a_free_port_has_free_neighbours() {
        let port = free_port(&[1]).unwrap();
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port + 1)).is_ok());
    }
}
