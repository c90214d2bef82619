// Makes pages live. Everything here can be done without it: links and forms work as they stand.
// The server sends whole screens; what was missed does not matter.

const live = () => document.getElementById("live");
const heard = document.getElementById("heard");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const SILENCE = 12000, POLL = 3000, RETRY = 60000;

let stream = null, last = 0, polling = false, failures = 0;
const dirty = new Set();

document.addEventListener("input", (event) => {
  if (event.target.id) dirty.add(event.target.id);
});

// Puts a new screen in place of the old one. What was typed, opened, focused and scrolled stays.
function show(html) {
  const main = live();
  if (!main) return;
  const next = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (!next) return;
  const [before, after] = [Number(main.dataset.seq), Number(next.dataset.seq)];
  if (after < before) return;
  const focused = document.activeElement, id = main.contains(focused) ? focused.id : "", inside = main.contains(focused), lit = inside && focused.closest(".next");
  const typed = new Map(), open = new Map(), scrolled = new Map();
  for (const field of main.querySelectorAll("input[id],select[id],textarea[id]")) {
    if (dirty.has(field.id)) typed.set(field.id, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);
  }
  for (const part of main.querySelectorAll("details[id]")) open.set(part.id, part.open);
  main.querySelectorAll(".scroll").forEach((part, place) => scrolled.set(place, part.scrollTop));
  const turned = main.dataset.phase !== next.dataset.phase, top = window.scrollY;
  const title = main.querySelector("h1")?.textContent, moved = title !== next.querySelector("h1")?.textContent;
  main.replaceWith(next);
  for (const [name, value] of typed) {
    const field = document.getElementById(name);
    if (!field) { dirty.delete(name); continue; }
    if (typeof value === "boolean") field.checked = value; else field.value = value;
  }
  for (const [name, value] of open) {
    const part = document.getElementById(name);
    if (part && !((moved || turned) && name === "card")) part.open = value;
  }
  next.querySelectorAll(".scroll").forEach((part, place) => { part.scrollTop = moved && !part.matches(".side") ? 0 : scrolled.get(place) || 0; });
  if (moved && document.body.className === "student") window.scrollTo(0, 0); else window.scrollTo(0, top);
  const again = id && document.getElementById(id);
  if (again) again.focus({ preventScroll: true });
  else if (lit && next.querySelector(".next .primary")) next.querySelector(".next .primary").focus({ preventScroll: true });
  else if (inside) next.querySelector("h1")?.focus({ preventScroll: true });
  const nudge = next.dataset.nudge !== main.dataset.nudge && next.querySelector(".nudge");
  if (nudge) say(nudge.textContent); else if (turned && next.dataset.say) say(next.dataset.say);
  tick();
  fit();
}

// The wall is read from the back row: letters shrink a little before anybody has to scroll it.
function fit() {
  if (document.body.className !== "projector") return;
  for (const size of [1, 0.92, 0.85, 0.78, 0.7]) {
    document.body.style.setProperty("--fit", size);
    if (document.documentElement.scrollHeight <= window.innerHeight) return;
  }
}
window.addEventListener("resize", fit);

// What groups decided is folded on the screen and printed whole.
window.addEventListener("beforeprint", () => { for (const part of document.querySelectorAll(".group:not([open])")) { part.dataset.folded = "1"; part.open = true; } });
window.addEventListener("afterprint", () => { for (const part of document.querySelectorAll("details[data-folded]")) { delete part.dataset.folded; part.open = false; } });

function say(text) {
  if (heard) heard.textContent = text;
}

function lost(is) {
  const bar = document.getElementById("lost");
  if (!is) return bar?.remove();
  if (bar) return;
  const made = Object.assign(document.createElement("p"), { id: "lost", textContent: document.body.dataset.lost });
  made.setAttribute("role", "status");
  document.body.prepend(made);
}

// Asks for the screen; once if the stream is alive, else again and again.
async function poll() {
  const main = live();
  if (!main?.dataset.view) return;
  try {
    const answer = await fetch(`${main.dataset.view}?since=${main.dataset.seq}`, { cache: "no-store", redirect: "manual" });
    if (answer.status === 200) show(await answer.text());
    else if (answer.status === 403 || answer.type === "opaqueredirect") return location.reload();
    if (answer.status === 200 || answer.status === 304) { failures = 0; lost(false); flush(); }
    else if (++failures > 1) lost(true);
  } catch {
    if (++failures > 1) lost(true);
  }
}

function connect() {
  const main = live();
  stream?.close();
  if (!main?.dataset.stream) return;
  last = Date.now();
  stream = new EventSource(`${main.dataset.stream}?since=${main.dataset.seq}`);
  const alive = () => { last = Date.now(); polling = false; failures = 0; lost(false); flush(); };
  stream.addEventListener("view", (event) => { alive(); show(event.data); });
  stream.addEventListener("beat", alive);
  stream.addEventListener("moved", () => { stream.close(); stream = null; poll(); });
}

