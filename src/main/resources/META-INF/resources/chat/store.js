/** What the page remembers in the browser. Every value is optional: storage can be full, or forbidden. */

const MAX_ROOMS = 50;
const MAX_IDS = 50;

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The page works without it.
  }
}

/** The position of the last message that the user has seen in each room. */
export const seen = {
  get: (room) => read("seen", {})[room],
  set(room, position) {
    const { [room]: _, ...others } = read("seen", {});
    const kept = Object.entries(others).slice(1 - MAX_ROOMS);
    write("seen", { ...Object.fromEntries(kept), [room]: position });
  },
};

/** The ids that this browser has had, so that the user's own messages are recognised after a reload. */
export const ownIds = {
  has: (id) => read("ids", []).includes(id),
  add(id) {
    const ids = read("ids", []);
    if (!ids.includes(id)) write("ids", [...ids, id].slice(-MAX_IDS));
  },
};

export const setting = {
  get: (name) => {
    try {
      return localStorage.getItem(name) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // as above
    }
  },
};
