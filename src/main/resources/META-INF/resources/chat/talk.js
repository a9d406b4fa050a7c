/** The conversation of one room: messages and notes in their order, and how far back they reach. */
import { IMAGES } from "./images.js";
import { ownIds, seen } from "./store.js";

/** Entries that are kept while the newest ones are shown, and while the user reads earlier ones. */
const MAX_ENTRIES = 500;
const MAX_EARLIER = 2_000;
const PAGE = 50;
const MAX_NICK = 64;

/**
 * @typedef {object} Entry
 * @property {"message" | "presence" | "renamed" | "lost" | "back" | "again"} kind
 * @property {string} [who] the sender
 * @property {boolean} [mine]
 * @property {string} [text]
 * @property {string} [image] the URL of a blob
 * @property {Date} [at]
 * @property {boolean} [earlier] it was sent before this page had joined the room
 * @property {string} [position]
 * @property {string[]} [joined] names, with `kind` `presence`
 * @property {string[]} [left]
 */

export class Talk {
  /** @type {Entry[]} */
  entries = [];
  unread = 0;
  /** The first message that the user has not seen. @type {Entry | undefined} */
  firstNew;
  /** Whether the server has earlier messages. */
  hasEarlier = false;
  #room;
  #hub;
  #view;
  /** The nicks of members and of former members whose messages may still come. */
  #names = new Map();
  /** The position of the last message that the user has seen. */
  #seen;
  /** The same when the room was joined, and whether an event of its epoch has come since. */
  #seenBefore;
  #metSeen = false;
  #loading = false;

  /**
   * @param {import("../hubbub.js").Hub} hub
   * @param {import("../hubbub.js").Room} room
   * @param {{added(entry: Entry): void, changed(entry: Entry): void, removed(entry: Entry): void, isWatched(): boolean, isReading(): boolean}} view
   *     `isWatched`: the user sees the newest entries come. `isReading`: the user has scrolled up.
   */
  constructor(hub, room, view) {
    this.#hub = hub;
    this.#room = room;
    this.#view = view;
    this.#seen = seen.get(room.name);
    room.on("hello", (data) => this.#welcome(data));
    room.on("joined", (data) => this.#joined(data));
    room.on("left", (data) => this.#left(data));
    room.on("message", (data, event) => this.#add(this.#message(data, event)));
    room.on("recovered", ({ complete }) => this.#add({ kind: complete ? "again" : "back" }));
    room.on("deleted", ({ position }) => this.#delete(position));
  }

  get room() {
    return this.#room;
  }

  /** The name of a member; of somebody who has no nick, or has left, a part of the id. */
  nameOf(id) {
    return this.#nickOf(id) ?? id.slice(0, 6);
  }

  connectionLost() {
    if (this.entries.at(-1)?.kind !== "lost") this.#add({ kind: "lost" });
  }

  /** The user sees everything. */
  markSeen() {
    this.unread = 0;
    const position = this.entries.findLast((entry) => entry.position)?.position;
    if (!position || position === this.#seen) return;
    this.#seen = position;
    seen.set(this.#room.name, position);
  }

  /** Forgets that some messages are new. */
  clearNew() {
    const entry = this.firstNew;
    this.firstNew = undefined;
    return entry;
  }

  /** Loads the page of messages before the first one. @returns {Promise<Entry[]>} what was added */
  async loadEarlier() {
    const before = this.entries.find(({ position }) => position)?.position;
    if (this.#loading || !before) return [];
    this.#loading = true;
    try {
      const { events, more } = await this.#room.history({ before, limit: PAGE });
      const added = events.filter(({ name }) => name === "message").map((event) => this.#message(event.data, event));
      this.entries.unshift(...added);
      this.hasEarlier = more && events.length > 0;
      return added;
    } finally {
      this.#loading = false;
    }
  }

  dispose() {
    for (const { image } of this.entries) if (image) URL.revokeObjectURL(image);
  }

  #nickOf(id) {
    return this.#room.members.get(id)?.nick ?? this.#names.get(id);
  }

  #welcome({ members, position }) {
    ownIds.add(this.#hub.id);
    this.#seenBefore = this.#seen;
    this.#metSeen = false;
    for (const { id, nick } of members ?? []) this.#names.set(id, nick);
    if (!this.entries.some((entry) => entry.position)) this.hasEarlier = position > 0;
  }

  #joined({ id, nick }) {
    const before = this.#names.get(id) ?? id.slice(0, 6);
    const isMember = this.#names.has(id);
    this.#names.set(id, nick);
    const who = this.nameOf(id);
    if (!isMember) this.#addPresence("joined", who);
    else if (before !== who) this.#add({ kind: "renamed", before, who });
  }

  #left({ id }) {
    if (id !== this.#hub.id) this.#addPresence("left", this.nameOf(id));
    this.#names.delete(id);
  }

  /** Members that join or leave one after another share a line. */
  #addPresence(change, who) {
    const last = this.entries.at(-1);
    if (last?.kind === "presence") {
      last[change].push(who);
      this.#view.changed(last);
    } else {
      this.#add({ kind: "presence", joined: [], left: [], [change]: [who] });
    }
  }

  #message({ from, nick, text, type }, { attachment, position, at }) {
    const isImage = attachment instanceof Uint8Array && IMAGES.includes(type ?? "image/png");
    return {
      kind: "message",
      // Large rooms do not tell who their members are, so a message brings its sender's nick along.
      who: this.#nickOf(from) ?? (typeof nick === "string" && nick ? nick.slice(0, MAX_NICK) : String(from).slice(0, 6)),
      mine: from === this.#hub.id || ownIds.has(from),
      text: text === undefined ? "" : typeof text === "string" ? text : JSON.stringify(text),
      image: isImage ? URL.createObjectURL(new Blob([attachment], { type: type ?? "image/png" })) : undefined,
      at: at ? new Date(at) : new Date(),
      earlier: at !== undefined,
      position,
    };
  }

  #add(entry) {
    this.entries.push(entry);
    const isWatched = this.#view.isWatched();
    if (entry.kind === "message" && this.#isNew(entry, isWatched)) {
      if (!isWatched) this.unread++;
      this.firstNew ??= entry;
    }
    this.#view.added(entry);
    if (isWatched) this.markSeen();
    this.#trim();
  }

  /** Forgets the oldest entries; later while the user reads earlier ones. */
  #trim() {
    const most = this.#view.isReading() ? MAX_EARLIER : MAX_ENTRIES;
    const old = this.entries.splice(0, Math.max(0, this.entries.length - most));
    for (const entry of old) {
      if (entry.image) URL.revokeObjectURL(entry.image);
      if (entry.position) this.hasEarlier = true;
      if (entry === this.firstNew) this.firstNew = this.entries[0];
      this.#view.removed(entry);
    }
  }

  /** Whether the user has not seen a message yet; of those that were sent before the room was joined, on an earlier page. */
  #isNew({ mine, earlier, position }, isWatched) {
    if (mine) return false;
    if (!earlier) return !isWatched;
    if (!this.#seenBefore) return false;
    const [epoch, number] = position.split(".");
    const [seenEpoch, seenNumber] = this.#seenBefore.split(".");
    if (epoch !== seenEpoch) return this.#metSeen; // an earlier epoch comes before, a later one after it
    this.#metSeen = true;
    return Number(number) > Number(seenNumber);
  }

  #delete(position) {
    const index = this.entries.findIndex((entry) => entry.position === position);
    if (index < 0) return;
    const [entry] = this.entries.splice(index, 1);
    if (entry.image) URL.revokeObjectURL(entry.image);
    this.#view.removed(entry);
  }
}
