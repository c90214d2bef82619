//! A browser as plain as can be: one connection, a jar of cookies, forms.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The value of a hidden field, or of the first button of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split('"').next()
    }

    /// The values of all buttons and fields of this name.
    pub fn fields(&self, name: &str) -> Vec<&str> {
        let before = format!("name=\"{name}\" value=\"");
        let parts = self.body.split(&before).skip(1);
        parts.filter_map(|rest| rest.split('"').next()).collect()
    }
}

/// A browser.
#[derive(Debug)]
pub struct Client {
    pub server: SocketAddr,
    pub jar: BTreeMap<String, String>,
    /// Headers that every request has.
    pub headers: Vec<(String, String)>,
    /// Asked where the server does not answer.
    other: Option<SocketAddr>,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    pub fn new(server: SocketAddr) -> Client {
        Client { server, jar: BTreeMap::new(), headers: Vec::new(), other: None, connection: None }
    }

    /// As if there were a proxy before two servers.
    pub fn either(mut self, servers: [SocketAddr; 2]) -> Client {
        self.other = servers.into_iter().find(|server| *server != self.server);
        self
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, None).unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form(fields);
        self.ask("POST", path, Some(&body)).unwrap_or_else(|error| panic!("POST {path}: {error}"))
    }

    /// Asks, once more on a new connection where the old one has ended.
    pub fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> io::Result<Answer> {
        let had = self.connection.is_some();
        match self.once(method, path, body) {
            Err(_) if had => {
                self.connection = None;
                self.once(method, path, body)
            }
            other => other,
        }
    }

    fn once(&mut self, method: &str, path: &str, body: Option<&str>) -> io::Result<Answer> {
        let result = self.send(method, path, body).and_then(|()| self.receive());
        if result.is_err() {
            self.connection = None;
            if let Some(other) = &mut self.other {
                std::mem::swap(&mut self.server, other);
            }
        }
        result
    }

    /// The request as it is sent.
    pub fn request(&self, method: &str, path: &str, body: Option<&str>) -> String {
        let mut text = format!("{method} {path} HTTP/1.1\r\n");
        if !self.headers.iter().any(|(name, _)| name == "host") {
            text.push_str(&format!("host: {}\r\n", self.server));
        }
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.jar.is_empty() {
            let cookies: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            text.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        if let Some(body) = body {
            let length = body.len();
            text.push_str(&format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body.unwrap_or_default());
        text
    }

    pub fn send(&mut self, method: &str, path: &str, body: Option<&str>) -> io::Result<()> {
        let request = self.request(method, path, body);
        if self.connection.is_none() {
            let stream = TcpStream::connect_timeout(&self.server, Duration::from_secs(10))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            self.connection = Some(BufReader::new(stream));
        }
        match &mut self.connection {
            Some(connection) => connection.get_mut().write_all(request.as_bytes()),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn reader(&mut self) -> io::Result<&mut BufReader<TcpStream>> {
        self.connection.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Status and headers.
    fn head(&mut self) -> io::Result<Answer> {
        let mut line = String::new();
        let reader = self.reader()?;
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut headers = Vec::new();
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        for (_, value) in headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Answer { status, headers, body: String::new() })
    }

    pub fn receive(&mut self) -> io::Result<Answer> {
        let mut answer = self.head()?;
        let reader = self.reader()?;
        if answer.header("transfer-encoding") == "chunked" {
            while let Some(chunk) = chunk(reader)? {
                answer.body.push_str(&chunk);
            }
        } else {
            let mut bytes = vec![0; answer.header("content-length").parse().unwrap_or(0)];
            reader.read_exact(&mut bytes)?;
            answer.body = String::from_utf8_lossy(&bytes).into_owned();
        }
        if answer.header("connection") == "close" {
            self.connection = None;
        }
        Ok(answer)
    }

    /// Opens a stream; the client is used for nothing else then.
    pub fn stream(&mut self, path: &str) -> io::Result<Answer> {
        self.connection = None;
        self.send("GET", path, None)?;
        self.head()
    }

    /// The next event of a stream: its lines, nothing at its end.
    pub fn event(&mut self) -> io::Result<Option<String>> {
        chunk(self.reader()?)
    }
}

fn chunk(reader: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let size = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
    let mut bytes = vec![0; size + 2];
    reader.read_exact(&mut bytes)?;
    bytes.truncate(size);
    Ok((size > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Fields as forms send them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        text.bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}
