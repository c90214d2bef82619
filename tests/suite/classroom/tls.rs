//! Threat T18: what travels. With a certificate everything is encrypted, the limits of sockets hold
//! as they do without, and without one it is said plainly.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::browser::{Browser, Wishes};
use super::pages::have_browsers;
use super::server::{Scratch, lighthouse, program};

/// A certificate for this machine, made now, and its key.
struct Certificate {
    folder: Scratch,
    der: CertificateDer<'static>,
}

impl Certificate {
    fn new() -> Certificate {
        let folder = Scratch::new("tls");
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]);
        let made = made.expect("a certificate");
        fs::write(folder.0.join("cert.pem"), made.cert.pem()).expect("it is written");
        fs::write(folder.0.join("key.pem"), made.signing_key.serialize_pem()).expect("it is written");
        Certificate { folder, der: made.cert.der().clone() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    /// The program with this certificate, up to what ends its first words.
    fn host(&self, more: &[&str], until: &str) -> (Child, Vec<String>) {
        let database = format!("sqlite:{}", self.file("class.db").display());
        let mut command = program(&["host", "--bind", "127.0.0.1:0", "--database", &database]);
        command.arg("--tls-cert").arg(self.file("cert.pem")).arg("--tls-key").arg(self.file("key.pem"));
        let mut child = command.args(more).arg(lighthouse()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let is_last = line.contains(until);
            said.push(line);
            if is_last {
                break;
            }
        }
        std::thread::spawn(move || lines.for_each(drop));
        (child, said)
    }

    /// A connection by TLS that trusts this certificate.
    fn connect(&self, server: SocketAddr) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").expect("a name");
        let client = ClientConnection::new(Arc::new(config), name).expect("a client");
        StreamOwned::new(client, plain(server))
    }

    fn ask(&self, server: SocketAddr, request: &str) -> String {
        read(self.connect(server), request)
    }
}

fn plain(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream
}

