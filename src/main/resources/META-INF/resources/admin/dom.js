/** Creates elements: `el("p", { className: "x", onclick }, "text", child)`. */
export function el(tag, properties = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (name.includes("-") || name === "role" || name === "for") created.setAttribute(name, value);
    else created[name] = value;
  }
  created.append(...children.filter((child) => child !== undefined && child !== null));
  return created;
}

/** A line of the last values, from 0 to the greatest. */
export function chart(values, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 120 36");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const most = Math.max(1, ...values);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  const step = 120 / Math.max(1, values.length - 1);
  line.setAttribute("points", values.map((value, i) => `${(i * step).toFixed(1)},${(34 - (32 * value) / most).toFixed(1)}`).join(" "));
  svg.append(line);
  return svg;
}

/** A table with a head; cells are texts or elements. */
export function table(caption, heads, rows, empty) {
  const body = rows.length
    ? rows.map((cells) => el("tr", {}, ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : el("td", {}, cell)))))
    : [el("tr", {}, el("td", { colSpan: heads.length, className: "empty" }, empty))];
  return el("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...body)));
}

export const numberCell = (value) => el("td", { className: "number" }, value);
