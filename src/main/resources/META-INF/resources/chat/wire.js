/** Shows the frames that are received and sent, the newest last. */
import { element } from "./element.js";

const MAX_FRAMES = 200;

/** @param {HTMLOListElement} list */
export function wireLog(list) {
  /**
   * @param {"in" | "out"} direction
   * @param {string | Blob | ArrayBuffer} frame
   */
  function add(direction, frame) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const row = document.createElement("li");
    row.className = direction;
    const time = new Date().toLocaleTimeString("en-GB", { hour12: false });
    row.append(element("span", "arrow", direction === "in" ? "↓" : "↑"), element("time", "", time));
    row.append(element("code", "", text(frame)));
    list.append(row);
    while (list.childElementCount > MAX_FRAMES) list.firstElementChild.remove();
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
  return { add, clear: () => list.replaceChildren() };
}

function text(frame) {
  if (typeof frame === "string") return frame;
  if (frame instanceof Blob) return `binary, ${frame.size} bytes`;
  const bytes = new Uint8Array(frame);
  const zero = bytes.indexOf(0);
  return `${new TextDecoder().decode(bytes.subarray(0, zero))} \\0 ${bytes.length - zero - 1} bytes`;
}
