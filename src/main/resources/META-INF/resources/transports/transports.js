/** Shows one room by every transport, side by side. */
import { connect } from "../hubbub.js";

const ROOM = new URLSearchParams(location.search).get("room") ?? "doors";
const EVENTS = new URL("../events", import.meta.url);
const NO_SCRIPT = "Unavailable: the Socket.IO client script did not load. A build without npm does not contain it.";

/** A transport of hubbub.js. */
function connectByHubbub(transport) {
  return (showMessage, showState) => {
    const hub = connect(EVENTS, { transports: [transport] });
    const room = hub.join(ROOM, { nick: transport });
    room.on("message", showMessage);
    hub.on("state", ({ name }) => showState(name));
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
  source.addEventListener("error", () => showState("waiting"));
  return (text) => fetch(`${EVENTS}/send`, {
    method: "POST",
    headers: { "Hubbub-Session": session },
    body: JSON.stringify({ name: "message", data: { room: ROOM, text } }),
  });
}

/** Socket.IO's own client, which is not part of every build of the server. */
function connectBySocketIo(showMessage, showState) {
  let socket;
  import("../socket.io/socket.io.esm.min.js").then(({ io }) => {
    socket = io({ path: new URL("../socket.io/", import.meta.url).pathname });
    socket.on("connect", () => {
      socket.emit("join", { room: ROOM, nick: "Socket.IO" });
      showState("open");
    });
    socket.on("disconnect", () => showState("waiting"));
    socket.on("message", showMessage);
  }, () => showState("unavailable", NO_SCRIPT));
  return (text) => socket?.emit("message", { room: ROOM, text });
}

/** Title, how it works, and the function that connects. */
const TRANSPORTS = [
  ["WebSocket", "new WebSocket(url)", connectByHubbub("websocket")],
  ["EventSource", "new EventSource(url), and POST to speak", connectByEventSource],
  ["Event stream", "fetch(url), read as it comes", connectByHubbub("sse")],
  ["Long polling", "fetch(url), again and again", connectByHubbub("poll")],
  ["Socket.IO", "io(), with its own client", connectBySocketIo],
];

for (const [title, how, connectBy] of TRANSPORTS) {
  const panel = document.getElementById("door").content.cloneNode(true).firstElementChild;
  const [list, status, form, input] = ["ol", ".status", "form", "input"].map((css) => panel.querySelector(css));
  panel.dataset.door = title;
  panel.querySelector("h2").textContent = title;
  panel.querySelector(".how").textContent = how;
  const showMessage = ({ text }) => {
    const line = document.createElement("li");
    line.textContent = typeof text === "string" ? text : JSON.stringify(text);
    list.append(line);
    while (list.childElementCount > 200) list.firstElementChild.remove();
    list.scrollTop = list.scrollHeight;
  };
  const send = connectBy(showMessage, (state, text = state) => {
    status.textContent = text;
    panel.dataset.state = state;
    for (const field of form.elements) field.disabled = state === "unavailable";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value) send(input.value);
    input.value = "";
  });
  document.getElementById("doors").append(panel);
}
