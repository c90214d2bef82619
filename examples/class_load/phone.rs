//! A phone: one connection to ask on, one stream to listen on, and what it was told.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A phone with a seat, or about to have one.
#[derive(Debug)]
pub struct Phone {
    pub server: SocketAddr,
    /// The class that it is in, once it has joined.
    pub code: String,
    /// Its cookies, as they are sent.
    pub cookies: Vec<(String, String)>,
    connection: Option<BufReader<TcpStream>>,
}

/// An answer: status, where to, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    /// What stands between two pieces of text.
    pub fn between(&self, before: &str, after: &str) -> &str {
        between(&self.body, before, after)
    }
}

pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

impl Phone {
    pub fn new(server: SocketAddr) -> Phone {
        Phone { server, code: String::new(), cookies: Vec::new(), connection: None }
    }

    /// Another phone with the same cookies.
    pub fn twin(&self) -> Phone {
        Phone { server: self.server, code: self.code.clone(), cookies: self.cookies.clone(), connection: None }
    }

    /// As if the Wi-Fi had gone.
    pub fn hang_up(&mut self) {
        self.connection = None;
    }

    pub async fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, None).await
    }

    pub async fn post(&mut self, path: &str, body: &str) -> io::Result<Answer> {
        self.ask("POST", path, Some(body)).await
    }

    /// Asks; once more where the connection had ended meanwhile, as browsers do.
    async fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> io::Result<Answer> {
        let had = self.connection.is_some();
        match self.once(method, path, body).await {
            Err(_) if had => self.once(method, path, body).await,
            other => other,
        }
    }

    async fn once(&mut self, method: &str, path: &str, body: Option<&str>) -> io::Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => BufReader::new(TcpStream::connect(self.server).await?),
        };
        connection.get_mut().write_all(self.request(method, path, body).as_bytes()).await?;
        let (status, length) = self.head(&mut connection).await?;
        let mut bytes = vec![0; length.unwrap_or(0)];
        connection.read_exact(&mut bytes).await?;
        self.connection = Some(connection);
        Ok(Answer { status, body: String::from_utf8_lossy(&bytes).into_owned() })
    }

    fn request(&self, method: &str, path: &str, body: Option<&str>) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut text = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\naccept: application/json\r\n",
            self.server,
            cookies.join("; ")
        );
        if let Some(body) = body {
            text.push_str(&format!(
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
                body.len()
            ));
        }
        text + "\r\n" + body.unwrap_or_default()
    }

    async fn head(&mut self, connection: &mut BufReader<TcpStream>) -> io::Result<(u16, Option<usize>)> {
        let (mut status, mut length, mut line) = (0, None, String::new());
        loop {
            line.clear();
            if connection.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = line.trim_end();
            if text.is_empty() {
                return Ok((status, length));
            }
            if let Some(rest) = text.strip_prefix("HTTP/1.1 ") {
                status = rest.get(..3).and_then(|status| status.parse().ok()).unwrap_or(0);
            }
            let Some((name, value)) = text.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok();
            }
            if name.eq_ignore_ascii_case("set-cookie")
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Takes a seat: the page, and its button. How long both took.
    pub async fn join(&mut self, code: &str) -> io::Result<Duration> {
        let begun = Instant::now();
        let path = format!("/j/{code}");
        let page = self.get(&path).await?;
        let offered = page.between("name=\"offered\" value=\"", "\"").replace(' ', "+");
        let seated = self.post(&path, &format!("offered={offered}&alias=")).await?;
        if seated.status != 303 {
            return Err(io::Error::other(format!("{}: {}", seated.status, seated.body)));
        }
        code.clone_into(&mut self.code);
        Ok(begun.elapsed())
    }

    /// Votes; the number under which it was recorded.
    pub async fn vote(&mut self, round: u64, key: u64, option: &str) -> io::Result<u64> {
        let body = format!("round={round}&key={key}&option={option}");
        let answer = self.post(&format!("/s/{}/ballot", self.code), &body).await?;
        let line: serde_json::Value = serde_json::from_str(&answer.body)?;
        line["seq"].as_u64().ok_or_else(|| io::Error::other(answer.body))
    }
}

/// A stream that is listened to.
#[derive(Debug)]
pub struct Ear(BufReader<TcpStream>);

impl Ear {
    /// Opens a stream.
    pub async fn open(phone: &mut Phone, path: &str) -> io::Result<Ear> {
        let mut connection = BufReader::new(TcpStream::connect(phone.server).await?);
        connection.get_mut().write_all(phone.request("GET", path, None).as_bytes()).await?;
        match phone.head(&mut connection).await? {
            (200, _) => Ok(Ear(connection)),
            (status, _) => Err(io::Error::other(status.to_string())),
        }
    }

    /// The next event: its name and, of a view, the number of what it shows.
    pub async fn next(&mut self) -> io::Result<(String, u64)> {
        let (mut name, mut seq, mut line) = (String::new(), 0, String::new());
        loop {
            line.clear();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = line.trim_end();
            if let Some(number) = text.strip_prefix("id: ") {
                seq = number.parse().unwrap_or(0);
            } else if let Some(event) = text.strip_prefix("event: ") {
                event.clone_into(&mut name);
            } else if text.is_empty() && !name.is_empty() {
                return Ok((name, seq));
            }
        }
    }
}
