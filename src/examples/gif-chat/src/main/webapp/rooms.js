import { connect } from "./hubbub.js";

function show(rooms) {
  document.querySelector("#rooms").replaceChildren(
    ...rooms.map(({ id, title, max, locked }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `room.html?id=${id}`;
      link.textContent = title;
      item.append(link, ` (최대 ${max}명${locked ? ", 비밀번호" : ""})`);
      return item;
    }),
  );
}

const hub = connect("events");
hub.on("connected", async () => show(await (await fetch("rooms")).json()));
hub.on("rooms", show);
hub.on("tick", (text) => {
  document.querySelector("#tick").textContent = text;
  hub.emit("reply", "클라이언트에서 서버로 답장을 보냅니다.");
});
