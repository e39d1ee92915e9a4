//! Request heads: a short one, and one such as a browser sends, with a JWT in a cookie.

/// Which head the requests of a workload have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Head {
    /// What HTTP and the websocket handshake ask for.
    Short,
    /// What Chrome sends, with a cookie that holds a JWT.
    Browser,
}

impl Head {
    /// A request that asks for a websocket. `number` makes the cookie one of its own.
    pub(crate) fn websocket(self, port: u16, number: usize) -> String {
        let rest = match self {
            Self::Short => String::new(),
            Self::Browser => format!(
                "Pragma: no-cache\r\nCache-Control: no-cache\r\n{}\
                 Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
                browser(port, number)
            ),
        };
        format!(
            "GET {PATH}&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{rest}\r\n"
        )
    }

    /// A request by polling, of the session `sid` when there is one, with a body when it posts.
    pub(crate) fn polling(self, port: u16, number: usize, sid: Option<&str>, body: Option<&str>) -> String {
        let rest = match self {
            Self::Short => String::new(),
            Self::Browser => format!("Accept: */*\r\n{}", browser(port, number)),
        };
        let sid = sid.map(|sid| format!("&sid={sid}")).unwrap_or_default();
        let start = format!("{PATH}&transport=polling{sid} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{rest}");
        match body {
            None => format!("GET {start}\r\n"),
            Some(body) => format!(
                "POST {start}Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        }
    }
}

/// The bytes that a server has to keep if the application may ask for the request later: target, names and values,
/// without the headers that end at each hop.
pub(crate) fn kept(request: &str) -> usize {
    let mut lines = request.split("\r\n");
    let target = lines.next().and_then(|line| line.split(' ').nth(1)).map_or(0, str::len);
    let headers = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": "));
    let kept = headers.filter(|(name, _)| !matches!(*name, "Connection" | "Upgrade"));
    target + kept.map(|(name, value)| name.len() + value.len()).sum::<usize>()
}

fn browser(port: u16, number: usize) -> String {
    format!(
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36\r\n\
         Origin: http://127.0.0.1:{port}\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n\
         Cookie: theme=dark; session={COOKIE}{number:08}\r\n"
    )
}

const PATH: &str = "/socket.io/?EIO=4";

/// The shape of a JWT; no server of this workload verifies it.
const COOKIE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI2NmYwYzJiNC0zZTVkLTRhOGMtOWI3ZS0xZjJhM2I0YzVkNmUiLCJuYW1lIjoiQWRhIExvdmVsYWNlIiwicm9sZXMiOlsidXNlciJdLCJpYXQiOjE3ODAwMDAwMDAsImV4cCI6NDEwMjQ0NDgwMH0.Qm9zdG9uQ2hpY2Fnb0RlbnZlckF1c3Rpbk";

#[cfg(test)]
mod tests {
    use super::{Head, kept};

    #[test]
    fn a_browser_head_has_the_size_that_browsers_send() {
        let head = Head::Browser.websocket(40_000, 7);
        assert!((700..1000).contains(&head.len()), "{}", head.len());
        assert!(head.ends_with("\r\n\r\n"));
    }

    #[test]
    fn what_is_kept_leaves_out_hop_by_hop_headers() {
        assert_eq!(kept("GET /a HTTP/1.1\r\nHost: b\r\nConnection: Upgrade\r\n\r\nbody: 1"), 2 + 4 + 1);
    }

    #[test]
    fn a_post_says_how_long_it_is() {
        let post = Head::Short.polling(1, 0, Some("s"), Some("40"));
        assert!(post.contains("&sid=s HTTP/1.1") && post.ends_with("Content-Length: 2\r\n\r\n40"), "{post}");
    }
}
