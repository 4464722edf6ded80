// Keep what the page shows in the part of its address after #, and read it from there. Whatever an address holds is
// only ever compared with what there is: anything else is ignored.

const TABS = ["graph", "matrix", "imports"];
const VIEWS = ["modules", "packages"];
const BEGINNINGS = { diagram: "modules", packages: "packages" };
const THEMES = ["auto", "light", "dark"];

function asAddress(state, data) {
  const words = new URLSearchParams();
  words.set("v", data.version);
  words.set("n", String(state.number + 1));
  state.made.forEach((cuts, number) => {
    if (cuts.length) words.set(`cut${number + 1}`, cuts.join("."));
  });
  words.set("tab", state.tab);
  if (state.view) words.set("view", state.view);
  if (state.scope !== null) words.set("in", state.scope);
  if (state.all !== data.begin.all) words.set("all", state.all ? "1" : "0");
  if (state.hiddenKinds.size) words.set("hide", [...state.hiddenKinds].sort().join("."));
  if (state.hiddenGroups.size) words.set("without", [...state.hiddenGroups].sort((one, other) => one - other).join("."));
  if (state.selected && Number.isInteger(state.selected.index)) words.set("at", `${state.selected.kind[0]}${state.selected.index}`);
  if (state.theme !== THEMES[0]) words.set("theme", state.theme);
  return `#${words}`;
}

// The state that an address asks for, as far as it fits this page: cuts and places only if it was made by it.
function fromAddress(address, data) {
  const words = new URLSearchParams(address.replace(/^#/, ""));
  const own = words.get("v") === data.version;
  const asked = own ? place(words.get("n"), data.components.length, 1) : -1;
  const number = Math.max(0, asked);
  const component = data.components[number];
  const chosen = (word, choices, otherwise) => (choices.includes(words.get(word)) ? words.get(word) : otherwise);
  const numbers = (word, size) => (own && component ? places(words.get(word), size) : []);
  const scope = words.get("in");
  return {
    number,
    made: data.components.map(({ cuts }, at) => (own ? places(words.get(`cut${at + 1}`), cuts.length) : [])),
    tab: chosen("tab", TABS, data.begin.view === "matrix" ? "matrix" : TABS[0]),
    view: chosen("view", VIEWS, BEGINNINGS[data.begin.view] || null),
    scope: own && component && scope !== null && isPackage(component, scope) ? scope : null,
    all: words.has("all") ? words.get("all") === "1" : data.begin.all,
    hiddenKinds: new Set((words.get("hide") || "").split(".").filter((look) => Object.hasOwn(data.looks, look))),
    hiddenGroups: new Set(numbers("without", component ? component.groups.length : 0)),
    selected: own && component ? selection(words.get("at") || "", component) : null,
    theme: chosen("theme", THEMES, THEMES[0]),
  };
}

// Whether it is an address of such a page at all.
function isAddress(address) {
  return new URLSearchParams(address.replace(/^#/, "")).has("v");
}

function place(text, size, first) {
  return /^\d{1,6}$/.test(text || "") && Number(text) >= first && Number(text) < size + first ? Number(text) - first : -1;
}

function places(text, size) {
  const found = (text || "").slice(0, 100000).split(".").map((word) => place(word, size, 0));
  return [...new Set(found.filter((index) => index >= 0))];
}

function isPackage(component, name) {
  return name === "" || component.modules.some((module) => module.name === name || module.name.startsWith(`${name}.`));
}

function selection(text, component) {
  const sizes = { d: ["dependency", component.dependencies.length], m: ["module", component.modules.length] };
  const [kind, size] = Object.hasOwn(sizes, text[0] || "") ? sizes[text[0]] : [null, 0];
  const index = place(text.slice(1), size, 0);
  return kind && index >= 0 ? { kind, index } : null;
}
