/** The chat: its state (rooms, members and messages) and its view. */
import { connect } from "../hubbub.js";
import { element, wireLog } from "./wire.js";
import { WORDS } from "./words.js";

const $ = (id) => document.getElementById(id);
const MAX_MESSAGES = 500;

/** @typedef {{members: Map<string, string | undefined>, count?: number, log: object[], unread: number}} Room */
/** @type {Map<string, Room>} */
const rooms = new Map();
let current = "lobby";
let maxPayload = 65_536;
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
let nick = localStorage.getItem("nick") ?? `Guest ${Math.floor(Math.random() * 900 + 100)}`;
let wasConnected = false;

const texts = () => WORDS[language];
const wire = wireLog($("frames"));
const events = new URL("../events", import.meta.url);
const hub = connect(events, { onFrame: wire.add });

// ---- events

hub.on("connected", (data) => {
  maxPayload = data.maxPayload;
  const names = rooms.size ? [...rooms.keys()] : (location.hash.slice(1).split(",").filter(Boolean).map(decodeURIComponent));
  for (const room of names.length ? names : ["lobby"]) join(room);
  if (wasConnected) for (const room of rooms.values()) addEntry(room, { kind: "back" });
  wasConnected = true;
});
hub.on("hello", ({ room, members, count }) => {
  const joined = rooms.get(room) ?? { members: new Map(), log: [], unread: 0 };
  joined.members = new Map(members.map((member) => [member.id, member.nick]));
  joined.count = count;
  if (!rooms.has(room)) {
    rooms.set(room, joined);
    current = room;
    updateHash();
  }
  show();
});
hub.on("joined", ({ room, id, nick: name }) => {
  const target = rooms.get(room);
  if (!target) return;
  const before = target.members.has(id) ? nameOf(target, id) : undefined;
  target.members.set(id, name);
  addEntry(target, before === undefined ? { kind: "joined", who: nameOf(target, id) } : { kind: "renamed", before, who: nameOf(target, id) });
});
hub.on("left", ({ room, id }) => {
  const target = rooms.get(room);
  if (!target) return;
  if (id === hub.id) {
    rooms.delete(room);
    current = rooms.has(current) ? current : rooms.keys().next().value;
    updateHash();
    show();
    return;
  }
  const who = nameOf(target, id);
  target.members.delete(id);
  addEntry(target, { kind: "left", who });
});
hub.on("presence", ({ room, count }) => {
  const target = rooms.get(room);
  if (!target) return;
  target.count = count; // a large room has only the number of its members
  showMembers();
});

// Other types, such as SVG, can contain scripts that run when a user opens the image.
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

hub.on("message", ({ room, from, text, type }, { attachment }) => {
  const target = rooms.get(room);
  if (!target) return;
  const isImage = attachment && IMAGES.includes(type ?? "image/png");
  const image = isImage ? URL.createObjectURL(new Blob([attachment], { type: type ?? "image/png" })) : undefined;
  const shown = text === undefined ? "" : typeof text === "string" ? text : JSON.stringify(text);
  addEntry(target, { kind: "message", who: nameOf(target, from), mine: from === hub.id, text: shown, image, at: new Date() });
  if (room !== current || document.hidden) {
    target.unread++;
    showRooms();
  }
});
hub.on("error", ({ message }) => showNotice(message));
hub.on("state", (state) => {
  if (state.name === "waiting" && hub.id) {
    hub.id = undefined;
    for (const room of rooms.values()) {
      room.members.clear();
      addEntry(room, { kind: "lost" });
    }
  }
  showStatus();
  showMembers();
});

// ---- actions of the user

function join(room) {
  hub.emit("join", { room, nick }).catch((error) => showNotice(error.message));
}

function leave(room) {
  hub.emit("leave", { room }).catch((error) => showNotice(error.message));
}

function rename(name) {
  nick = name.trim() || nick;
  localStorage.setItem("nick", nick);
  $("nick").value = nick;
  for (const room of rooms.keys()) join(room);
}

const COMMANDS = {
  "/join": join,
  "/leave": () => leave(current),
  "/nick": rename,
  "/help": () => showNotice(texts().help),
};

async function send(text) {
  if (text.startsWith("/")) {
    const [command, ...rest] = text.split(" ");
    (COMMANDS[command] ?? (() => showNotice(texts().unknown(command))))(rest.join(" "));
    return true;
  }
  try {
    await hub.emit("message", { room: current, text });
    return true;
  } catch (error) {
    showNotice(texts().notSent(error.message));
    return false;
  }
}

async function sendImage(file) {
  if (file.size > maxPayload - 512) { // the rest is for the envelope
    showNotice(texts().tooLarge(Math.floor((maxPayload - 512) / 1024)));
    return;
  }
  try {
    await hub.emit("message", { room: current, text: file.name, type: file.type }, file);
  } catch (error) {
    showNotice(texts().notSent(error.message));
  }
}

