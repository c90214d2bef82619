//! Sockets: who may hold one, and for how long without saying anything.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

use super::tls::{HANDSHAKE, Tls};

/// A socket that says nothing for so long is closed.
const FIRST: Duration = Duration::from_secs(5);
/// A handshake has to be done after so long, and a request's headers have to be there.
const HEADERS: Duration = Duration::from_secs(10);

/// How many sockets there may be.
#[derive(Clone, Copy, Debug)]
pub struct Doors {
    /// From one address; this machine's own are not counted.
    pub per_address: usize,
    /// At once.
    pub all: usize,
    /// Of these, kept for the teacher at this machine.
    pub reserved: usize,
}

impl Default for Doors {
    fn default() -> Doors {
        Doors { per_address: 400, all: 4_096, reserved: 16 }
    }
}

/// The sockets that are open.
#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One open socket; dropping it makes room.
struct Held {
    open: Arc<Mutex<Open>>,
    address: IpAddr,
}

impl Held {
    fn take(open: &Arc<Mutex<Open>>, doors: Doors, address: IpAddr) -> Option<Held> {
        let mut all = open.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = all.by_address.get(&address).copied().unwrap_or(0);
        let most = if address.is_loopback() { doors.all } else { doors.all.saturating_sub(doors.reserved) };
        if all.all >= most || (!address.is_loopback() && mine >= doors.per_address) {
            return None;
        }
        all.all += 1;
        *all.by_address.entry(address).or_insert(0) += 1;
        Some(Held { open: open.clone(), address })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut all = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        all.all = all.all.saturating_sub(1);
        if let Some(mine) = all.by_address.get_mut(&self.address) {
            *mine = mine.saturating_sub(1);
            if *mine == 0 {
                all.by_address.remove(&self.address);
            }
        }
    }
}

/// Serves until `stop` is ready; by TLS alone where there is a certificate.
pub async fn serve(listener: TcpListener, app: Router, doors: Doors, tls: Option<Tls>, stop: impl Future<Output = ()>) {
    let open = Arc::new(Mutex::new(Open::default()));
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file handles: those that are open have to close first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let address = peer.ip().to_canonical();
        // Who finds no room is not answered: an answer would cost what there is none of.
        if let Some(held) = Held::take(&open, doors, address) {
            tokio::spawn(one(stream, SocketAddr::new(address, peer.port()), app.clone(), tls.clone(), held));
        }
    }
}

async fn one(stream: TcpStream, peer: SocketAddr, app: Router, tls: Option<Tls>, _held: Held) {
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    match tokio::time::timeout(FIRST, stream.peek(&mut first)).await {
        Ok(Ok(1..)) => {}
        _ => return,
    }
    match tls {
        None => http(stream, peer, app).await,
        Some(tls) if first == [HANDSHAKE] => {
            if let Ok(Ok(stream)) = tokio::time::timeout(HEADERS, tls.acceptor.accept(stream)).await {
                http(stream, peer, app).await;
            }
        }
        Some(tls) => http(stream, peer, tls.plain).await,
    }
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr, app: Router) {
    let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().call(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(16 << 10);
    // A browser that goes away is no error.
    let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
}
