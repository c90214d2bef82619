//! T4: every route, asked by everybody who might, of their own class and of another's.

use petrograd::host::web::{Right, routes};

use super::client::{Answer, Client};
use super::server::{Server, lighthouse};

/// Who may use a route of each right. A new route without a right does not compile; a new right
/// without a row here fails.
fn may(right: Right, caller: &str) -> bool {
    match right {
        Right::Anyone | Right::Class => true,
        Right::Local => true, // the whole test runs on this machine
        Right::Student => caller == "student",
        Right::Teacher => caller == "teacher",
    }
}

fn is_refused(answer: &Answer) -> bool {
    answer.status == 403 || (answer.status == 303 && answer.header("location").starts_with("/j/"))
}

#[test]
fn t04_every_route_asks_who_asks() {
    let own = Server::start(&lighthouse(), &[]);
    let other = Server::start(&lighthouse(), &[]);
    let mut checked = 0;
    for (method, route, right) in routes() {
        for caller in ["stranger", "student", "teacher", "student elsewhere", "teacher elsewhere"] {
            let mut client = match caller {
                "student" => own.student(""),
                "teacher" => own.teacher(),
                "student elsewhere" => moved(other.student(""), &own),
                "teacher elsewhere" => moved(other.teacher(), &own),
                _ => own.client(),
            };
            let path = route
                .replace("{code}", &own.code)
                .replace("{file}", "x.css")
                .replace("{seat}", "1")
                .replace("{kind}", "person")
                .replace("{id}", "pepa")
                .replace("{language}", "es");
            if path.ends_with("/stream") {
                let answer = client.stream(&path).expect("an answer");
                assert_eq!(!is_refused(&answer), may(right, caller), "{caller}: {method} {path}: {answer:?}");
                continue;
            }
            let body = (method == "POST").then_some("");
            let answer = client.ask(method, &path, body).expect("an answer");
            let own_door =
                answer.status == 303 && answer.header("location").starts_with("/j/") && path.starts_with("/j/");
            // A bad secret and wrong words are refused with 403 too: that is no question of rights.
            let is_open = !is_refused(&answer) || own_door || path == "/teach" || path.ends_with("/again");
            assert_eq!(
                is_open,
                may(right, caller),
                "{caller}: {method} {path}: {} {}",
                answer.status,
                answer.header("location")
            );
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The same cookies, asking another class.
fn moved(client: Client, to: &Server) -> Client {
    let mut asks = to.client();
    // As if it had renamed its cookies after the other class's code, too.
    for (name, value) in &client.jar {
        let kind: String = name.chars().take(1).collect();
        asks.jar.insert(format!("{kind}{}", to.code), value.clone());
        asks.jar.insert(name.clone(), value.clone());
    }
    asks
}
