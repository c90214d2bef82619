"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { nodes, edges, targets, words } = data;
  const [width, height] = data.size;
  const at = (id) => document.getElementById(id);
  const stage = at("stage"), sheet = at("sheet"), world = at("world");
  const boxes = nodes.map((_, n) => at("n" + n));
  const lines = edges.map((_, e) => at("e" + e));
  const places = boxes.map((box) => {
    const [x, y] = box.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    const size = box.querySelector(".box").getBBox();
    return { x, y, w: size.width, h: size.height };
  });
  const full = boxes.map((box) => box.querySelector(".title").textContent);
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const percent = (share) => {
    const whole = share * 100;
    return whole > 0 && whole < 0.5 ? "<1 %" : whole < 100 && whole > 99.5 ? ">99 %" : Math.round(whole) + " %";
  };
  const make = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  // The whole in small.
  const map = at("map"), frame = at("frame");
  map.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const jump = (event) => {
    if (event.type === "pointermove" && !(event.buttons & 1)) return;
    const small = map.getBoundingClientRect(), room = stage.getBoundingClientRect();
    const by = Math.max(width / small.width, height / small.height);
    left = room.width / 2 - (event.clientX - small.left - (small.width - width / by) / 2) * by * scale;
    top = (room.height + HEAD) / 2 - (event.clientY - small.top - (small.height - height / by) / 2) * by * scale;
    show();
  };
  map.addEventListener("pointerdown", jump);
  map.addEventListener("pointermove", jump);

  // The view: how much larger, and where the picture's corner is.
  let scale = 1, left = 0, top = 0, level = "";
  const HEAD = 46;
  const headings = (holder, list) => list.map((one) => {
    const made = holder.appendChild(make("div"));
    made.append(make("b", one.title), ...(holder.id === "months" ? [make("small", one.counts)] : []));
    made.title = one.counts;
    return made;
  });
  const months = headings(at("months"), data.bands);
  const lanes = headings(at("lanes"), data.lanes.filter((lane) => lane.title));
  function show() {
    const room = stage.getBoundingClientRect();
    const clamp = (value, size, whole) => Math.min(size * 0.7, Math.max(size * 0.3 - whole, value));
    left = clamp(left, room.width, width * scale);
    top = clamp(top, room.height, height * scale);
    world.setAttribute("transform", `translate(${left} ${top}) scale(${scale})`);
    data.bands.forEach((band, n) => {
      const from = Math.max(0, left + band.at * scale);
      const to = Math.min(room.width, left + (band.at + band.size) * scale);
      months[n].style.cssText = to - from < 8 ? "display: none" : `left: ${from}px; width: ${to - from}px`;
      const needed = band.title.length * 9 + 16;
      const short = band.title.replace(/ \d+$/, "");
      months[n].firstChild.textContent = to - from > needed ? band.title : to - from > short.length * 10 + 14 ? short : short.slice(0, 3);
    });
    data.lanes.filter((lane) => lane.title).forEach((lane, n) => {
      const from = Math.max(4, top + lane.at * scale - HEAD + 2);
      const end = top + (lane.at + lane.size) * scale - HEAD;
      const letters = Math.min(15, lane.size * scale * 0.6);
      const high = letters * 1.4 + 4;
      lanes[n].style.cssText = end < high || from > room.height ? "display: none" : `top: ${Math.min(from, end - high)}px; font-size: ${letters}px`;
    });
    // Where the window stands in the whole.
    const seen = [-left / scale, (HEAD - top) / scale, room.width / scale, (room.height - HEAD) / scale];
    ["x", "y", "width", "height"].forEach((side, n) => frame.setAttribute(side, seen[n]));
    map.hidden = width * scale < room.width && height * scale < room.height - HEAD;
    const now = scale < 0.22 ? "tiny" : scale < 0.55 ? "far" : "near";
    if (now !== level) {
      level = now;
      sheet.classList.toggle("far", now !== "near");
      boxes.forEach((box, n) => letter(box.querySelector(".title"), n));
    }
  }

  // What is small is written larger, on two lines, and not at all where it can't be read.
  function letter(title, n) {
    title.textContent = level === "tiny" ? "" : full[n];
    title.style.fontSize = "";
    if (level !== "far") return;
    const size = 22, most = Math.floor((places[n].w - 20) / (size * 0.64));
    const rows = [""];
    for (const word of nodes[n].title.split(/\s+/)) {
      const row = rows[rows.length - 1];
      if (!row || (row + " " + word).length <= most) rows[rows.length - 1] = row ? row + " " + word : word;
      else rows.push(word);
    }
    const shown = rows.slice(0, 2).map((row) => row.length > most ? row.slice(0, most - 1) + "…" : row);
    if (rows.length > 2 && !shown[1].endsWith("…")) shown[1] = shown[1].slice(0, most - 1) + "…";
    title.textContent = "";
    title.style.fontSize = size + "px";
    shown.forEach((row, number) => {
      const span = title.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "tspan"));
      span.textContent = row;
      span.setAttribute("x", 12);
      span.setAttribute("y", shown.length === 1 ? 37 : 26 + number * 24);
    });
  }
  function zoom(by, x, y) {
    const room = stage.getBoundingClientRect();
    const [px, py] = [x ?? room.width / 2, y ?? room.height / 2];
    const next = Math.min(2.5, Math.max(whole() * 0.6, scale * by));
    left = px - ((px - left) * next) / scale;
    top = py - ((py - top) * next) / scale;
    scale = next;
    show();
  }
  const whole = () => {
    const room = stage.getBoundingClientRect();
    return Math.min(1, (room.width - 20) / width, (room.height - HEAD - 40) / height);
  };
  function fit() {
    const room = stage.getBoundingClientRect();
    scale = whole();
    left = (room.width - width * scale) / 2;
    top = Math.max(HEAD + 30, (room.height + HEAD - height * scale) / 2);
    show();
  }
  // The beginning, as large as the window is high.
  function begin() {
    const room = stage.getBoundingClientRect();
    fit();
    const able = Math.min(0.8, (room.height - HEAD - 120) / height);
    if (able <= scale) return;
    scale = able;
    left = Math.min(150, room.width / 4);
    top = Math.max(HEAD + 10, (room.height + HEAD - 90 - height * scale) / 2);
    show();
  }
  function centre(n, least) {
    const room = stage.getBoundingClientRect(), place = places[n];
    scale = Math.max(scale, least ?? scale);
    const x = left + (place.x + place.w / 2) * scale, y = top + (place.y + Math.min(place.h, 200) / 2) * scale;
    const inside = x > 110 && x < room.width - 110 && y > HEAD + 50 && y < room.height - 130;
    if (!inside || least) {
      left += room.width / 2 - x;
      top += room.height / 2 - y;
    }
    show();
  }
  // What is known of a place.
  let chosen = -1;
  function choose(n) {
    chosen = n;
    boxes.forEach((box, other) => box.classList.toggle("chosen", other === n));
    lines.forEach((line, e) => line && line.classList.toggle("near", n >= 0 && (edges[e].from === n || edges[e].to === n)));
    at("overview").hidden = n >= 0;
    at("about").hidden = n < 0;
    if (n < 0) return;
    current(n);
    const node = nodes[n], about = at("about");
    const back = make("button", "← " + words.back);
    back.addEventListener("click", () => choose(-1));
    about.replaceChildren(back, make("h2", [node.role, node.day].filter(Boolean).join(" · ")), make("h3", node.title));
    const id = about.appendChild(make("p", undefined, "note"));
    id.append(make("code", node.id), " · " + node.kind, ...(node.at ? [" · ", make("code", node.at)] : []));
    const found = node.reach === "never" ? words.never : node.share != null ? say(words.share, { percent: percent(node.share) }) : node.reach === "unknown" ? words.unknown : "";
    if (found) about.appendChild(make("p", found, node.reach === "never" ? "bad" : ""));
    for (const wrong of node.wrong) about.append(make("p", wrong.what, "bad"), make("pre", wrong.trace.join("\n")));
    if (node.text) about.appendChild(make("p", node.text, "text"));
    code(about, words.if, node.guard);
    code(about, words.does, node.effects);
    list(about, words.out, edges.filter((edge) => edge.from === n).flatMap((edge) => edge.ways.map((way) => [edge.to, way])));
    list(about, words.in, edges.filter((edge) => edge.to === n).flatMap((edge) => edge.ways.map((way) => [edge.from, way])));
    const through = targets.filter((target) => target.plays > 0 && node.on[target.end] > 0);
    if (through.length) {
      about.appendChild(make("h2", words.onTheWay));
      const rows = about.appendChild(make("ul", undefined, "list"));
      for (const target of through) rows.appendChild(make("li")).append(make("span", (target.title || target.id) + " · " + percent(node.on[target.end])), meter(node.on[target.end]));
    }
    if (node.reach !== "never") about.appendChild(make("p", undefined, "note")).append(...around(words.copy, make("code", "petrograd play --until " + node.id)));
    at("panel").scrollTop = 0;
  }
  function around(text, element) {
    const [before, after] = text.split("{command}");
    return [before, element, after ?? ""];
  }
  function code(holder, word, text) {
    if (text) holder.appendChild(make("p", word + " ")).append(make("code", text));
  }
  function meter(share) {
    const made = make("span", undefined, "meter");
    made.appendChild(make("i")).style.width = share * 100 + "%";
    return made;
  }
  function list(holder, title, ways) {
    if (!ways.length) return;
    holder.appendChild(make("h2", title));
    const rows = holder.appendChild(make("ul", undefined, "list"));
    for (const [to, way] of ways) {
      const button = rows.appendChild(make("li")).appendChild(make("button"));
      button.append((way.historical ? "★ " : "") + (way.text || way.name) + " → " + nodes[to].title);
      const notes = [way.guard && words.if + " " + way.guard, way.effects && words.does + " " + way.effects, way.split && words.split,
        way.weight && say(words.chance, { n: way.weight }), way.historical && words.record,
        way.taken != null && way.reach !== "never" && say(words.taken, { percent: percent(way.taken) })].filter(Boolean);
      if (notes.length) button.append(make("span", notes.join(" · "), "sub"));
      if (way.reach === "never") button.append(make("span", words.neverTaken, "sub bad"));
      button.addEventListener("click", () => go(to));
    }
  }
  function go(n) {
    centre(n, 0.6);
    choose(n);
  }
  // What was found on the whole.
  function overview() {
    for (const [title, isEnding] of [[words.endings, true], [words.outcomes, false]]) {
      const own = targets.filter((target) => (target.node != null) === isEnding);
      if (!own.length) continue;
      at("ends").appendChild(make("h2", title));
      const rows = at("ends").appendChild(make("ul", undefined, "list"));
      for (const target of own) {
        const button = rows.appendChild(make("li")).appendChild(make("button", target.title || target.id));
        const notes = [target.share != null && percent(target.share), target.odds && say(words.odds, { least: percent(target.odds[0]), greatest: percent(target.odds[2]) })].filter(Boolean);
        if (target.reach === "never") button.append(make("span", words.never, "sub bad"));
        else if (notes.length) button.append(make("span", notes.join(" · "), "sub"));
        if (target.share != null) button.append(meter(target.share));
        button.addEventListener("click", () => {
          if (target.plays > 0) paint(target.end);
          if (target.node != null) go(target.node);
        });
      }
    }
    const numbered = nodes.map((node, n) => ({ node, n }));
    const faults = [[words.wrong, numbered.filter(({ node }) => node.wrong.length)], [words.neverReached, numbered.filter(({ node }) => node.reach === "never")]];
    for (const [title, own] of faults.filter(([, own]) => own.length)) {
      at("faults").appendChild(make("h2", title, "bad"));
      const rows = at("faults").appendChild(make("ul", undefined, "list"));
      for (const { node, n } of own) {
        const button = rows.appendChild(make("li")).appendChild(make("button", node.title));
        button.append(make("span", [node.id, node.role, node.day].filter(Boolean).join(" · "), "sub"));
        button.addEventListener("click", () => go(n));
      }
    }
    if (nodes.every((node) => node.reach === "reached" && !node.wrong.length)) at("faults").appendChild(make("p", words.nothingWrong));
  }

  // Colours: how often a place is come to, by all plays or by those that end so.
  function paint(end) {
    if (at("colour")) at("colour").value = end;
    nodes.forEach((node, n) => {
      const share = end === "" ? (node.reach === "reached" ? node.share : null) : node.on[end] ?? null;
      const step = share == null ? -1 : [0.01, 0.1, 1 / 3, 2 / 3].filter((bound) => share > bound).length;
      for (let other = 0; other < 5; other++) boxes[n].classList.toggle("f" + other, other === step);
      boxes[n].classList.toggle("faded", end !== "" && !share);
      const bar = boxes[n].querySelector(".share"), track = boxes[n].querySelector(".track");
      if (!bar) return;
      bar.setAttribute("width", track.getAttribute("width") * (share ?? 0));
      boxes[n].querySelector(".percent").textContent = share == null ? "" : percent(share);
    });
    lines.forEach((line, e) => line && line.classList.toggle("faded", end !== "" && !(nodes[edges[e].from].on[end] && nodes[edges[e].to].on[end])));
  }
  at("colour")?.addEventListener("change", (event) => paint(event.target.value));

  // Searching.
  let hits = [], hit = -1;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = nodes.map((node) => plain([node.title, node.id, node.text, node.at ?? ""].join("\n")));
  at("search").addEventListener("input", (event) => {
    const wanted = plain(event.target.value.trim());
    hits = wanted ? texts.flatMap((text, n) => (text.includes(wanted) ? [n] : [])) : [];
    const first = (n) => !plain(nodes[n].title + "\n" + nodes[n].id).includes(wanted);
    hits.sort((a, b) => first(a) - first(b) || places[a].x - places[b].x);
    hit = -1;
    boxes.forEach((box, n) => box.classList.toggle("hit", hits.includes(n)));
    at("found").textContent = wanted ? say(words.found, { n: hits.length }) : "";
  });
  at("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && hits.length) {
      hit = Math.max(0, (hit + (event.shiftKey ? hits.length - 1 : 1)) % hits.length);
      go(hits[hit]);
    }
  });

  // One box at a time can be tabbed to; arrows go on from there.
  let tabbed = 0;
  boxes.forEach((box) => box.setAttribute("tabindex", "-1"));
  function current(n) {
    boxes[tabbed].setAttribute("tabindex", "-1");
    boxes[n].setAttribute("tabindex", "0");
    tabbed = n;
  }
  function neighbour(n, key) {
    const from = places[n], mid = (place) => place.y + place.h / 2;
    if (key === "ArrowRight" || key === "ArrowLeft") {
      const joined = edges.flatMap((edge) => (key === "ArrowRight" ? (edge.from === n ? [edge.to] : []) : edge.to === n ? [edge.from] : []));
      const forward = joined.filter((to) => (key === "ArrowRight" ? places[to].x > from.x : places[to].x < from.x));
      return (forward.length ? forward : joined).sort((a, b) => Math.abs(mid(places[a]) - mid(from)) - Math.abs(mid(places[b]) - mid(from)))[0];
    }
    const sign = key === "ArrowDown" ? 1 : -1;
    const beside = places.map((place, to) => ({ to, dy: sign * (mid(place) - mid(from)), dx: Math.abs(place.x - from.x) }));
    return beside.filter(({ to, dy }) => to !== n && dy > 0).sort((a, b) => a.dy + 3 * a.dx - (b.dy + 3 * b.dx))[0]?.to;
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches?.("input, select");
    const node = event.target.closest?.(".node");
    if (event.key === "Escape") {
      if (typing) {
        at("search").value = "";
        at("search").dispatchEvent(new Event("input"));
        boxes[tabbed].focus({ preventScroll: true });
      } else {
        choose(-1);
        paint("");
      }
    } else if (typing) return;
    else if (event.key === "/") at("search").focus();
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else if (node && (event.key === "Enter" || event.key === " ")) go(boxes.indexOf(node));
    else if (event.key.startsWith("Arrow") && !event.target.closest?.("#panel")) {
      const next = node ? neighbour(boxes.indexOf(node), event.key) : undefined;
      if (next !== undefined) {
        current(next);
        centre(next);
        boxes[next].focus({ preventScroll: true });
        if (chosen >= 0) choose(next);
      } else if (!node) {
        left += { ArrowLeft: 80, ArrowRight: -80 }[event.key] ?? 0;
        top += { ArrowUp: 80, ArrowDown: -80 }[event.key] ?? 0;
        show();
      }
    } else return;
    event.preventDefault();
  });
  world.addEventListener("focusin", (event) => {
    const n = boxes.indexOf(event.target.closest(".node"));
    if (n >= 0) {
      current(n);
      centre(n);
    }
  });

  // By hand: one finger moves, two enlarge.
  const held = new Map();
  let moved = 0;
  sheet.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, event);
    moved = 0;
  });
  window.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const other = [...held.values()].find((one) => one.pointerId !== event.pointerId);
    if (other) {
      const room = stage.getBoundingClientRect();
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoom(apart(event) / Math.max(1, apart(before)), (event.clientX + other.clientX) / 2 - room.left, (event.clientY + other.clientY) / 2 - room.top);
    } else {
      left += event.clientX - before.clientX;
      top += event.clientY - before.clientY;
      show();
    }
    moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    sheet.classList.toggle("held", moved > 4);
    held.set(event.pointerId, event);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    window.addEventListener(kind, (event) => {
      held.delete(event.pointerId);
      sheet.classList.remove("held");
    });
  }
  sheet.addEventListener("click", (event) => {
    if (moved > 4) return;
    const n = boxes.indexOf(event.target.closest(".node"));
    if (n >= 0 && scale < 0.4) go(n);
    else choose(n);
  });
  sheet.addEventListener("wheel", (event) => {
    const room = stage.getBoundingClientRect();
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), event.clientX - room.left, event.clientY - room.top);
  }, { passive: false });
  at("smaller").addEventListener("click", () => zoom(0.8));
  at("larger").addEventListener("click", () => zoom(1.25));
  at("whole").addEventListener("click", fit);
  window.addEventListener("resize", show);
  overview();
  const first = boxes.findIndex((box) => box.classList.contains("start"));
  current(Math.max(0, first));
  begin();
  const asked = decodeURIComponent(location.hash.slice(1));
  const named = asked ? nodes.findIndex((node) => node.id === asked) : -1;
  if (named >= 0) go(named);
})();
