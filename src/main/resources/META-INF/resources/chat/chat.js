/** The chat: what the user does, and what is shown around the messages. */
import { connect } from "../hubbub.js";
import { element } from "./element.js";
import { fit, IMAGES } from "./images.js";
import { Messages } from "./messages.js";
import { ownIds, setting } from "./store.js";
import { Talk } from "./talk.js";
import { wireLog } from "./wire.js";
import { WORDS } from "./words.js";

const $ = (id) => document.getElementById(id);

/** Messages that are shown when a room is joined. */
const LAST = 50;
/** Bytes of an event beside its attachment. */
const ENVELOPE = 1_024;

/** @type {Map<string, Talk>} */
const talks = new Map();
let current = "lobby";
let maxPayload = 65_536;
let language = setting.get("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
let nick = setting.get("nick") ?? `Guest ${Math.floor(Math.random() * 900 + 100)}`;

const texts = () => WORDS[language];
const wire = wireLog($("frames"));
const events = new URL("../events", import.meta.url);
const hub = connect(events, { onFrame: wire.add });
const messages = new Messages($("messages"), texts, loadEarlier);

// ---- events

hub.on("connected", (data) => {
  maxPayload = data.maxPayload;
  ownIds.add(data.id);
});
hub.on("error", ({ message }) => showNotice(message));
hub.on("notice", ({ text }) => showNotice(text));
hub.on("state", ({ name }) => {
  if (name === "waiting") for (const talk of talks.values()) talk.connectionLost();
  if (name === "open") showNotice("");
  showStatus();
  showMembers();
});

/** Joins a room, and shows it as soon as the server lets this client in. */
function join(name) {
  const isNew = !hub.rooms.some((room) => room.name === name);
  const room = hub.join(name, { nick, last: LAST });
  if (!isNew) return; // a new nick
  const isShown = () => name === current && talks.has(name);
  const talk = new Talk(hub, room, {
    added(entry) {
      if (isShown()) messages.added(entry);
      showRooms();
    },
    changed: (entry) => isShown() && messages.changed(entry),
    removed: (entry) => isShown() && messages.removed(entry),
    isWatched: () => isShown() && !document.hidden,
    isReading: () => isShown() && !messages.isAtEnd(),
  });
  room.on("state", (state) => {
    if (state === "joined" && !talks.has(name)) {
      talks.set(name, talk);
      enter(name);
    }
    if (state === "refused") showNotice(room.reason.message);
    if (state === "left" || state === "refused") close(name);
    updateHash();
  });
  room.on("members", () => name === current && showMembers());
}

function close(name) {
  talks.get(name)?.dispose();
  if (!talks.delete(name)) return;
  current = talks.has(current) ? current : talks.keys().next().value;
  show();
}

async function loadEarlier() {
  const talk = talks.get(current);
  if (!talk) return;
  try {
    const added = await talk.loadEarlier();
    if (talk === talks.get(current)) messages.addedEarlier(added);
  } catch (error) {
    showNotice(error.message);
  }
}

// ---- actions of the user

function leave(name) {
  talks.get(name)?.room.leave().catch((error) => showNotice(error.message));
}

function rename(name) {
  nick = name.trim() || nick;
  setting.set("nick", nick);
  $("nick").value = nick;
  for (const room of talks.keys()) join(room);
}

const COMMANDS = {
  "/join": (name) => name && (talks.has(name) ? enter(name) : join(name)),
  "/leave": () => leave(current),
  "/nick": rename,
  "/help": () => showNotice(texts().help),
};

async function emit(data, attachment) {
  try {
    await talks.get(current).room.emit("message", { ...data, nick }, attachment);
    return true;
  } catch (error) {
    showNotice(texts().notSent(error.message));
    return false;
  }
}

/** Sends a text, or executes a command. A text that begins with a slash is written with two. */
async function send(text) {
  if (!text.startsWith("/") || text.startsWith("//")) return emit({ text: text.replace(/^\/\//, "/") });
  const [command, ...rest] = text.trim().split(" ");
  (COMMANDS[command] ?? (() => showNotice(texts().unknown(command))))(rest.join(" ").trim());
  return true;
}

async function sendImage(file) {
  const limit = maxPayload - ENVELOPE;
  const fitting = IMAGES.includes(file.type) || file.size > limit ? await fit(file, limit) : { image: file };
  if (!fitting) showNotice(texts().tooLarge(Math.floor(limit / 1024)));
  else if ((await emit({ text: file.name, type: fitting.image.type }, fitting.image)) && fitting.changed) {
    showNotice(file.type === "image/gif" ? texts().madeStill(Math.floor(limit / 1024)) : texts().madeSmaller(Math.floor(limit / 1024)));
  }
}

async function submit() {
  const input = $("text");
  const text = input.value;
  if (!text.trim()) return;
  showNotice("");
  input.value = "";
  fitText();
  const talk = talks.get(current);
  if (talk?.clearNew()) messages.clearMark();
  if (!(await send(text)) && !input.value) input.value = text; // the user can try again
  fitText();
}

/** Makes the field as high as its text. */
function fitText() {
  const input = $("text");
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
}

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
$("text").addEventListener("keydown", (event) => {
  // While a Korean syllable is being composed, Enter ends it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
$("text").addEventListener("input", fitText);
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
  COMMANDS["/join"]($("room-name").value.trim());
  $("room-name").value = "";
  $("text").focus();
});
$("leave").addEventListener("click", () => leave(current));
$("nick").addEventListener("change", ({ target }) => rename(target.value));
$("status").addEventListener("click", () => hub.reconnect());
$("clear-wire").addEventListener("click", wire.clear);
$("raw").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!hub.sendRaw($("raw-frame").value)) showNotice(texts().notConnected);
});
$("show-wire").addEventListener("click", () => showWire($("show-wire").getAttribute("aria-expanded") !== "true"));
$("show-members").addEventListener("click", () => {
  const isOpen = document.querySelector("main").classList.toggle("with-members");
  $("show-members").setAttribute("aria-expanded", String(isOpen));
});
$("language").addEventListener("change", ({ target }) => {
  language = target.value;
  setting.set("language", language);
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
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !talks.has(current)) return;
  const talk = talks.get(current);
  if (talk.unread) enter(current);
  talk.markSeen();
});

