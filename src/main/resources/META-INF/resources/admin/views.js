/** The views. Each gets the page, an element to fill, and the values in the address, and returns what refreshes it. */
import { change, read } from "./api.js";
import { chart, el, numberCell, table } from "./dom.js";

/** Samples of a chart: five minutes. */
const SAMPLES = 150;
const PAGE = 50;
/** The server lists no more, see Inspection.MAX_RANK. */
const MAX_RANK = 1_000;

const number = (value, page) => value.toLocaleString(page.language());
const megabytes = (bytes, page) => `${number(Math.round(bytes / (1 << 20)), page)} MB`;

function duration(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  const parts = [[Math.floor(minutes / 1_440), "d"], [Math.floor(minutes / 60) % 24, "h"], [minutes % 60, "min"]];
  return parts.filter(([value], i) => value || i === 2).map(([value, unit]) => `${value} ${unit}`).join(" ");
}

function list(title, values, page) {
  const entries = Object.entries(values).filter(([, value]) => value);
  return el("section", { className: "panel" },
    el("h2", { className: "small" }, title),
    entries.length
      ? el("dl", {}, ...entries.sort((a, b) => b[1] - a[1]).slice(0, 20).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, number(value, page))]))
      : el("p", { className: "faint" }, page.texts().none));
}

function field(page, name, properties = {}) {
  return el("label", {}, page.texts()[name], el("input", { name, maxLength: 500, ...properties }));
}

function askForNotice(page, title, data) {
  page.ask({ title, fields: [field(page, "noticeText", { required: true })] },
    (form) => change("notice", { ...data, text: form.get("noticeText") }));
}

// ---- the hub at a glance

export async function overviewView(page, main) {
  const series = { clients: [], handled: [], rejected: [], waiting: [], heap: [] };
  let before;
  const fill = async () => {
    const now = { ...(await read("overview")), time: performance.now() };
    const t = page.texts();
    const rate = (name) => (before ? Math.max(0, ((now[name] - before[name]) * 1_000) / (now.time - before.time)) : 0);
    const values = { clients: now.clients, handled: rate("handled"), rejected: rate("rejected"), waiting: now.waiting, heap: now.heap };
    before = now;
    for (const [name, samples] of Object.entries(series)) {
      samples.push(values[name]);
      if (samples.length > SAMPLES) samples.shift();
    }
    const status = document.getElementById("status");
    status.dataset.state = now.status;
    status.textContent = t[now.status];
    const card = (title, value, samples) =>
      el("section", { className: "card" }, el("h2", { className: "small" }, title), el("strong", {}, value), samples && chart(samples, `${title}, ${t.refresh}`));
    const draining = now.status === "draining";
    main.replaceChildren(
      el("div", { className: "cards" },
        card(t.clientsNow, number(now.clients, page), series.clients),
        card(t.handledPerSecond, number(Math.round(values.handled), page), series.handled),
        card(t.rejectedPerSecond, number(Math.round(values.rejected), page), series.rejected),
        card(t.waiting, number(now.waiting, page), series.waiting),
        card(t.heap, `${megabytes(now.heap, page)} / ${megabytes(now.maxHeap, page)}`, series.heap),
        card(t.roomsNow, number(now.rooms, page)),
        card(t.dropped, number(now.dropped, page)),
        card(t.tooSlow, number(now.tooSlow, page)),
        card(t.uptime, duration(now.uptime))),
      el("div", { className: "panels" },
        list(t.byTransport, now.transports, page), list(t.busyRooms, now.busyRooms, page), list(t.senders, now.senders, page), list(t.byName, now.handledByName, page), list(t.refused, now.refused, page), list(t.tasks, now.tasks, page)),
      el("div", { className: "bar" },
        el("button", { type: "button", onclick: () => askForNotice(page, t.noticeAll, {}) }, t.noticeAll),
        draining
          ? el("button", { type: "button", onclick: () => page.act(() => change("reopen")) }, t.reopen)
          : el("button", { type: "button", className: "danger", onclick: () => page.ask({ title: t.drain, text: t.drainText, danger: true }, () => change("drain")) }, t.drain)));
  };
  await fill();
  return fill;
}

// ---- lists

/** A list that is searched and paged; only its rows are replaced, so that what the user types stays. */
async function listView(page, main, { search, controls = [], load, rows }) {
  const t = page.texts();
  const results = el("div");
  let offset = 0;
  const input = el("input", { type: "search", placeholder: search, "aria-label": `${t.search}: ${search}`, maxLength: 200 });
  const form = el("form", { className: "bar", role: "search" }, input, ...controls, el("button", {}, t.search));
  const fill = async () => {
    const { total, items } = await load(input.value.trim(), offset);
    const reachable = Math.min(total, MAX_RANK);
    const turn = (step) => () => {
      offset += step;
      page.act(fill).then(() => page.notice(""));
    };
    results.replaceChildren(
      rows(items),
      el("div", { className: "bar" },
        el("button", { type: "button", disabled: offset === 0, onclick: turn(-PAGE) }, t.previous),
        el("span", { className: "faint" }, t.page(total ? offset + 1 : 0, offset + items.length, total)),
        el("button", { type: "button", disabled: offset + PAGE >= reachable, onclick: turn(PAGE) }, t.next),
        total > MAX_RANK && el("span", { className: "faint" }, t.onlyFirst(MAX_RANK)) || undefined));
  };
  const again = () => {
    offset = 0;
    fill().catch((error) => page.notice(error.message));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    again();
  });
  for (const control of controls) control.addEventListener("change", again);
  main.replaceChildren(form, results);
  await fill();
  return fill;
}

