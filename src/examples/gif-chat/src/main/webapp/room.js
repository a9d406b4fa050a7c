import { connect } from "./hubbub.js";

const find = (selector) => document.querySelector(selector);
const id = new URLSearchParams(location.search).get("id");
const hub = connect("events");
let room;

const problems = { "no-such-room": "존재하지 않는 방입니다.", "wrong-password": "비밀번호가 틀렸습니다.", "too-large": "허용 인원을 초과하였습니다." };

function show(name, data) {
  const line = document.createElement("li");
  line.className = name === "system" ? "system" : data.colour === room.members.get(hub.id)?.data.colour ? "mine" : "";
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
  find("#chat").append(line);
  line.scrollIntoView();
}

function showMembers(members) {
  const colours = [...members.values()].map(({ data }) => {
    const dot = document.createElement("i");
    dot.style.background = data.colour;
    dot.title = data.colour;
    return dot;
  });
  find("#members").replaceChildren(...colours);
}

/** The room is joined again by itself after a lost connection, and what was missed is shown. */
function enter(password) {
  find("#chat").replaceChildren();
  find("#problem").textContent = "";
  room = hub.join(id, { password, last: 50 });
  room.on("chat", (data) => show("chat", data));
  room.on("system", (data) => show("system", data));
  room.on("members", showMembers);
  room.on("state", (state) => {
    find("#say").hidden = state !== "joined";
    if (state === "joined") find("#password").hidden = true;
    if (state !== "refused") return;
    find("#problem").textContent = problems[room.reason.code] ?? room.reason.message;
    find("#password").hidden = room.reason.code !== "wrong-password";
  });
}

const answer = await fetch(`rooms?${new URLSearchParams({ id })}`);
if (!answer.ok) {
  find("#problem").textContent = problems["no-such-room"];
} else {
  const { title, locked } = await answer.json();
  find("#title").textContent = title;
  if (locked) find("#password").hidden = false;
  else enter();
}

find("#password").addEventListener("submit", (event) => {
  event.preventDefault();
  enter(find("#password input").value);
});
find("#say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = find("#text").value;
  find("#text").value = "";
  try {
    if (text) await room.emit("chat", { text });
  } catch (error) {
    find("#problem").textContent = error.message;
  }
});
find("#gif").addEventListener("change", async () => {
  const sent = await fetch(`gifs?${new URLSearchParams({ room: id, client: hub.id })}`, { method: "POST", body: find("#gif").files[0] });
  find("#problem").textContent = sent.ok ? "" : "GIF 파일만 2MB까지 보낼 수 있습니다.";
  find("#gif").value = "";
});