$("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = $("text");
  const text = input.value;
  if (!text.trim()) return;
  showNotice("");
  input.value = "";
  if (!(await send(text)) && !input.value) input.value = text; // the user can try again
});
$("image").addEventListener("change", ({ target }) => {
  if (target.files[0]) sendImage(target.files[0]);
  target.value = "";
});
$("text").addEventListener("paste", (event) => {
  const file = [...(event.clipboardData?.files ?? [])].find((pasted) => IMAGES.includes(pasted.type));
  if (file) {
    event.preventDefault();
    sendImage(file);
  }
});
$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = $("room-name").value.trim();
  if (name) {
    rooms.has(name) ? enter(name) : join(name);
    $("room-name").value = "";
    $("text").focus();
  }
});
$("leave").addEventListener("click", () => leave(current));
$("nick").addEventListener("change", ({ target }) => rename(target.value));
$("status").addEventListener("click", () => hub.reconnect());
$("clear-wire").addEventListener("click", wire.clear);
$("raw").addEventListener("submit", (event) => {
  event.preventDefault();
  const frame = $("raw-frame").value;
  if (!hub.sendRaw(frame)) showNotice(texts().lost);
});
$("show-wire").addEventListener("click", () => showWire($("show-wire").getAttribute("aria-expanded") !== "true"));
$("language").addEventListener("change", ({ target }) => {
  language = target.value;
  localStorage.setItem("language", language);
  translate();
  show();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") $("text").focus();
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && rooms.size) {
    event.preventDefault();
    const names = [...rooms.keys()];
    const step = event.key === "ArrowDown" ? 1 : names.length - 1;
    enter(names[(names.indexOf(current) + step) % names.length]);
  }
});
document.addEventListener("visibilitychange", () => !document.hidden && rooms.has(current) && enter(current));

// ---- view

function enter(room) {
  current = room;
  rooms.get(room).unread = 0;
  show();
}

function updateHash() {
  history.replaceState(null, "", `#${[...rooms.keys()].map(encodeURIComponent).join(",")}`);
}

function nameOf(room, id) {
  return room.members.get(id) ?? id.slice(0, 6);
}

function addEntry(room, entry) {
  room.log.push(entry);
  if (room.log.length > MAX_MESSAGES) {
    const old = room.log.shift();
    if (old.image) URL.revokeObjectURL(old.image);
  }
  if (room !== rooms.get(current)) return;
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.querySelector(".empty")?.remove();
  list.append(row(entry));
  while (list.childElementCount > MAX_MESSAGES) list.firstElementChild.remove();
  if (atEnd || entry.mine) list.scrollTop = list.scrollHeight;
  showMembers();
}

function row(entry) {
  if (entry.kind !== "message") {
    const text = texts()[entry.kind];
    const content = typeof text !== "function" ? text : entry.before === undefined ? text(entry.who) : text(entry.before, entry.who);
    return element("li", "note", content);
  }
  const created = element("li", entry.mine ? "message mine" : "message");
  const time = entry.at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  created.append(element("div", "who", `${entry.mine ? texts().you : entry.who} · ${time}`));
  const body = element("div", "body", entry.image ? undefined : entry.text);
  if (entry.image) {
    const image = element("img");
    image.src = entry.image;
    image.alt = entry.text;
    image.onload = () => created.scrollIntoView({ block: "nearest" });
    body.append(image);
  }
  created.append(body);
  return created;
}

function show() {
  const room = rooms.get(current);
  $("room-title").textContent = room ? current : "";
  $("leave").hidden = !room;
  $("messages").replaceChildren(...(room?.log ?? []).map(row));
  if (!room?.log.length) $("messages").append(element("li", "empty", texts().empty));
  $("messages").scrollTop = $("messages").scrollHeight;
  showRooms();
  showMembers();
  showStatus();
}

function showRooms() {
  const unread = [...rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  document.title = unread ? `(${unread}) Hubbub` : "Hubbub";
  $("rooms").replaceChildren(
    ...[...rooms].map(([name, room]) => {
      const button = element("button");
      button.type = "button";
      button.append(element("span", "", name));
      button.setAttribute("aria-current", String(name === current));
      if (room.unread) {
        const badge = element("span", "badge", room.unread);
        badge.setAttribute("aria-label", texts().unread(room.unread));
        button.append(badge);
      }
      button.addEventListener("click", () => {
        enter(name);
        $("text").focus();
      });
      const item = element("li");
      item.append(button);
      return item;
    }),
  );
}

function showMembers() {
  const room = rooms.get(current);
  $("member-count").textContent = room?.count ?? (room?.members.size || "");
  $("members").replaceChildren(
    ...[...(room && room.count === undefined ? room.members.keys() : [])].map((id) => {
      const item = element("li", id === hub.id ? "me" : "", nameOf(room, id));
      item.dataset.you = texts().you;
      return item;
    }),
  );
}

function showStatus() {
  const { name, retryAt, transport } = hub.state;
  const status = $("status");
  const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
  status.textContent = name === "waiting" ? texts().waiting(seconds) : texts()[name];
  if (name === "open" && transport !== "websocket") status.textContent += ` (${transport})`;
  status.dataset.state = name;
  status.disabled = name === "open" || name === "connecting";
}
setInterval(() => hub.state.name === "waiting" && showStatus(), 500);

function showWire(open) {
  $("show-wire").setAttribute("aria-expanded", String(open));
  document.querySelector("main").classList.toggle("no-wire", !open);
}

function showNotice(text) {
  $("notice").textContent = text;
}

function translate() {
  document.documentElement.lang = language;
  $("language").value = language;
  for (const place of document.querySelectorAll("[data-t]")) place.textContent = texts()[place.dataset.t];
  for (const place of document.querySelectorAll("[data-t-placeholder]")) place.placeholder = texts()[place.dataset.tPlaceholder];
  for (const place of document.querySelectorAll("[data-t-label]")) place.setAttribute("aria-label", texts()[place.dataset.tLabel]);
  for (const place of document.querySelectorAll("[data-t-title]")) place.title = texts()[place.dataset.tTitle];
}

$("nick").value = nick;
$("plain-code").textContent = $("plain-code").textContent.replace("ws://HOST/events", events.href.replace(/^http/, "ws"));
showWire(!matchMedia("(max-width: 40rem)").matches);
translate();
show();
