//! Who asks, and whether they may. Everything that is not allowed here is refused.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::answer::{see, with_cookie, with_status};
use crate::host::hall::Lesson;
use crate::host::pages;
use crate::host::secret;
use crate::tr;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Everybody who reaches the server.
    Anyone,
    /// Everybody who knows the class's code.
    Class,
    /// Whoever has a seat in the class.
    Student,
    /// Whoever sits at this machine.
    Local,
    /// The class's teacher.
    Teacher,
}

/// Who asks.
#[derive(Clone)]
pub struct Caller {
    /// The class, where the route names one.
    pub lesson: Option<Arc<Lesson>>,
    /// The seat, on a student's routes.
    pub seat: u32,
    /// The place of the language that is shown.
    pub tongue: usize,
    /// The token in the caller's seat cookie.
    pub token: Option<String>,
    /// What the browser is known by where it has no seat.
    pub browser: Option<String>,
    /// Where from.
    pub address: IpAddr,
}

impl Caller {
    /// The class.
    ///
    /// # Errors
    ///
    /// A response for routes that name none.
    pub fn lesson(&self) -> Result<&Arc<Lesson>, Response> {
        self.lesson.as_ref().ok_or_else(|| StatusCode::NOT_FOUND.into_response())
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// At the border: the host that is asked, the site that asks, and the headers of every answer.
pub async fn border(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if !is_ours(&app, &asked) {
        let words = &app.hall.world.tongue(0).words;
        let text = tr!(words, "This server does not answer to that name. Type the address that the teacher shows.");
        return sealed(with_status(StatusCode::FORBIDDEN, pages::notice(words, &text)), &asked);
    }
    if *request.method() == Method::POST && !is_same_site(request.headers(), &asked) {
        let words = &app.hall.world.tongue(0).words;
        let text = tr!(words, "This was sent from another site, and nothing was done.");
        return sealed(with_status(StatusCode::FORBIDDEN, pages::notice(words, &text)), &asked);
    }
    let response = sealed(next.run(request).await, &asked);
    if app.options.encrypted { with_secure_cookies(response) } else { response }
}

/// The name or address in a host, without its port.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

/// Cookies that browsers send by TLS alone.
fn with_secure_cookies(mut response: Response) -> Response {
    let secured = |value: &HeaderValue| HeaderValue::from_str(&format!("{}; Secure", value.to_str().ok()?)).ok();
    let cookies: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).iter().filter_map(secured).collect();
    response.headers_mut().remove(SET_COOKIE);
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Addresses can't be rebound, names can: so every address is ours, and the names that we gave.
fn is_ours(app: &App, host: &str) -> bool {
    let name = name_of(host);
    name.parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || app.options.names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_same_site(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let fetched = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("null"));
    let same = origin.is_none_or(|origin| origin.split_once("://").is_some_and(|(_, rest)| rest == host));
    fetched && same
}

/// The headers of every answer.
fn sealed(mut response: Response, host: &str) -> Response {
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    );
    put("x-content-type-options", "nosniff");
    // Not `no-referrer`: with it browsers send `Origin: null` with forms.
    put("referrer-policy", "same-origin");
    put("permissions-policy", "camera=(), microphone=(), geolocation=()");
    // At an address of a network, where there is no TLS, browsers ignore it and complain.
    if name_of(host).parse::<IpAddr>().is_ok_and(|address| !address.is_loopback()) {
        return response;
    }
    put("cross-origin-opener-policy", "same-origin");
    response
}

/// At a route: whether the caller may.
pub async fn guard(State((app, right)): State<(App, Right)>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let language = cookie(headers, "lang").map_or(0, |language| app.hall.world.place(language));
    let mut caller = Caller {
        lesson: None,
        seat: 0,
        tongue: language,
        token: None,
        browser: cookie(headers, "b").map(str::to_owned),
        address,
    };
    if right == Right::Anyone {
        request.extensions_mut().insert(caller);
        return next.run(request).await;
    }
    if matches!(right, Right::Local | Right::Teacher) && !app.options.remote_teacher && !address.is_loopback() {
        return forbidden(&app);
    }
    if right == Right::Local {
        request.extensions_mut().insert(caller);
        return next.run(request).await;
    }
    let code = request.uri().path().split('/').nth(2).unwrap_or_default().to_owned();
    let token = cookie(headers, &format!("s{code}")).map(str::to_owned);
    let teacher = cookie(headers, &format!("t{code}")).map(secret::hash);
    // Whoever has a cookie of a class has guessed nothing.
    let known = token.is_some() || teacher.is_some();
    if !known && !app.limits.may_guess(caller.browser.as_deref(), address) {
        // Whoever has no mark yet is given one and asks again: a neighbour's guesses are not theirs.
        let mark = caller.browser.is_none().then(|| app.limits.new_browser(address)).flatten();
        return match mark.filter(|_| *request.method() == Method::GET) {
            Some(mark) => with_cookie(see(request.uri().path()), "b", &mark, 1),
            None => too_many(&app),
        };
    }
    let lesson = match app.hall.class(&code).await {
        Ok(Some(lesson)) => lesson,
        Ok(None) => return missed(&app, &caller).await,
        Err(_) => return unavailable(&app),
    };
    caller.token = token;
    let allowed = match right {
        Right::Class => true,
        Right::Student => {
            let room = lesson.room();
            let hash = caller.token.as_deref().map(secret::hash);
            let seat = hash.and_then(|hash| room.seat_of(&hash).map(|(seat, _)| seat));
            caller.seat = seat.unwrap_or(0);
            seat.is_some()
        }
        Right::Teacher => match teacher {
            Some(hash) => app.hall.store.is_teacher(lesson.class.id, &hash).await.unwrap_or(false),
            None => false,
        },
        Right::Anyone | Right::Local => false,
    };
    if !allowed {
        // A student who has no seat, or whose seat was taken away, is shown the door where seats are taken.
        let is_page = *request.method() == Method::GET && request.uri().path() == format!("/s/{code}");
        if !is_page {
            return forbidden(&app);
        }
        let door = see(&format!("/j/{code}"));
        // Of a class that was deleted nothing stays on the phone either.
        let purged = caller.token.is_some() && lesson.room().purged;
        return if purged { with_cookie(door, &format!("s{code}"), "", 0) } else { door };
    }
    if right == Right::Student {
        lesson.heard(caller.seat);
    }
    let fresh = caller.browser.is_none().then(|| app.limits.new_browser(address)).flatten();
    caller.browser = caller.browser.or_else(|| fresh.clone());
    caller.lesson = Some(lesson);
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    match fresh {
        Some(browser) => with_cookie(response, "b", &browser, 1),
        None => response,
    }
}

/// A code that is no class's: counted, and answered slowly.
pub async fn missed(app: &App, caller: &Caller) -> Response {
    app.limits.miss(caller.browser.as_deref(), caller.address);
    tokio::time::sleep(app.limits.delay(caller.address)).await;
    let words = &app.hall.world.tongue(caller.tongue).words;
    let text = tr!(words, "No class has this code. Look at the screen again.");
    with_status(StatusCode::NOT_FOUND, pages::front(words, &app.hall.world, Some(&text)))
}

pub fn too_many(app: &App) -> Response {
    let words = &app.hall.world.tongue(0).words;
    let text = tr!(words, "Too many codes were tried from here. Wait ten minutes, or ask your teacher.");
    with_status(StatusCode::TOO_MANY_REQUESTS, pages::notice(words, &text))
}

fn unavailable(app: &App) -> Response {
    let words = &app.hall.world.tongue(0).words;
    let text = tr!(words, "The class can't be read just now. Try again in a moment.");
    with_status(StatusCode::SERVICE_UNAVAILABLE, pages::notice(words, &text))
}

fn forbidden(app: &App) -> Response {
    let words = &app.hall.world.tongue(0).words;
    with_status(StatusCode::FORBIDDEN, pages::notice(words, &tr!(words, "This is not yours to open.")))
}

/// A body that is nothing.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
