//! Responses of HTTP/1.1, as far as a polling client needs them.

use std::io::{self, Read};

use super::connect::Client;

/// A whole response with status 200.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) body: Vec<u8>,
    /// How many bytes it took.
    pub(crate) length: usize,
}

/// The response at the start of what was read, if all of it is there.
pub(crate) fn response(read: &[u8]) -> io::Result<Option<Response>> {
    let Some(end) = read.windows(4).position(|it| it == b"\r\n\r\n") else { return Ok(None) };
    let head = String::from_utf8_lossy(&read[..end]);
    if !head.starts_with("HTTP/1.1 200") {
        return Err(io::Error::other(format!("the server answered a poll by {head}")));
    }
    let value = |wanted: &str| {
        let mut headers = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        headers.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned()))
    };
    let start = end + 4;
    if let Some(length) = value("content-length") {
        let length: usize = length.parse().map_err(io::Error::other)?;
        let body = read.get(start..start + length).map(<[u8]>::to_vec);
        return Ok(body.map(|body| Response { body, length: start + length }));
    }
    if value("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return chunked(read, start);
    }
    Err(io::Error::other(format!("a response without a length: {head}")))
}

/// Asks and waits, on a connection that still blocks.
pub(crate) fn ask(client: &mut Client, request: &str) -> io::Result<Vec<u8>> {
    client.send(request.as_bytes())?;
    loop {
        if let Some(response) = response(&client.left)? {
            client.left.drain(..response.length);
            return Ok(response.body);
        }
        let mut buffer = [0; 4096];
        match client.stream.read(&mut buffer)? {
            0 => return Err(io::Error::other("the server closed a connection between requests")),
            count => client.left.extend_from_slice(&buffer[..count]),
        }
    }
}

/// The `sid` of a packet that opens a session.
pub(crate) fn sid(body: &[u8]) -> io::Result<String> {
    let text = String::from_utf8_lossy(body);
    let sid = text.split_once("\"sid\":\"").and_then(|(_, rest)| rest.split_once('"'));
    sid.map(|(sid, _)| sid.to_owned())
        .ok_or_else(|| io::Error::other(format!("no session was opened: {text}")))
}

fn chunked(read: &[u8], mut at: usize) -> io::Result<Option<Response>> {
    let mut body = Vec::new();
    loop {
        let Some(line) = read[at..].windows(2).position(|it| it == b"\r\n") else { return Ok(None) };
        let size = String::from_utf8_lossy(&read[at..at + line]);
        let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
        at += line + 2;
        let Some(chunk) = read.get(at..at + size + 2) else { return Ok(None) };
        at += size + 2;
        if size == 0 {
            return Ok(Some(Response { body, length: at }));
        }
        body.extend_from_slice(&chunk[..size]);
    }
}

#[cfg(test)]
mod tests {
    use super::{response, sid};

    fn check(whole: &[u8], body: &[u8]) {
        for end in 0..whole.len() {
            assert_eq!(response(&whole[..end]).unwrap(), None, "{end}");
        }
        let found = response(&[whole, b"HTTP/1.1 200 OK"].concat()).unwrap().unwrap();
        assert_eq!((found.body.as_slice(), found.length), (body, whole.len()));
    }

    #[test]
    fn a_response_with_a_length_is_read_when_it_is_whole() {
        check(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: x\r\n\r\nok", b"ok");
        check(b"HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", b"");
    }

    #[test]
    fn a_response_in_chunks_is_read_when_it_is_whole() {
        check(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n", b"ok!");
    }

    #[test]
    fn another_status_is_a_fault() {
        assert!(response(b"HTTP/1.1 400 Bad Request\r\n\r\n").is_err());
    }

    #[test]
    fn the_sid_is_found() {
        assert_eq!(sid(b"0{\"sid\":\"abc\",\"upgrades\":[]}").unwrap(), "abc");
        assert!(sid(b"44{}").is_err());
    }
}
