import { connect } from "./hubbub.js";

const find = (selector) => document.querySelector(selector);
const room = new URLSearchParams(location.search).get("id");
let password = "";
let client;
let colour;

function item(name, data) {
  const line = document.createElement("li");
  line.className = name === "system" ? "system" : data.colour === colour ? "mine" : "";
  if (name === "chat") {
    const from = document.createElement("b");
    from.style.color = data.colour;
    from.textContent = data.colour;
    line.append(from, " ");
  }
  if (data.gif) {
    const image = document.createElement("img");
    image.src = data.gif;
    image.alt = "GIF";
    line.append(image);
  } else {
    line.append(data.text);
  }
  return line;
}

function show(name, data) {
  find("#chat").append(item(name, data));
  find("#chat").lastChild.scrollIntoView();
}

const hub = connect("events");

async function enter() {
  find("#problem").textContent = "";
  try {
    const entered = await hub.emit("enter", { room, password });
    colour = entered.colour;
    find("#title").textContent = entered.title;
    find("#password").hidden = true;
    find("#say").hidden = false;
    // What has arrived meanwhile, as the message that we have come, is newer than the history.
    find("#chat").prepend(...entered.history.map(({ name, data }) => item(name, data)));
    find("#chat").lastChild.scrollIntoView();
  } catch (error) {
    find("#problem").textContent = error.message;
    find("#password").hidden = error.code !== "forbidden";
  }
}

hub.on("connected", ({ id }) => {
  client = id;
  find("#chat").replaceChildren();
  enter();
});
hub.on("chat", (data) => show("chat", data));
hub.on("system", (data) => show("system", data));
find("#password").addEventListener("submit", (event) => {
  event.preventDefault();
  password = find("#password input").value;
  enter();
});
find("#say").addEventListener("submit", (event) => {
  event.preventDefault();
  if (find("#text").value) hub.emit("chat", { room, text: find("#text").value });
  find("#text").value = "";
});
find("#gif").addEventListener("change", async () => {
  const answer = await fetch(`gifs?${new URLSearchParams({ room, client })}`, { method: "POST", body: find("#gif").files[0] });
  if (!answer.ok) find("#problem").textContent = "GIF 파일만 2MB까지 보낼 수 있습니다.";
});
