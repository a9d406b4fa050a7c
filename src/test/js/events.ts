// Checked by tsc: the types that are generated from the handlers of an application, with hubbub.js.
import { connect } from "./hubbub.js";
import type { ErrorCode, EventsHub } from "./hubbub-events.js";

const hub = connect("/events") as EventsHub;
const room = hub.join("order-7", { nick: "Kim" });
const code: ErrorCode = "sold-out";

export async function all(): Promise<void> {
  const { value, at } = await hub.emit("order", { items: [{ count: 1, size: "SMALL" }], due: "2027-01-01" }, { key: code });
  console.log(value?.[0].size === "LARGE", value?.[0]["unit-price"]?.toFixed(2), at?.slice(0, 4));
  const invoice = await hub.emit("scan", undefined, new Uint8Array(3));
  console.log(invoice?.customer);
  await room.emit("chat message", { text: "hi" });
  await room.emit("message", { text: "hi", colour: "red" });
  await hub.emit("shout", { room: "order-7", anything: 1 });
  hub.send("ping");
  const pong: number = await hub.emit("ping");
  room.on("ordered", ({ items }, { position }) => console.log(pong, items?.length, position));
  hub.on("state", ({ name }) => console.log(name));
  (await room.ready()).on("joined", ({ id, nick }) => console.log(id, nick));

  // @ts-expect-error: there is no such event
  await hub.emit("ordr", {});
  // @ts-expect-error: the data is required
  await hub.emit("order");
  // @ts-expect-error: no such size
  await hub.emit("order", { items: [{ count: 1, size: "HUGE" }] });
  // @ts-expect-error: the server does not send this
  room.on("orderd", () => {});
}
