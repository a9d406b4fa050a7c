/** Shows the entries of one conversation at a time. */
import { element } from "./element.js";

/** How near to the end, in pixels, the newest entry is followed. */
const NEAR = 60;
const LINK = /\bhttps?:\/\/[^\s<>"]+/g;
/** Names that one line about members tells. */
const MAX_NAMES = 3;

export class Messages {
  #list;
  #texts;
  #loadEarlier;
  /** @type {Map<object, HTMLElement>} */
  #rows = new Map();
  #talk;
  #language = "en";

  /**
   * @param {HTMLElement} list
   * @param {() => object} texts in the user's language
   * @param {() => void} loadEarlier
   */
  constructor(list, texts, loadEarlier) {
    this.#list = list;
    this.#texts = texts;
    this.#loadEarlier = loadEarlier;
    // At the end and at the top at once, the list has just begun to fill, and nobody has scrolled.
    list.addEventListener("scroll", () => list.scrollTop < NEAR && !this.isAtEnd() && this.#talk?.hasEarlier && loadEarlier());
    // Images and the keyboard of a phone change the height.
    new ResizeObserver(() => this.#following && this.#toEnd()).observe(list);
    list.addEventListener("load", () => this.#following && this.#toEnd(), true);
    list.addEventListener("scroll", () => (this.#following = this.isAtEnd()));
  }

  #following = true;

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Shows another conversation, or none, from its first new message or its end. */
  show(talk, language) {
    this.#talk = talk;
    this.#language = language;
    this.#rows.clear();
    this.#list.replaceChildren(...(talk?.entries ?? []).map((entry) => this.#row(entry)));
    this.#head();
    const mark = this.#mark();
    if (mark) mark.scrollIntoView({ block: "center" });
    else this.#toEnd();
    this.#following = !mark || this.isAtEnd();
  }

  added(entry) {
    const follows = this.#following || entry.mine;
    this.#list.querySelector(".empty")?.remove();
    const row = this.#row(entry);
    if (entry === this.#talk.firstNew) this.#list.append(element("div", "new", this.#texts().unseen));
    this.#list.append(row);
    this.#head();
    if (follows) this.#toEnd();
  }

  /** Entries before the first one. What the user reads stays where it is. */
  addedEarlier(entries) {
    const fromEnd = this.#list.scrollHeight - this.#list.scrollTop;
    this.#list.prepend(...entries.map((entry) => this.#row(entry)));
    this.#head();
    this.#list.scrollTop = this.#list.scrollHeight - fromEnd;
  }

  changed(entry) {
    const before = this.#rows.get(entry);
    before?.replaceWith(this.#row(entry));
    if (this.#following) this.#toEnd();
  }

  removed(entry) {
    this.#remove(entry);
    this.#head();
  }

  /** The user has seen the new messages. */
  clearMark() {
    this.#list.querySelector(".new")?.remove();
  }

  #remove(entry) {
    this.#rows.get(entry)?.remove();
    this.#rows.delete(entry);
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#following = true;
  }

  #mark() {
    const first = this.#talk?.firstNew;
    if (!first) return undefined;
    const mark = element("div", "new", this.#texts().unseen);
    this.#rows.get(first)?.before(mark);
    return mark;
  }

  /** What stands before the first entry. */
  #head() {
    const button = this.#list.querySelector(".earlier");
    const has = this.#talk?.hasEarlier ?? false;
    if (!has) button?.remove();
    else if (!button) {
      const created = element("button", "earlier", this.#texts().earlier);
      created.type = "button";
      created.addEventListener("click", this.#loadEarlier);
      this.#list.prepend(created);
    } else if (button !== this.#list.firstElementChild) this.#list.prepend(button);
    if (!this.#list.firstElementChild) {
      this.#list.append(element("p", "empty", this.#talk ? this.#texts().empty : this.#texts().noRoom));
    }
  }

  #row(entry) {
    const row = entry.kind === "message" ? this.#message(entry) : element("p", "note", this.#note(entry));
    this.#rows.set(entry, row);
    return row;
  }

  #note({ kind, before, who, joined, left }) {
    const texts = this.#texts();
    if (kind === "renamed") return texts.renamed(before, who);
    if (kind !== "presence") return texts[kind];
    const part = (names, one, many) =>
      names.length > MAX_NAMES ? many(names.length) : names.map((name) => one(name)).join(" · ");
    return [part(joined, texts.joined, texts.manyJoined), part(left, texts.left, texts.manyLeft)].filter(Boolean).join(" · ");
  }

  #message({ mine, who, at, text, image }) {
    const row = element("div", mine ? "message mine" : "message");
    const head = element("div", "who", mine ? this.#texts().you : who);
    const sameDay = at.toDateString() === new Date().toDateString();
    const options = sameDay ? { hour: "2-digit", minute: "2-digit" } : { dateStyle: "short", timeStyle: "short" };
    const time = element("time", "", at.toLocaleString(this.#language, options));
    time.dateTime = at.toISOString();
    head.append(" · ", time);
    const body = element("div", "body");
    if (image) {
      const picture = element("img");
      picture.src = image;
      picture.alt = text;
      body.append(picture);
    } else {
      body.append(...withLinks(text));
    }
    row.append(head, body);
    return row;
  }
}

/** A text whose addresses are links. */
function* withLinks(text) {
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?'")\]}]+$/, "");
    if (!URL.canParse(address)) continue;
    yield text.slice(end, match.index);
    const link = element("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    yield link;
    end = match.index + address.length;
  }
  yield text.slice(end);
}
