//! Addresses at which phones find this machine, and what may stand in the way.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use super::pages::qr;
use crate::catalogue::Catalogue;
use crate::tr;

/// Networks that a school may use; nothing is sent to them.
const TOWARDS: [Ipv4Addr; 5] = [
    Ipv4Addr::new(192, 0, 2, 1),
    Ipv4Addr::new(192, 168, 255, 254),
    Ipv4Addr::new(10, 255, 255, 254),
    Ipv4Addr::new(172, 31, 255, 254),
    Ipv4Addr::new(169, 254, 255, 254),
];

/// This machine's addresses on the networks that it is in, likeliest first; its own alone where it
/// is in none.
pub fn addresses() -> Vec<IpAddr> {
    let mut found = Vec::new();
    for to in TOWARDS {
        // Connecting a datagram socket sends nothing: it asks which way the system would go.
        let from = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
            socket.connect((to, 9))?;
            socket.local_addr()
        });
        if let Ok(from) = from
            && !from.ip().is_loopback()
            && !from.ip().is_unspecified()
            && !found.contains(&from.ip())
        {
            found.push(from.ip());
        }
    }
    if found.is_empty() {
        found.push(Ipv4Addr::LOCALHOST.into());
    }
    found
}

/// The names by which this machine may be asked on a local network.
pub fn names() -> Vec<String> {
    let read = std::fs::read_to_string("/etc/hostname").ok();
    let name = read.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
    let name = name.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
    name.into_iter().flat_map(|name| [format!("{name}.local"), name]).collect()
}

/// A code for phones, as lines for a terminal.
pub fn code(address: &str) -> String {
    qr::blocks(address).unwrap_or_default()
}

/// What to do where phones do not come through.
pub fn advice(words: &Catalogue, addresses: &[IpAddr]) -> Vec<String> {
    let alone = addresses.iter().all(IpAddr::is_loopback);
    let mut advice = Vec::new();
    if alone {
        advice.push(tr!(
            words,
            "This machine is in no network: join the Wi-Fi of the classroom first, or open a hotspot."
        ));
        return advice;
    }
    if addresses.len() > 1 {
        let all = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        advice.push(tr!(
            words,
            "This machine is in more than one network: {addresses}. Phones need the one of the Wi-Fi they are in.",
            addresses = all
        ));
    }
    advice.push(tr!(words, "Nothing came through yet. If the phone says that it can't reach the page:"));
    advice.push(tr!(words, "1. Is the phone in the same Wi-Fi, not the guests', and mobile data off?"));
    advice.push(tr!(words, "2. Does this machine's firewall let this program in? Allow it for private networks."));
    advice.push(tr!(words, "3. Many school networks keep devices apart (client isolation). Open a hotspot on this machine or on a phone, and let everybody join that."));
    advice.push(tr!(
        words,
        "4. Ask the school for a server that all can reach, and start petrograd host there with --remote-teacher."
    ));
    advice.push(tr!(words, "5. Without any network: petrograd play --roles, and pass the keyboard on."));
    advice
}