fn read(mut stream: impl Read + Write, request: &str) -> String {
    let host = "localhost";
    let text = format!("{request}\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(text.as_bytes()).expect("it takes the request");
    let mut answer = Vec::new();
    // Browsers end without a word too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// What stands behind `https://` in the line that tells where students go.
fn address(said: &[String]) -> SocketAddr {
    let line = said.iter().find_map(|line| line.split_once("https://127.0.0.1:"));
    let port = line.map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    let port = port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no https in {said:?}"));
    ([127, 0, 0, 1], port).into()
}

struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn t18_with_a_certificate_everything_is_encrypted() {
    let certificate = Certificate::new();
    let (child, said) = certificate.host(&[], "Ctrl-C");
    let _ends = Ends(child);
    let server = address(&said);
    let all = said.join("\n");
    assert!(all.contains("encrypted") && !all.contains("plain HTTP") && !all.contains("http://"), "{all}");
    assert!(all.contains(&format!("https://localhost:{}/teach#", server.port())), "the teacher's link too: {all}");
    let front = certificate.ask(server, "GET / HTTP/1.1");
    assert!(front.starts_with("HTTP/1.1 200") && front.contains("content-security-policy"), "{front}");
    let cookies: Vec<&str> = front.lines().filter(|line| line.starts_with("set-cookie")).collect();
    assert!(!cookies.is_empty(), "{front}");
    for cookie in cookies {
        assert!(cookie.ends_with("HttpOnly; SameSite=Strict; Secure"), "{cookie}");
    }
    assert!(certificate.ask(server, "GET /privacy HTTP/1.1").contains("encrypted"), "the data sheet says so");
    // Whoever types the address without TLS is told where to go, and nothing else.
    let moved = read(plain(server), "GET /j/ABCDEF?x=1 HTTP/1.1");
    assert!(moved.starts_with("HTTP/1.1 303"), "{moved}");
    assert!(moved.contains(&format!("location: https://127.0.0.1:{}/j/ABCDEF?x=1", server.port())), "{moved}");
    assert!(!moved.contains("set-cookie") && !moved.contains("<html"), "{moved}");
    // Another name than the server's is refused here as elsewhere.
    let mut foreign = certificate.connect(server);
    foreign.write_all(b"GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    let _ = foreign.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[test]
fn t18_sockets_have_no_more_time_with_a_certificate() {
    let certificate = Certificate::new();
    let (child, said) = certificate.host(&[], "Ctrl-C");
    let _ends = Ends(child);
    let server = address(&said);
    let silent = plain(server);
    let mut begun_shaking = plain(server);
    begun_shaking.write_all(&[0x16, 3, 1]).expect("sent");
    let mut dribbling = certificate.connect(server);
    dribbling.write_all(b"GET / HTTP/1.1\r\nhost: local").expect("sent");
    dribbling.flush().expect("sent");
    let begun = Instant::now();
    let ends = |mut stream: Box<dyn Read + Send>, within: u64| {
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
            assert!(begun.elapsed() < Duration::from_secs(within), "it held for {:?}", begun.elapsed());
        })
    };
    let all = [ends(Box::new(silent), 9), ends(Box::new(begun_shaking), 16), ends(Box::new(dribbling), 16)];
    // Meanwhile whoever speaks is answered.
    assert!(certificate.ask(server, "GET / HTTP/1.1").starts_with("HTTP/1.1 200"));
    all.into_iter().for_each(|one| one.join().expect("each was closed in time"));
}

#[test]
fn t18_what_is_no_certificate_is_refused() {
    let (certificate, other) = (Certificate::new(), Certificate::new());
    fs::write(certificate.file("empty.pem"), "nothing here").expect("it is written");
    let run = |cert: PathBuf, key: Option<PathBuf>| {
        let database = format!("sqlite:{}", certificate.file("refused.db").display());
        let mut command = program(&["host", "--bind", "127.0.0.1:0", "--database", &database]);
        command.arg("--tls-cert").arg(cert);
        if let Some(key) = key {
            command.arg("--tls-key").arg(key);
        }
        let out = command.arg(lighthouse()).output().expect("it runs");
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let cases = [
        (certificate.file("cert.pem"), None, 2, "--tls-key"),
        (certificate.file("none.pem"), Some(certificate.file("key.pem")), 3, "none.pem"),
        (certificate.file("empty.pem"), Some(certificate.file("key.pem")), 3, "empty.pem"),
        (certificate.file("cert.pem"), Some(certificate.file("cert.pem")), 3, "cert.pem"),
        (certificate.file("cert.pem"), Some(other.file("key.pem")), 3, "TLS"),
    ];
    for (cert, key, code, said) in cases {
        let (ended, error) = run(cert.clone(), key);
        assert!(ended == Some(code) && error.contains(said), "{}: {ended:?} {error}", cert.display());
    }
}

#[test]
fn t18_the_check_and_a_phone_by_tls() {
    let certificate = Certificate::new();
    let (child, said) = certificate.host(&["--check=60"], "Waiting for it");
    drop(Ends(child));
    assert!(said.iter().any(|line| line.contains("https://127.0.0.1:") && line.ends_with("/check")), "{said:?}");
    let _one = have_browsers();
    let Some(phone) = Browser::begin(Wishes { phone: true, ..Wishes::default() }) else { return };
    let (child, said) = certificate.host(&[], "Ctrl-C");
    let _ends = Ends(child);
    let server = address(&said);
    let code = said.iter().find_map(|line| line.split_once("type ")).map(|(_, code)| code.trim().to_owned());
    // As a student does who forgets `https`.
    phone.open(&format!("http://{server}/j/{}", code.expect("a code")));
    assert!(phone.url().starts_with("https://"), "{}", phone.url());
    phone.press("button.primary");
    phone.find("[data-phase=lobby]");
    let cookies = phone.devtools("Network.getCookies", &serde_json::json!({}));
    let cookies = cookies["cookies"].as_array().cloned().unwrap_or_default();
    assert!(!cookies.is_empty() && cookies.iter().all(|cookie| cookie["secure"] == true), "{cookies:?}");
    let complaints = phone.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}