export function clientsView(page, main) {
  const t = page.texts();
  const sort = el("select", { "aria-label": t.sort }, ...Object.entries(t.sorts).map(([value, text]) => el("option", { value }, `${t.sort}: ${text}`)));
  return listView(page, main, {
    search: t.searchClients,
    controls: [sort],
    load: (search, offset) => read("clients", { search, sort: sort.value, offset, limit: PAGE }),
    rows: (clients) => table(t.clients, [t.id, t.user, t.address, t.transport, t.rooms, t.waiting, t.events, t.bytes],
      clients.map((client) => [
        el("a", { href: `#client/${encodeURIComponent(client.id)}` }, client.id),
        client.user ?? el("span", { className: "faint" }, t.anonymous),
        client.address, client.transport,
        numberCell(number(client.rooms, page)), numberCell(number(client.waiting, page)),
        numberCell(number(client.events, page)), numberCell(number(client.bytes, page)),
      ]), t.none),
  });
}

const roomLink = (namespace, name) =>
  el("a", { href: `#room/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}` }, name);

export function roomsView(page, main) {
  const t = page.texts();
  return listView(page, main, {
    search: t.searchRooms,
    load: (search, offset) => read("rooms", { search, offset, limit: PAGE }),
    rows: (rooms) => table(t.rooms, [t.room, t.namespace, t.members],
      rooms.map(({ namespace, name, members }) => [roomLink(namespace, name), namespace, numberCell(number(members, page))]), t.none),
  });
}

// ---- events of a client or a room

const WATCHED = 100;

/** A part of a view that shows events once the operator asks for them. @param of the parameters that say whose events */
function watchPanel(page, of) {
  const t = page.texts();
  const lines = el("ol", { className: "watched", reversed: true });
  const note = el("span", { className: "faint" });
  let after; // the number of the last event that was shown; undefined until the operator asks
  const refresh = async () => {
    if (after === undefined) return;
    const events = await read("tap", { ...of, after }).catch((error) => {
      if (error.status !== 404) throw error;
    });
    if (!events) { // it has ended, because this page was asleep
      after = undefined;
      return;
    }
    const { seen, lines: newer } = events;
    after = newer.at(-1)?.number ?? after;
    lines.prepend(...newer.reverse().map(({ number: value, at, event }) =>
      el("li", { value }, `${new Date(at).toLocaleTimeString(page.language())} ${event}`)));
    while (lines.children.length > WATCHED) lines.lastElementChild.remove();
    note.textContent = t.watched(number(lines.children.length, page), number(seen, page));
  };
  const watch = async () => {
    await change("tap", of);
    after = 0;
    lines.replaceChildren();
  };
  return {
    refresh,
    element: el("section", {}, el("p", { className: "bar" },
      el("button", { type: "button", onclick: () => page.act(watch) }, t.watch), note), lines),
  };
}

// ---- one client

function askForBan(page, title, who, data) {
  const t = page.texts();
  page.ask({ title, text: t.banText(who), danger: true, fields: [
    field(page, "minutes", { type: "number", min: 1, max: 10_080, value: 60, required: true }),
    field(page, "reason"),
  ] }, (form) => change("ban", { ...data, minutes: Number(form.get("minutes")), reason: form.get("reason") }));
}

