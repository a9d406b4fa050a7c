/** One room through every door, side by side. */
import { connect } from "../hubbub.js";
import { io } from "../socket.io/socket.io.esm.min.js";

const ROOM = new URLSearchParams(location.search).get("room") ?? "doors";
const EVENTS = new URL("../events", import.meta.url);

/** A door that hubbub.js opens. */
function byHubbub(transport) {
  return (show, say) => {
    const hub = connect(EVENTS, { transports: [transport] });
    hub.on("connected", () => hub.emit("join", { room: ROOM, nick: transport }));
    hub.on("message", show);
    hub.on("state", ({ name }) => say(name));
    return (text) => hub.emit("message", { room: ROOM, text });
  };
}

/** A door that needs no library at all. */
function byEventSource(show, say) {
  const source = new EventSource(`${EVENTS}/sse?${new URLSearchParams({ room: ROOM, nick: "EventSource" })}`);
  let session;
  source.addEventListener("connected", ({ data }) => {
    session = JSON.parse(data).session;
    say("open");
  });
  source.addEventListener("message", ({ data }) => show(JSON.parse(data)));
  source.addEventListener("error", () => say("waiting"));
  return (text) => fetch(`${EVENTS}/send`, {
    method: "POST",
    headers: { "Hubbub-Session": session },
    body: JSON.stringify({ name: "message", data: { room: ROOM, text } }),
  });
}

/** The client of yesterday. */
function bySocketIo(show, say) {
  const socket = io({ path: new URL("../socket.io/", import.meta.url).pathname });
  socket.on("connect", () => {
    socket.emit("join", { room: ROOM, nick: "Socket.IO" });
    say("open");
  });
  socket.on("disconnect", () => say("waiting"));
  socket.on("message", show);
  return (text) => socket.emit("message", { room: ROOM, text });
}

const DOORS = [
  ["WebSocket", "new WebSocket(url)", byHubbub("websocket")],
  ["EventSource", "new EventSource(url), and POST to speak", byEventSource],
  ["Event stream", "fetch(url), read as it comes", byHubbub("sse")],
  ["Long polling", "fetch(url), again and again", byHubbub("poll")],
  ["Socket.IO", "io(), with its own client", bySocketIo],
];

for (const [title, how, open] of DOORS) {
  const door = document.getElementById("door").content.cloneNode(true).firstElementChild;
  const [list, status, form, input] = ["ol", ".status", "form", "input"].map((css) => door.querySelector(css));
  door.dataset.door = title;
  door.querySelector("h2").textContent = title;
  door.querySelector(".how").textContent = how;
  const show = ({ text }) => {
    const line = document.createElement("li");
    line.textContent = typeof text === "string" ? text : JSON.stringify(text);
    list.append(line);
    while (list.childElementCount > 200) list.firstElementChild.remove();
    list.scrollTop = list.scrollHeight;
  };
  const speak = open(show, (state) => {
    status.textContent = state;
    door.dataset.state = state;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value) speak(input.value);
    input.value = "";
  });
  document.getElementById("doors").append(door);
}
