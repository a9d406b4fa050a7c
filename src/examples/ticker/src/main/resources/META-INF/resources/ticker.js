import { connect } from "./hubbub.js";

const cells = new Map();
let updates = 0;

function show({ symbol, cents, change }) {
  let cell = cells.get(symbol);
  if (!cell) {
    const row = document.createElement("div");
    row.append(symbol, document.createElement("b"));
    const prices = document.querySelector("#prices");
    const next = [...prices.children].find((other) => other.firstChild.data > symbol);
    prices.insertBefore(row, next ?? null);
    cells.set(symbol, (cell = row));
  }
  cell.lastChild.textContent = (cents / 100).toFixed(2);
  cell.className = change > 0 ? "up" : change < 0 ? "down" : "";
}

const hub = connect("events");
hub.join("prices");
hub.on("price", (price) => {
  updates++;
  show(price);
});
setInterval(() => {
  document.querySelector("#status").textContent = `${cells.size} symbols, ${updates} updates per second`;
  updates = 0;
}, 1000);
