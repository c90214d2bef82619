//! TLS, for whoever serves a class beyond one classroom: a certificate and its key, from two files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// The first byte of whoever speaks TLS.
pub const HANDSHAKE: u8 = 0x16;

/// What a door needs that speaks TLS.
#[derive(Clone)]
pub struct Tls {
    /// Shakes hands.
    pub acceptor: TlsAcceptor,
    /// What answers those who asked without TLS: the address that they have to ask.
    pub plain: Router,
}

/// Why two files are no certificate and its key.
#[derive(Debug)]
pub enum Unusable {
    /// One of them can't be read, or is no PEM file of its kind.
    Unread(PathBuf, pem::Error),
    /// They don't go together, or TLS can't be spoken with them.
    Unfit(rustls::Error),
}

impl fmt::Display for Unusable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Unread(file, error) => write!(out, "{}: {error}", file.display()),
            Unusable::Unfit(error) => error.fmt(out),
        }
    }
}

impl Tls {
    /// Opens a certificate chain and its key, both as PEM; `address` is where students ask.
    ///
    /// # Errors
    ///
    /// Where they can't be read or don't go together.
    pub fn open(certificate: &Path, key: &Path, address: &str) -> Result<Tls, Unusable> {
        let unread = |file: &Path| {
            let file = file.to_owned();
            move |error| Unusable::Unread(file, error)
        };
        let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let some = |chain: Vec<CertificateDer<'static>>| match chain.is_empty() {
            true => Err(pem::Error::NoItemsFound),
            false => Ok(chain),
        };
        let chain = chain.and_then(some).map_err(unread(certificate))?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(unread(key))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(Unusable::Unfit)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls { acceptor: Arc::new(config).into(), plain: moved(address) })
    }
}

/// Sends whoever asked without TLS to the same page with it; what they sent is not asked for twice.
fn moved(address: &str) -> Router {
    let address = address.trim_end_matches('/').to_owned();
    Router::new().fallback(move |asked: Uri| std::future::ready(there(&address, &asked)))
}

fn there(address: &str, asked: &Uri) -> Response {
    let path = asked.path_and_query().map_or("/", |path| path.as_str());
    match HeaderValue::from_str(&format!("{address}{path}")) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