// A stream that says nothing is no stream: some networks hold it back without an error.
async function watch() {
  let tried = Date.now();
  for (;;) {
    await wait(polling ? POLL : 1000);
    if (!live()?.dataset.view || document.hidden) continue;
    if (!polling && Date.now() - last > SILENCE) { polling = true; stream?.close(); stream = null; tried = Date.now(); }
    if (polling) {
      await poll();
      if (Date.now() - tried > RETRY) { tried = Date.now(); connect(); }
    }
  }
}

// A phone that slept has a stream that is dead without knowing it.
function wake() {
  if (document.hidden || !live()?.dataset.view) return;
  poll();
  if (!polling) connect();
}
document.addEventListener("visibilitychange", wake);
window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
window.addEventListener("online", wake);
window.addEventListener("pagehide", () => stream?.close());

// Forms are sent without leaving the page. A vote waits in the outbox until it was recorded.
const store = {
  get: (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
  set: (name, value) => { try { value === null ? localStorage.removeItem(name) : localStorage.setItem(name, JSON.stringify(value)); } catch { /* private browsing: the page works without */ } },
};
let sending = null;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const code = form.dataset.ballot;
  if (code) {
    const name = `key-${code}-${body.get("round")}`;
    const key = Math.max(Number(body.get("key")), (store.get(name) || 0) + 1);
    store.set(name, key);
    body.set("key", key);
    for (const one of form.querySelectorAll("[aria-pressed]")) one.setAttribute("aria-pressed", one === event.submitter);
    store.set("outbox", { to: form.action, body: body.toString() });
    return flush();
  }
  form.querySelectorAll("input,textarea,select").forEach((field) => dirty.delete(field.id));
  // Pressed twice it is sent once. It is not disabled: that would take the focus from it.
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  try {
    await take(await post(form.action, body.toString()));
  } catch {
    lost(true);
  }
  form.ariaBusy = null;
});

const post = (to, body) => fetch(to, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded", "x-live": "1" }, redirect: "manual" });

async function take(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 403) return location.reload();
  const text = await answer.text();
  if (text.includes('id="live"')) show(text);
  const notice = document.querySelector("#live .notice");
  if (!answer.ok && notice) notice.scrollIntoView({ block: "nearest" });
}

async function flush() {
  if (sending || !store.get("outbox")) return;
  sending = true;
  for (let pause = 500; ; pause = Math.min(pause * 2, 10000)) {
    const one = store.get("outbox");
    if (!one) break;
    try {
      const answer = await post(one.to, one.body);
      if (answer.status < 500) {
        if (store.get("outbox")?.body === one.body) store.set("outbox", null);
        lost(false);
        await take(answer);
        const recorded = document.querySelector(".recorded");
        if (recorded) say(recorded.textContent);
        continue;
      }
    } catch { /* the network is away */ }
    lost(true);
    await wait(pause * (0.75 + Math.random() / 2));
  }
  sending = null;
}

// Clocks run on the server's time; only the last minute is worth a glance.
let skew = 0;
function tick() {
  for (const clock of document.querySelectorAll(".timer")) {
    if (!clock.dataset.seen) { clock.dataset.seen = "1"; skew = Number(clock.dataset.now) - Date.now(); }
    const left = Math.max(0, Math.ceil((Number(clock.dataset.until) - Date.now() - skew) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
}
setInterval(tick, 1000);

// Words are looked up in place.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.look");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  let box = document.getElementById("look");
  if (!box) {
    box = Object.assign(document.createElement("dialog"), { id: "look" });
    box.addEventListener("click", (inner) => { if (inner.target === box) box.close(); });
    document.body.append(box);
  }
  try {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const entry = page.getElementById("entry");
    if (!entry) return (location.href = link.href);
    entry.removeAttribute("id");
    const close = Object.assign(document.createElement("button"), { textContent: "✕", className: "close", type: "button" });
    close.setAttribute("aria-label", "✕");
    close.addEventListener("click", () => box.close());
    box.replaceChildren(close, entry);
    box.setAttribute("aria-label", entry.querySelector("h1")?.textContent || "");
    if (!box.open) box.showModal();
  } catch {
    location.href = link.href;
  }
});

// The teacher's secret stands after #, which is sent to nobody by itself.
const teach = document.getElementById("teach");
function enter() {
  if (location.hash.length < 2) return;
  teach.elements.secret.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  teach.submit();
}
if (teach) {
  enter();
  window.addEventListener("hashchange", enter);
}

// Whether live pages pass this network.
const check = document.getElementById("stream-check");
if (check) {
  const source = new EventSource(check.dataset.check);
  const done = (text) => { check.textContent = text; source.close(); clearTimeout(late); };
  const late = setTimeout(() => done(check.dataset.slow), 5000);
  source.addEventListener("beat", () => done(check.dataset.ok));
}

const reload = live()?.dataset.reload;
if (reload) setTimeout(() => location.replace(reload), 3000);

if (live()?.dataset.view) { connect(); watch(); flush(); }
tick();
fit();
