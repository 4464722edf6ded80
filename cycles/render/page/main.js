// The page: its state, and what can be done with it by buttons (`data-do`), keys, and in the pictures.

const data = JSON.parse(byId("data").textContent);
data.components = data.components.map(indexed);
const begun = fromAddress(location.hash, data);
const state = { ...begun.state, hovered: null, match: -1, past: [], future: [] };
const nodes = (number) => counted(number, data.node);
let page = null;

const actions = {
  hover(target) {
    if (sameTarget(target, state.hovered)) return;
    state.hovered = target;
    point(true);
  },
  select(target) {
    Object.assign(state, { selected: target, hovered: null });
    if (target?.kind === "dependency") lookInto(...endsOf(page.component, target.index));
    drawGraph();
    point();
    plan.scrollTo(".chosen");
    byId("said").textContent = target ? targetWords(page, target) : "";
  },
  choose: (index) => actions.select({ kind: "dependency", index: Number(index) }),
  // What Enter and a double click do: cut an import or restore all of it, look into a package or a group.
  activate(target) {
    const found = target ?? state.selected;
    const causes = found?.causes ?? page.component.dependencies[found?.index]?.causes;
    if (found?.kind === "dependency") make(causes, causes.some((cut) => !page.cuts.has(cut)));
    else if (found?.kind === "box" && found.box.enter !== null) actions.enter(found.box.enter);
    else if (found?.kind === "module" && page.component.inner.length) actions.open(found.index);
  },
  // Show the modules of a group in the matrix, or the group again.
  open(index) {
    if (!state.opened.delete(Number(index))) state.opened.add(Number(index));
    Object.assign(state, { tab: "matrix", hovered: null, looks: { ...state.looks, matrix: null } });
    redraw();
  },
  toggleCut: (cut) => make([Number(cut)], !page.cuts.has(Number(cut))),
  next: () => change([...state.made[state.number], ...page.rest.slice(0, 1)]),
  whole: () => change([...state.made[state.number], ...page.rest]),
  reset: () => change([]),
  undo: () => travel(state.past, state.future),
  redo: () => travel(state.future, state.past),
  // Go to the next or previous import that is drawn, those of the plan first.
  step(by) {
    const visible = visibleOf(page, state).dependencies;
    const order = page.component.dependencies
      .map(({ step, skeleton }, index) => ({ kind: "dependency", index, step: step || Infinity, skeleton }))
      .filter(({ index, skeleton }) => visible[index] && (skeleton || state.all || tabNow() !== "graph"))
      .sort((one, other) => one.step - other.step || one.index - other.index);
    stepAmong(order, by);
  },
  stepBox: (by) => stepAmong(tabNow() === "graph" ? graph.targets() : page.component.modules.map((_, index) => ({ kind: "module", index })), by),
  tab: (tab) => set({ tab }),
  view: () => hasViews() && set({ view: viewNow() === "modules" ? "packages" : "modules", looks: { ...state.looks, graph: null } }),
  enter: (scope) => set({ view: "packages", scope, selected: null, hovered: null, looks: { ...state.looks, graph: null } }),
  all: () => set({ all: !state.all }),
  unfold: () => set({ unfolded: !state.unfolded }),
  theme: () => set({ theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length] }),
  component(number) {
    Object.assign(state, { number: Number(number), view: null, scope: null, selected: null, hovered: null, hiddenGroups: new Set(), opened: new Set(), match: -1, looks: {} });
    redraw();
  },
  back() {
    const outer = around(page.component, scopeNow()).at(-2);
    if (viewNow() === "packages" && outer !== undefined) actions.enter(outer);
  },
  fit: () => lookers[tabNow()]?.fit(),
  zoom: (factor) => lookers[tabNow()]?.zoom(Number(factor)),
  pan: (x, y) => lookers[tabNow()]?.pan(x, y),
  looked() {
    for (const [name, looker] of Object.entries(lookers)) state.looks[name] = looker.chosen();
    keepAddress();
  },
  search: () => byId("search").focus(),
  help: () => byId("help").showModal(),
  close: () => byId("help").close(),
};

function set(values) {
  Object.assign(state, values);
  refresh();
}

const sameTarget = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const hasPicture = ({ whole, levels }) => whole !== null || Object.keys(levels).length > 0;

// Without a picture of a component there is no graph to look at.
function tabNow() {
  return state.tab === "graph" && !hasPicture(page.component) ? "matrix" : state.tab;
}

// Whether there are pictures of both modules and packages, to choose from.
const hasViews = () => page.component.whole !== null && Object.keys(page.component.levels).length > 0;

function viewNow() {
  const { component } = page;
  component.first ??= firstView(component, byId("picture").getBoundingClientRect());
  return hasViews() ? (state.view ?? component.first) : component.first;
}

const scopeNow = () => state.scope ?? Object.keys(page.component.levels)[0] ?? "";

// The package whose picture shows a module by itself, or two modules in different boxes; undefined for none.
function levelOf(...modules) {
  return Object.keys(page.component.levels).find((name) => {
    const boxes = modules.map((module) => page.component.levels[name].boxes.find(({ members }) => members.includes(module)));
    if (boxes.includes(undefined) || boxes.every(({ outside }) => outside)) return false;
    return boxes.length > 1 ? boxes[0] !== boxes[1] : boxes[0].members.length === 1;
  });
}

// In the packages, what is inside a box can only be seen by looking into it.
function lookInto(...modules) {
  const places = modules.map((module) => shown?.boxOf[module]);
  const seen = places.length > 1 ? !places.includes(-1) && places[0] !== places[1] : shown?.boxes[places[0]]?.members.length === 1;
  const scope = viewNow() === "packages" && tabNow() === "graph" && !seen ? levelOf(...modules) : undefined;
  if (scope !== undefined) Object.assign(state, { scope, looks: { ...state.looks, graph: null } });
}

function stepAmong(order, by) {
  if (!order.length) return;
  const at = order.findIndex((target) => sameTarget(target, state.selected));
  const found = order[at < 0 ? (by > 0 ? 0 : order.length - 1) : (at + by + order.length) % order.length];
  actions.select(found);
  const mark = found.kind === "dependency" ? `[data-dependency="${found.index}"]` : ".chosen[data-box]";
  if (tabNow() === "graph") graph.svg.querySelector(mark)?.focus({ preventScroll: true });
}

function make(cuts, yes) {
  const others = state.made[state.number].filter((cut) => !cuts.includes(cut));
  change(yes ? [...others, ...cuts] : others);
}

function change(made) {
  const before = state.made[state.number];
  if (made.length === before.length) return;
  state.past.push({ number: state.number, made: before });
  state.future.length = 0;
  state.made[state.number] = made;
  refresh();
  plan.scrollTo(".row:not(.made)");
}

function travel(from, to) {
  const then = from.pop();
  if (!then) return;
  to.push({ number: then.number, made: state.made[then.number] });
  state.made[then.number] = then.made;
  if (then.number === state.number) refresh();
  else actions.component(then.number);
}

// Go to the next module that was searched for.
function findNext() {
  const found = matches(page.component, state.query);
  if (!found.length) return;
  state.match = (state.match + 1) % found.length;
  const index = found[state.match];
  lookInto(index);
  actions.select({ kind: "module", index });
  lookers[tabNow()]?.reveal(index);
}
