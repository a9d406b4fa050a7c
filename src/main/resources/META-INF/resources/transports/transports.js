/** Shows one room by every transport, side by side. */
import { connect } from "../hubbub.js";
import { WORDS } from "./words.js";

const ROOM = new URLSearchParams(location.search).get("room") ?? "transports";
const EVENTS = new URL("../events", import.meta.url);
const MAX_MESSAGES = 200;

const language = localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
const texts = WORDS[language];

/** A transport of hubbub.js. */
function connectByHubbub(transport) {
  return (showMessage, showState) => {
    const hub = connect(EVENTS, { transports: [transport] });
    const room = hub.join(ROOM, { nick: transport });
    room.on("message", showMessage);
    room.on("state", (state) => showState(state === "joined" ? "open" : hub.state.name));
    hub.on("state", ({ name }) => name !== "open" && showState(name));
    return (text) => room.emit("message", { text });
  };
}

/** An EventSource, which needs no library. */
function connectByEventSource(showMessage, showState) {
  const source = new EventSource(`${EVENTS}/sse?${new URLSearchParams({ room: ROOM, nick: "EventSource" })}`);
  let session;
  source.addEventListener("connected", ({ data }) => {
    session = JSON.parse(data).session;
    showState("open");
  });
  source.addEventListener("message", ({ data }) => showMessage(JSON.parse(data)));
  source.addEventListener("error", () => showState(source.readyState === EventSource.CLOSED ? "closed" : "waiting"));
  return async (text) => {
    const response = await fetch(`${EVENTS}/send`, {
      method: "POST",
      headers: { "Hubbub-Session": session },
      body: JSON.stringify({ name: "message", data: { room: ROOM, text } }),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
  };
}

/** Socket.IO's own client, which is not part of every build of the server. */
function connectBySocketIo(showMessage, showState) {
  let socket;
  import("../socket.io/socket.io.esm.min.js").then(({ io }) => {
    socket = io({ path: new URL("../socket.io/", import.meta.url).pathname });
    socket.on("connect", () => socket.emit("join", { room: ROOM, nick: "Socket.IO" }, () => showState("open")));
    socket.on("disconnect", () => showState("waiting"));
    socket.on("message", showMessage);
  }, () => showState("unavailable"));
  return (text) => socket.timeout(10_000).emitWithAck("message", { room: ROOM, text });
}

/** Title, how it works, and the function that connects. */
const TRANSPORTS = [
  ["WebSocket", "new WebSocket(url)", connectByHubbub("websocket")],
  ["EventSource", "new EventSource(url), POST", connectByEventSource],
  ["Event stream", "fetch(url), POST", connectByHubbub("sse")],
  ["Long polling", "fetch(url) …, POST", connectByHubbub("poll")],
  ["Socket.IO", "io()", connectBySocketIo],
];

document.documentElement.lang = language;
for (const place of document.querySelectorAll("[data-t]")) place.textContent = texts[place.dataset.t];

for (const [title, how, connectBy] of TRANSPORTS) {
  const panel = document.getElementById("transport").content.cloneNode(true).firstElementChild;
  const [heading, list, status, form, input, button] = ["h2", ".messages", ".status", "form", "input", "button"].map((css) => panel.querySelector(css));
  panel.dataset.transport = title;
  heading.textContent = title;
  heading.id = `transport-${title.replaceAll(" ", "-")}`;
  panel.setAttribute("aria-labelledby", heading.id);
  list.setAttribute("aria-labelledby", heading.id);
  panel.querySelector(".how").textContent = how;
  input.placeholder = texts.message;
  input.setAttribute("aria-label", `${texts.message}, ${title}`);
  button.textContent = texts.send;
  const showMessage = ({ text }) => {
    const line = document.createElement("p");
    line.textContent = typeof text === "string" ? text : JSON.stringify(text);
    list.append(line);
    while (list.childElementCount > MAX_MESSAGES) list.firstElementChild.remove();
    list.scrollTop = list.scrollHeight;
  };
  const showState = (state) => {
    status.textContent = texts[state];
    panel.dataset.state = state;
    for (const field of form.elements) field.disabled = state !== "open";
  };
  showState("connecting");
  const send = connectBy(showMessage, showState);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value;
    if (!text) return;
    input.value = "";
    try {
      await send(text);
    } catch (error) {
      status.textContent = texts.notSent(error.message);
      input.value ||= text;
    }
  });
  document.getElementById("transports").append(panel);
}
