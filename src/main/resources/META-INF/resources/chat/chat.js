/** The chat: its state (rooms, members and messages) and its view. */
import { connect } from "../hubbub.js";
import { element, wireLog } from "./wire.js";
import { WORDS } from "./words.js";

const $ = (id) => document.getElementById(id);
const MAX_MESSAGES = 500;

/** @typedef {{room: import("../hubbub.js").Room, log: object[], unread: number}} Talk */
/** @type {Map<string, Talk>} */
const talks = new Map();
let current = "lobby";
let maxPayload = 65_536;
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
let nick = localStorage.getItem("nick") ?? `Guest ${Math.floor(Math.random() * 900 + 100)}`;

const texts = () => WORDS[language];
const wire = wireLog($("frames"));
const events = new URL("../events", import.meta.url);
const hub = connect(events, { onFrame: wire.add });

// ---- events

hub.on("connected", (data) => (maxPayload = data.maxPayload));
hub.on("error", ({ message }) => showNotice(message));
hub.on("state", (state) => {
  if (state.name === "waiting") for (const talk of talks.values()) if (talk.log.at(-1)?.kind !== "lost") addEntry(talk, { kind: "lost" });
  showStatus();
  showMembers();
});

// Other types, such as SVG, can contain scripts that run when a user opens the image.
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/** Joins a room, and shows it as soon as the server lets this client in. */
function join(name) {
  const room = hub.join(name, { nick });
  if (talks.has(name)) return; // a new nick
  const talk = { room, log: [], unread: 0 };
  room.on("state", (state) => {
    if (state === "joined" && !talks.has(name)) {
      talks.set(name, talk);
      enter(name);
    }
    if (state === "refused") showNotice(room.reason.message);
    if (state === "left" || state === "refused") close(name);
    updateHash();
  });
  room.on("recovered", ({ complete }) => addEntry(talk, { kind: complete ? "again" : "back" }));
  room.on("members", () => name === current && showMembers());
  const names = new Map();
  room.on("hello", ({ members }) => members?.forEach((member) => names.set(member.id, member.nick)));
  room.on("joined", ({ id, nick: who }) => {
    const before = names.get(id);
    const renamed = names.has(id);
    names.set(id, who);
    addEntry(talk, renamed ? { kind: "renamed", before: before ?? id.slice(0, 6), who: nameOf(room, id) } : { kind: "joined", who: nameOf(room, id) });
  });
  room.on("left", ({ id }) => {
    if (id !== hub.id) addEntry(talk, { kind: "left", who: names.get(id) ?? id.slice(0, 6) });
    names.delete(id);
  });
  room.on("message", ({ from, text, type }, { attachment, at }) => {
    const isImage = attachment && IMAGES.includes(type ?? "image/png");
    const image = isImage ? URL.createObjectURL(new Blob([attachment], { type: type ?? "image/png" })) : undefined;
    const shown = text === undefined ? "" : typeof text === "string" ? text : JSON.stringify(text);
    addEntry(talk, { kind: "message", who: names.get(from) ?? from.slice(0, 6), mine: from === hub.id, text: shown, image, at: at ? new Date(at) : new Date() });
    if (name !== current || document.hidden) {
      talk.unread++;
      showRooms();
    }
  });
}

function close(name) {
  if (!talks.delete(name)) return;
  current = talks.has(current) ? current : talks.keys().next().value;
  show();
}

// ---- actions of the user

function leave(name) {
  talks.get(name)?.room.leave().catch((error) => showNotice(error.message));
}

function rename(name) {
  nick = name.trim() || nick;
  localStorage.setItem("nick", nick);
  $("nick").value = nick;
  for (const room of talks.keys()) join(room);
}

const COMMANDS = {
  "/join": join,
  "/leave": () => leave(current),
  "/nick": rename,
  "/help": () => showNotice(texts().help),
};

async function emit(data, attachment) {
  try {
    await talks.get(current)?.room.emit("message", data, attachment);
    return true;
  } catch (error) {
    showNotice(texts().notSent(error.message));
    return false;
  }
}

async function send(text) {
  if (!text.startsWith("/")) return emit({ text });
  const [command, ...rest] = text.split(" ");
  (COMMANDS[command] ?? (() => showNotice(texts().unknown(command))))(rest.join(" "));
  return true;
}

function sendImage(file) {
  if (file.size > maxPayload - 512) showNotice(texts().tooLarge(Math.floor((maxPayload - 512) / 1024))); // the rest is for the envelope
  else emit({ text: file.name, type: file.type }, file);
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
    talks.has(name) ? enter(name) : join(name);
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
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && talks.size) {
    event.preventDefault();
    const names = [...talks.keys()];
    const step = event.key === "ArrowDown" ? 1 : names.length - 1;
    enter(names[(names.indexOf(current) + step) % names.length]);
  }
});
document.addEventListener("visibilitychange", () => !document.hidden && talks.has(current) && enter(current));

// ---- view

function enter(room) {
  current = room;
  talks.get(room).unread = 0;
  show();
}

function updateHash() {
  history.replaceState(null, "", `#${[...talks.keys()].map(encodeURIComponent).join(",")}`);
}

function nameOf(room, id) {
  return room.members.get(id)?.nick ?? id.slice(0, 6);
}

function addEntry(talk, entry) {
  talk.log.push(entry);
  if (talk.log.length > MAX_MESSAGES) {
    const old = talk.log.shift();
    if (old.image) URL.revokeObjectURL(old.image);
  }
  if (talk !== talks.get(current)) return;
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
  const talk = talks.get(current);
  $("room-title").textContent = talk ? current : "";
  $("leave").hidden = !talk;
  $("messages").replaceChildren(...(talk?.log ?? []).map(row));
  if (!talk?.log.length) $("messages").append(element("li", "empty", texts().empty));
  $("messages").scrollTop = $("messages").scrollHeight;
  showRooms();
  showMembers();
  showStatus();
}

function showRooms() {
  const unread = [...talks.values()].reduce((sum, talk) => sum + talk.unread, 0);
  document.title = unread ? `(${unread}) Hubbub` : "Hubbub";
  $("rooms").replaceChildren(
    ...[...talks].map(([name, talk]) => {
      const button = element("button");
      button.type = "button";
      button.append(element("span", "", name));
      button.setAttribute("aria-current", String(name === current));
      if (talk.unread) {
        const badge = element("span", "badge", talk.unread);
        badge.setAttribute("aria-label", texts().unread(talk.unread));
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
  const room = hub.state.name === "open" ? talks.get(current)?.room : undefined; // otherwise nobody knows
  $("member-count").textContent = room?.count || "";
  $("members").replaceChildren(
    ...[...(room?.members.keys() ?? [])].map((id) => {
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
const named = location.hash.slice(1).split(",").filter(Boolean).map(decodeURIComponent);
for (const name of named.length ? named : ["lobby"]) join(name);
