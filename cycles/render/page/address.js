// Keep what the page shows in the part of its address after #, and read it from there. Whatever an address holds is
// only ever compared with what there is: anything else is left out, and said.

const TABS = ["graph", "matrix", "imports"];
const THEMES = ["auto", "light", "dark"];

function asAddress(state, data) {
  const words = new URLSearchParams({ v: data.version, n: state.number + 1 });
  const set = (word, value, otherwise = "") => String(value) !== otherwise && words.set(word, value);
  state.made.forEach((cuts, number) => set(`cut${number + 1}`, cuts.join(".")));
  words.set("tab", state.tab);
  set("view", state.view ?? "");
  if (state.scope !== null) words.set("in", state.scope);
  set("all", Number(state.all), String(Number(data.begin.all)));
  set("free", Number(state.unfolded), "0");
  set("hide", [...state.hiddenKinds].sort().join("."));
  set("without", [...state.hiddenGroups].sort((one, other) => one - other).join("."));
  set("at", Number.isInteger(state.selected?.index) ? state.selected.kind[0] + state.selected.index : "");
  set("theme", state.theme, THEMES[0]);
  set("find", state.query);
  set("open", [...state.opened].sort((one, other) => one - other).join("."));
  for (const [word, part] of Object.entries(state.looks)) set(word, part ? [part.x.toFixed(0), part.y.toFixed(0), part.scale.toFixed(3)].join("_") : "");
  return `#${words}`;
}

// The state that an address asks for, as far as it fits this page (cuts and places only if it was made by it), and
// what to say of the words that do not.
function fromAddress(address, data) {
  const words = new URLSearchParams(address.replace(/^#/, ""));
  const own = words.get("v") === data.version;
  const lost = new Set(words.keys());
  // What `reading` makes of a word, null for nothing; it may note that it made something of a part only.
  const read = (word, otherwise, reading, bound = false) => {
    if (!words.has(word) || (bound && !own)) return otherwise;
    let whole = true;
    const found = reading(words.get(word), () => (whole = false));
    if (found !== null && whole) lost.delete(word);
    return found ?? otherwise;
  };
  const choice = (choices) => (text) => (choices.includes(text) ? text : null);
  const flag = (text) => (["0", "1"].includes(text) ? text === "1" : null);
  const listed = (reading) => (text, missed) => {
    const found = text.slice(0, 100000).split(".").map(reading);
    if (found.includes(null)) missed();
    return [...new Set(found.filter((value) => value !== null))];
  };
  const numbers = (size) => listed((text) => position(text, size, 0));
  const number = read("n", 0, (text) => position(text, data.components.length, 1), true);
  const component = data.components[number] ?? { groups: [], inner: [], levels: {}, dependencies: [], modules: [] };
  read("v", null, () => own || null);
  const state = {
    number,
    made: data.components.map(({ cuts }, at) => read(`cut${at + 1}`, [], numbers(cuts.length), true)),
    tab: read("tab", data.begin.view === "matrix" ? "matrix" : TABS[0], choice(TABS)),
    view: read("view", { diagram: "modules", packages: "packages" }[data.begin.view] ?? null, choice(["modules", "packages"])),
    scope: read("in", null, (text) => (Object.hasOwn(component.levels, text) ? text : null), true),
    all: read("all", data.begin.all, flag),
    unfolded: read("free", false, flag),
    hiddenKinds: new Set(read("hide", [], listed((look) => (Object.hasOwn(data.looks, look) ? look : null)))),
    hiddenGroups: new Set(read("without", [], numbers(component.groups.length), true)),
    opened: new Set(read("open", [], numbers(component.inner.length && component.modules.length), true)),
    selected: read("at", null, (text) => selection(text, component), true),
    theme: read("theme", THEMES[0], choice(THEMES)),
    query: read("find", "", (text) => text.slice(0, 200)),
    looks: { graph: read("graph", null, looked, true), matrix: read("matrix", null, looked, true) },
  };
  return { state, lost: lostWords([...lost], own || !words.has("v")) };
}

function lostWords(lost, own) {
  const listed = lost.filter((word) => word !== "v").map((word) => shortened(word, 12)).slice(0, 6).join(", ");
  if (!listed) return "";
  return own ? `Not understood in the address, and left out: ${listed}.` : `The address was made for other code than this: ${listed} in it does not fit any more, and is left out.`;
}

function position(text, size, first) {
  return /^\d{1,6}$/.test(text) && Number(text) >= first && Number(text) < size + first ? Number(text) - first : null;
}

function looked(text) {
  if (!/^\d{1,7}_\d{1,7}_\d\.\d{3}$/.test(text)) return null;
  const [x, y, scale] = text.split("_").map(Number);
  return scale >= LEAST_SCALE && scale <= MOST_SCALE ? { x, y, scale } : null;
}

function selection(text, { dependencies, modules }) {
  const [kind, { length }] = { d: ["dependency", dependencies], m: ["module", modules] }[text[0]] ?? ["", []];
  const index = position(text.slice(1), length, 0);
  return index === null ? null : { kind, index };
}
