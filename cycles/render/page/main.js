// The page: its state, what can be done with it, and the views that show it.

const data = JSON.parse(byId("data").textContent);
data.components = data.components.map(indexed);
const state = initialState(data, location.hash);
const ADDRESS_DELAY = 120; // browsers do not like an address that changes with every move
let page = null;
let clock = 0;

const actions = {
  hover(target) {
    if (sameTarget(target, state.hovered)) return;
    state.hovered = target;
    point();
  },
  select(target) {
    state.selected = target;
    state.hovered = null;
    if (target && target.kind === "dependency") reveal(page.component.dependencies[target.index]);
    point();
  },
  press(target) {
    if (target && target.kind === "dependency") actions.toggle(target.index);
    else if (target && target.kind === "box") actions.enter(target.box.scope);
    else actions.select(target);
  },
  // Cut all causes of a dependency, or make all of them again.
  toggle(index) {
    const { causes } = page.component.dependencies[index];
    const made = state.made[state.number];
    state.selected = { kind: "dependency", index };
    change(page.left.alive[index] ? [...made, ...causes.filter((cause) => !page.cuts.has(cause))] : made.filter((cut) => !causes.includes(cut)));
  },
  toggleCut(cut) {
    const made = state.made[state.number];
    change(page.cuts.has(cut) ? made.filter((other) => other !== cut) : [...made, cut]);
  },
  next() {
    if (!page.rest.length) return;
    const [cut] = page.rest;
    state.selected = { kind: "dependency", index: page.component.cuts[cut].makes[0] };
    change([...state.made[state.number], cut]);
  },
  plan: () => page.rest.length && change([...state.made[state.number], ...page.rest]),
  reset: () => state.made[state.number].length && change([]),
  undo: () => travel(state.past, state.future),
  redo: () => travel(state.future, state.past),
  cutChosen: () => state.selected && state.selected.kind === "dependency" && actions.toggle(state.selected.index),
  // Go to the next or previous import that is drawn, those of the plan first.
  step(by) {
    const visible = visibleOf(page, state).dependencies;
    const order = page.component.dependencies
      .map(({ step, skeleton }, index) => ({ index, step: step || Infinity, skeleton }))
      .filter(({ index, skeleton }) => visible[index] && (skeleton || state.all || state.tab !== "graph"))
      .sort((one, other) => one.step - other.step || one.index - other.index);
    if (!order.length) return;
    const at = state.selected ? order.findIndex(({ index }) => state.selected.kind === "dependency" && state.selected.index === index) : -1;
    const then = at < 0 ? (by > 0 ? 0 : order.length - 1) : (at + by + order.length) % order.length;
    actions.select({ kind: "dependency", index: order[then].index });
    const line = graph.svg.querySelector(`[data-dependency="${order[then].index}"]`);
    if (state.tab === "graph" && line) line.focus({ preventScroll: true });
  },
  tab(name) {
    state.tab = name;
    refresh();
    if (name === "graph") graph.fit();
  },
  component(number) {
    state.number = number;
    Object.assign(state, { view: null, scope: null, selected: null, hovered: null, hiddenGroups: new Set(), match: -1 });
    redraw();
  },
  view() {
    state.view = viewNow() === "modules" ? "packages" : "modules";
    redraw();
  },
  enter(scope) {
    Object.assign(state, { view: "packages", scope, selected: null, hovered: null });
    redraw();
  },
  back() {
    const scope = state.scope ?? page.component.prefix;
    if (viewNow() === "packages" && scope !== page.component.prefix) actions.enter(scope.split(".").slice(0, -1).join("."));
  },
  all() {
    state.all = !state.all;
    refresh();
  },
  fit: () => (state.tab === "matrix" ? matrix.fit() : graph.fit()),
  zoom: (factor) => (state.tab === "matrix" ? matrix.zoom(factor) : graph.zoom(factor)),
  pan: (x, y) => graph.pan(x, y),
  search: () => byId("search").focus(),
  theme() {
    state.theme = THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length];
    refresh();
  },
  help: () => byId("help").showModal(),
};

function sameTarget(one, other) {
  if (!one || !other) return one === other;
  return one.kind === other.kind && one.index === other.index && one.box === other.box && one.dependencies === other.dependencies;
}

function viewNow() {
  return canShowModules(page.component) ? state.view || firstView(page.component) : "packages";
}

// In the packages, a dependency inside a box can only be seen by looking into it.
function reveal({ importer, imported }) {
  if (viewNow() !== "packages" || state.tab !== "graph") return;
  if (shown.boxOf[importer] >= 0 && shown.boxOf[imported] >= 0 && shown.boxOf[importer] !== shown.boxOf[imported]) return;
  const [one, other] = [importer, imported].map((module) => page.component.modules[module].name.split("."));
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared++;
  Object.assign(state, { view: "packages", scope: one.slice(0, shared).join(".") });
  drawGraph();
}

function change(made) {
  state.past.push({ number: state.number, made: state.made[state.number] });
  state.future.length = 0;
  state.made[state.number] = made;
  refresh();
}

function travel(from, to) {
  const then = from.pop();
  if (!then) return;
  to.push({ number: then.number, made: state.made[then.number] });
  state.made[then.number] = then.made;
  if (then.number === state.number) refresh();
  else actions.component(then.number);
}

function find(forward) {
  const found = matches(page.component, state.query);
  if (forward && found.length) {
    state.match = (state.match + 1) % found.length;
    const module = found[state.match];
    state.selected = { kind: "module", index: module };
    if (viewNow() === "packages" && state.tab === "graph") {
      state.scope = page.component.modules[module].name.split(".").slice(0, -1).join(".");
      if (!state.scope.startsWith(page.component.prefix)) state.scope = page.component.prefix;
      drawGraph();
    }
    point();
    graph.centre(module);
  }
  const at = found.length && state.match >= 0 ? `${state.match + 1} of ` : "";
  byId("matches").textContent = state.query ? `${at}${counted(found.length, "match", "matches")}` : "";
}