// ---- view

function enter(room) {
  if (room !== current) talks.get(current)?.clearNew();
  current = room;
  if (!document.hidden) talks.get(room).markSeen();
  show();
  if (document.activeElement === document.body) $("text").focus(); // it was disabled when the page was loaded
}

function updateHash() {
  history.replaceState(null, "", `#${[...talks.keys()].map(encodeURIComponent).join(",")}`);
}

function show() {
  const talk = talks.get(current);
  $("room-title").textContent = talk ? current : texts().noRoomTitle;
  $("leave").hidden = $("show-members").hidden = !talk;
  for (const field of $("compose").elements) field.disabled = !talk;
  messages.show(talk, language);
  showRooms();
  showMembers();
  showStatus();
}

function showRooms() {
  const unread = [...talks.values()].reduce((sum, talk) => sum + talk.unread, 0);
  document.title = unread ? `(${unread}) Hubbub` : "Hubbub";
  const focused = document.activeElement?.closest?.("#rooms") && document.activeElement.dataset.room;
  $("rooms").replaceChildren(
    ...[...talks].map(([name, talk]) => {
      const button = element("button");
      button.type = "button";
      button.dataset.room = name;
      button.title = name;
      button.append(element("span", "", name));
      if (name === current) button.setAttribute("aria-current", "true");
      if (talk.unread) {
        const badge = element("span", "badge", talk.unread > 99 ? "99+" : talk.unread);
        badge.setAttribute("aria-hidden", "true");
        button.append(badge);
        button.setAttribute("aria-label", `${name}, ${texts().unread(talk.unread)}`);
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
  if (focused) $("rooms").querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
}

function showMembers() {
  const room = hub.state.name === "open" ? talks.get(current)?.room : undefined; // otherwise nobody knows
  const isLarge = room !== undefined && room.count > 0 && room.members.size === 0;
  $("member-count").textContent = room?.count || "";
  $("show-members").textContent = room ? texts().memberCount(room.count) : "";
  $("members-note").textContent = isLarge ? texts().large : "";
  $("members").replaceChildren(
    ...[...(room?.members.values() ?? [])].map((member) => {
      const item = element("li", member.id === hub.id ? "me" : "", member.nick ?? member.id.slice(0, 6));
      item.dataset.you = texts().you;
      return item;
    }),
  );
}

function showStatus() {
  const { name, retryAt, transport } = hub.state;
  const status = $("status");
  const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
  let text = name === "waiting" ? texts().waiting(seconds) : texts()[name];
  if (name === "open" && transport !== "websocket") text += ` (${transport})`;
  if ($("status-text").textContent !== text) $("status-text").textContent = text;
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
showWire(!matchMedia("(max-width: 40rem), (max-height: 30rem)").matches);
translate();
show();
const named = location.hash.slice(1).split(",").filter(Boolean).map(decodeURIComponent);
for (const name of named.length ? named : ["lobby"]) join(name);
