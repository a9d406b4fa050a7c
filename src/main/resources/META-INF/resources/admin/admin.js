/** The admin page: which view is shown, who is logged in, and what is refreshed. */
import { ApiError, change, logOut, read, useKey } from "./api.js";
import { el } from "./dom.js";
import { bansView, clientView, clientsView, overviewView, roomView, roomsView, settingsView } from "./views.js";
import { WORDS } from "./words.js";

const $ = (id) => document.getElementById(id);
const REFRESH = 2_000;

let language = stored("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
const texts = () => WORDS[language];

/** By name, the function that shows the view. A view returns the function that refreshes it. */
const VIEWS = {
  overview: overviewView,
  clients: clientsView,
  client: clientView,
  rooms: roomsView,
  room: roomView,
  bans: bansView,
  settings: settingsView,
};

/** Counts the views that were shown, so that answers for an earlier one are ignored. */
let shown = 0;
let refresh = async () => {};

function stored(name) {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What views use. */
const page = {
  texts,
  language: () => language,
  notice: (text) => ($("notice").textContent = text),

  /** Does something, and says whether it worked. */
  async act(action) {
    try {
      await action();
      page.notice(texts().done);
      await refresh();
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  },

  /**
   * Asks before something is done, perhaps for values.
   * @param {{title: string, text?: string, fields?: HTMLElement[], danger?: boolean, button?: string}} question
   * @param {(form: FormData) => Promise<void>} action
   */
  ask({ title, text, fields = [], danger, button = title }, action) {
    const dialog = $("dialog");
    const form = el("form", { method: "dialog" },
      el("h2", { id: "dialog-title" }, title),
      text && el("p", {}, text),
      ...fields,
      el("div", { className: "bar" },
        el("button", { className: danger ? "danger" : "primary" }, button),
        el("button", { type: "button", onclick: () => dialog.close() }, texts().cancel)));
    form.addEventListener("submit", () => page.act(() => action(new FormData(form))));
    dialog.replaceChildren(form);
    dialog.showModal();
  },
};

function failed(error) {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) showLogin(error);
  else {
    page.notice(error instanceof ApiError ? (error.status === 404 ? texts().gone : error.message) : texts().unreachable);
    if (!(error instanceof ApiError)) showStatus("unreachable");
  }
}

function showStatus(state) {
  $("status").dataset.state = state;
  $("status").textContent = texts()[state];
}

async function show() {
  const mine = ++shown;
  const [name, ...values] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const view = VIEWS[name] ?? VIEWS.overview;
  const menu = { client: "clients", room: "rooms" }[name] ?? (VIEWS[name] ? name : "overview");
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.hash === `#${menu}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  page.notice("");
  refresh = async () => {};
  try {
    showStatus((await read("overview")).status);
    $("log-out").hidden = false;
    const main = el("div");
    const again = await view(page, main, values);
    if (mine !== shown) return;
    $("view").replaceChildren(main);
    refresh = async () => {
      if (mine === shown) await again?.();
    };
  } catch (error) {
    if (mine === shown) failed(error);
  }
}

function showLogin(error) {
  shown++;
  refresh = async () => {};
  $("log-out").hidden = error.status !== 403;
  const field = (name, type, autocomplete) =>
    el("label", {}, texts()[name], el("input", { name, type, autocomplete, required: true, maxLength: 1_000 }));
  const byUser = el("form", {},
    el("fieldset", {}, el("legend", {}, texts().byUser), field("user", "text", "username"), field("password", "password", "current-password"),
      el("button", { className: "primary" }, texts().logIn)));
  byUser.addEventListener("submit", (event) => {
    event.preventDefault();
    logIn(() => change("session", Object.fromEntries(new FormData(byUser))));
  });
  const byKey = el("form", {},
    el("fieldset", {}, el("legend", {}, texts().byKey), field("key", "password", "off"), el("button", {}, texts().logIn)));
  byKey.addEventListener("submit", (event) => {
    event.preventDefault();
    logIn(async () => useKey(new FormData(byKey).get("key").trim()));
  });
  page.notice(error.message);
  $("view").replaceChildren(el("div", { className: "login" }, el("h2", {}, texts().logInTitle), byUser, byKey));
  byUser.querySelector("input").focus();
}

async function logIn(action) {
  try {
    await action();
    await show();
  } catch (error) {
    page.notice(error.message);
  }
}

function translate() {
  document.documentElement.lang = language;
  document.title = texts().title;
  $("language").value = language;
  for (const place of document.querySelectorAll("[data-t]")) place.textContent = texts()[place.dataset.t];
}

$("language").addEventListener("change", ({ target }) => {
  language = target.value;
  try {
    localStorage.setItem("language", language);
  } catch {
    // The page works without it.
  }
  translate();
  show();
});
$("log-out").addEventListener("click", async () => {
  await logOut();
  show();
});
addEventListener("hashchange", () => {
  show();
  $("view").focus({ preventScroll: true });
});

/** One refresh after another, none while nobody looks. */
async function keepFresh() {
  if (!document.hidden) {
    try {
      await refresh();
    } catch (error) {
      failed(error);
    }
  }
  setTimeout(keepFresh, REFRESH);
}

translate();
show();
setTimeout(keepFresh, REFRESH);
