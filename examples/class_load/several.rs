//! Several classes on one PostgreSQL, served by two processes: each class's students ask both, its
//! teacher the one and its projector the other.

use std::io;
use std::time::Duration;

use tokio::time::sleep;

use super::Wishes;
use super::crowd::{Shown, changed, vote_and_tell, watch_projector};
use super::figures::{resident, told};
use super::phone::Phone;
use super::server::{Server, steer};

/// Seats the classes, has all vote at once, and prints how long it took.
pub async fn run(wishes: &Wishes, url: &str) -> io::Result<()> {
    let start = |more: &[&str]| Server::start(&wishes.program, url, wishes.seats, "127.0.0.1:0", more);
    let mut classes = Vec::new();
    for _ in 0..wishes.classes {
        // The program makes a class when it starts; whoever serves the database serves them all.
        let founded = start(&["--new"])?;
        classes.push((founded.code.clone(), founded.secret.clone()));
    }
    let servers = [start(&[])?, start(&[])?];
    let shown = Shown::default();
    let (mut phones, mut joined) = (Vec::new(), Vec::new());
    for (place, (code, secret)) in classes.iter().enumerate() {
        let mut teacher = Phone::new(servers[place % 2].address);
        teacher.post("/teach", &format!("secret={secret}")).await?;
        for seat in 0..wishes.seats {
            let mut phone = Phone::new(servers[seat % 2].address);
            joined.push(phone.join(code).await?);
            phones.push(phone);
        }
        steer(&mut teacher, code, "begin&mode=class&role=keeper").await?;
        steer(&mut teacher, code, "open").await?;
        watch_projector(servers[(place + 1) % 2].address, code, &shown);
    }
    told(&format!("B13 a join, {} classes of {}", wishes.classes, wishes.seats), joined);
    // A class's students side by side would be one after the other in time: they are mixed.
    let mixed = (0..phones.len()).map(|place| place % wishes.classes * wishes.seats + place / wishes.classes);
    let mut by_place: Vec<_> = phones.drain(..).map(Some).collect();
    phones = mixed.filter_map(|place| by_place[place].take()).collect();
    sleep(Duration::from_secs(1)).await;

    let key = vote_and_tell(&mut phones, &shown, ["B13 a vote", "B13 the same on the other process's projector"]).await;
    for phone in &mut phones {
        // Whoever voted at the one looks at the other.
        let other = servers.iter().find(|server| server.address != phone.server);
        phone.hang_up();
        phone.server = other.map_or(phone.server, |server| server.address);
    }
    println!("B13 votes that are another one at the other process: {}", changed(&mut phones, key).await);
    let memory = servers.each_ref().map(|server| resident(server.child.id()) / 1_024);
    println!("B13 memory: {} MB and {} MB", memory[0], memory[1]);
    Ok(())
}