export async function clientView(page, main, [id]) {
  const t = page.texts();
  const events = watchPanel(page, { client: id });
  const fill = async () => {
    const { client, rooms, userAgent, errors } = await read("client", { id });
    await events.refresh();
    const who = client.user ?? client.id;
    const row = (name, ...value) => [el("dt", {}, t[name]), el("dd", {}, ...value)];
    main.replaceChildren(
      el("h2", {}, client.id),
      el("section", { className: "panel" }, el("dl", {},
        ...row("user", client.user ?? t.anonymous), ...row("address", client.address), ...row("transport", client.transport),
        ...row("namespace", client.namespace), ...row("waiting", number(client.waiting, page)), ...row("events", number(client.events, page)),
        ...row("bytes", number(client.bytes, page)), ...row("userAgent", userAgent ?? t.none),
        ...row("rooms", ...(rooms.length ? rooms.flatMap((room) => [roomLink(client.namespace, room), " "]) : [t.none])),
        ...row("lastErrors", ...(errors.length
          ? errors.map(({ at, code, message }) => el("div", {}, `${new Date(at).toLocaleTimeString(page.language())} ${code}: ${message}`))
          : [t.none])))),
      el("p", { className: "bar" },
        el("button", { type: "button", className: "danger", onclick: () =>
          page.ask({ title: t.close, text: t.closeText(who), danger: true, fields: [field(page, "reason")] },
            async (form) => {
              await change("close", { id, reason: form.get("reason") });
              location.hash = "clients";
            }) }, t.close),
        client.user && el("button", { type: "button", className: "danger", onclick: () => askForBan(page, t.banUser, client.user, { user: client.user }) }, t.banUser),
        el("button", { type: "button", className: "danger", onclick: () => askForBan(page, t.banAddress, client.address, { address: client.address }) }, t.banAddress)),
      events.element);
  };
  await fill();
  return fill;
}

// ---- one room

export async function roomView(page, main, [namespace, name]) {
  const t = page.texts();
  let before;
  const events = watchPanel(page, { namespace, room: name });
  const fill = async () => {
    const { room, members, published } = await read("room", { namespace, name });
    const now = performance.now();
    // The count begins anew with a new epoch of the room.
    const rate = before ? Math.max(0, (published - before.published) * 1000 / (now - before.at)) : 0;
    before = { published, at: now };
    await events.refresh();
    main.replaceChildren(
      el("h2", {}, name),
      el("p", { className: "bar" },
        el("span", {}, `${t.members}: ${number(room.members, page)}`),
        el("span", {}, t.perSecond(number(Math.round(rate * 10) / 10, page))),
        el("button", { type: "button", onclick: () => askForNotice(page, t.noticeRoom, { namespace, room: name }) }, t.noticeRoom),
        el("button", { type: "button", className: "danger", onclick: () =>
          page.ask({ title: t.clear, text: t.clearText(name), danger: true }, () => change("clear", { namespace, room: name })) }, t.clear)),
      events.element,
      members.length < room.members ? el("p", { className: "faint" }, t.firstMembers(members.length)) : "",
      table(t.members, [t.id, t.nick], members.map(({ id, nick }) => [el("a", { href: `#client/${encodeURIComponent(id)}` }, id), nick ?? ""]), t.none));
  };
  await fill();
  return fill;
}

// ---- bans and settings

export async function bansView(page, main) {
  const t = page.texts();
  const fill = async () => {
    const bans = await read("bans");
    main.replaceChildren(
      table(t.bans, [t.user, t.address, t.until, t.reason, ""], bans.map(({ kind, value, until, reason }) => {
        const data = kind === "USER" ? { user: value } : { address: value };
        return [kind === "USER" ? value : "", kind === "USER" ? "" : value, new Date(until).toLocaleString(page.language()), reason,
          el("button", { type: "button", onclick: () => page.act(() => change("unban", data)) }, t.unban)];
      }), t.none),
      el("p", { className: "bar" },
        el("button", { type: "button", onclick: () => page.ask({ title: t.banUser, danger: true, fields: [
          field(page, "user", { required: true }), field(page, "minutes", { type: "number", min: 1, max: 10_080, value: 60, required: true }), field(page, "reason"),
        ] }, (form) => change("ban", { user: form.get("user"), minutes: Number(form.get("minutes")), reason: form.get("reason") })) }, t.banUser),
        el("button", { type: "button", onclick: () => page.ask({ title: t.banAddress, danger: true, fields: [
          field(page, "address", { required: true }), field(page, "minutes", { type: "number", min: 1, max: 10_080, value: 60, required: true }), field(page, "reason"),
        ] }, (form) => change("ban", { address: form.get("address"), minutes: Number(form.get("minutes")), reason: form.get("reason") })) }, t.banAddress)));
  };
  await fill();
  return fill;
}

export async function settingsView(page, main) {
  const t = page.texts();
  const changeable = new Set(await read("changeable"));
  const fill = async () => {
    const settings = await read("settings");
    main.replaceChildren(el("div", { className: "settings" }, table(t.settings, [t.setting, t.value, t.origin, ""], Object.entries(settings).map(([name, shown]) => {
      const [, value, origin] = /^(.*?) {2}\((.*)\)$/s.exec(shown) ?? [undefined, shown, ""];
      return [name, el("td", { className: "wrap" }, value), origin, changeable.has(name)
        ? el("button", { type: "button", "aria-label": `${t.change} ${name}`, onclick: () =>
          page.ask({ title: name, text: t.changeText, button: t.change, fields: [field(page, "value", value === "***" ? { required: true, autocomplete: "off", maxLength: 10_000 } : { value, maxLength: 10_000 })] },
            (form) => change("setting", { name, value: form.get("value") })) }, t.change)
        : ""];
    }), t.none)));
  };
  await fill();
  return fill;
}
