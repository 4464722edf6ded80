// Bring the page up to date with its state: all of it (redraw), what cuts and filters change (refresh), or what is
// pointed at (point).

const graph = makeGraph(byId("graph"), actions);
const matrix = makeMatrix(byId("matrix"), actions);
const keys = keyTable(actions);
let shown = null;
let everyCut = false;

function redraw() {
  page = pageOf(data, state);
  const { component } = page;
  byId("component").value = String(state.number);
  byId("kinds").replaceChildren(...kindFilters(component, data, state.hiddenKinds, filterBy(state.hiddenKinds)));
  byId("groups").replaceChildren(...groupFilters(component, state.hiddenGroups, filterBy(state.hiddenGroups)));
  matrix.draw(component);
  drawGraph();
  refresh();
}

function drawGraph() {
  const view = viewNow();
  const scope = state.scope ?? page.component.prefix;
  shown = picture(page.component, view, scope);
  byId("crumbs").replaceChildren(...breadcrumbs(page.component, scope, actions.enter));
  byId("view").textContent = view === "modules" ? "Show packages" : "Show modules";
  showTab(page.component);
  graph.draw(shown, page.component, `Import graph of ${counted(page.component.modules.length, "module")}. Right and left go through the imports, Enter cuts.`);
}

function refresh() {
  page = pageOf(data, state);
  const { component, left, cuts } = page;
  showTab(component);
  if (state.theme === THEMES[0]) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
  byId("theme").textContent = `Theme: ${state.theme}`;
  byId("counters").replaceChildren(...counters(page));
  byId("counters").classList.toggle("solved", left.modules === 0);
  byId("sentence").textContent = sentence(page);
  byId("trail").textContent = trail(page);
  byId("plan").replaceChildren(...planRows(page, actions));
  byId("ranked").replaceChildren(...(state.tab === "imports" ? rankedRows(page, everyCut, actions) : []));
  byId("more").hidden = everyCut || component.cuts.length <= MOST_CUTS;
  byId("all").setAttribute("aria-pressed", String(state.all));
  byId("next").disabled = byId("whole").disabled = !page.rest.length;
  byId("undo").disabled = !state.past.length;
  byId("redo").disabled = !state.future.length;
  byId("reset").disabled = !cuts.size;
  point();
}

function showTab(component) {
  for (const tab of TABS) {
    byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === state.tab));
    byId(`tab-${tab}`).tabIndex = tab === state.tab ? 0 : -1;
    byId(`panel-${tab}`).hidden = tab !== state.tab;
  }
  const view = viewNow();
  const drawn = state.tab === "graph";
  byId("crumbs").hidden = !drawn || view !== "packages";
  byId("view").hidden = !drawn || !canShowModules(component) || component.flat;
  byId("all").hidden = !drawn;
  byId("notice").textContent = notice(component, { tab: state.tab, view, all: state.all, shown });
}

function point() {
  const marks = marksOf(page, state);
  const view = { state, left: page.left, visible: visibleOf(page, state), marks };
  if (state.tab === "graph") graph.update(view);
  if (state.tab === "matrix") matrix.update(view);
  byId("details").replaceChildren(...panelOf(page, state.hovered || state.selected, actions));
  clearTimeout(clock);
  clock = setTimeout(() => history.replaceState(null, "", asAddress(state, data)), ADDRESS_DELAY);
}

function filterBy(hidden) {
  return (name, seen) => {
    if (seen) hidden.delete(name);
    else hidden.add(name);
    refresh();
  };
}

function listen() {
  const clicks = {
    next: actions.next,
    whole: actions.plan,
    undo: actions.undo,
    redo: actions.redo,
    reset: actions.reset,
    all: actions.all,
    view: actions.view,
    fit: actions.fit,
    nearer: () => actions.zoom(1.25),
    farther: () => actions.zoom(0.8),
    theme: actions.theme,
    keys: actions.help,
    close: () => byId("help").close(),
    more: () => {
      everyCut = true;
      refresh();
    },
  };
  for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
  for (const tab of TABS) byId(`tab-${tab}`).addEventListener("click", () => actions.tab(tab));
  byId("component").addEventListener("change", (event) => actions.component(Number(event.target.value)));
  byId("search").addEventListener("input", (event) => {
    Object.assign(state, { query: event.target.value, match: -1 });
    find(false);
    point();
  });
  byId("search").addEventListener("keydown", (event) => event.key === "Enter" && find(true));
  window.addEventListener("resize", () => (state.tab === "matrix" ? point() : graph.fit()));
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("details").focus();
  });
  window.addEventListener("hashchange", () => {
    if (!isAddress(location.hash)) return;
    Object.assign(state, fromAddress(location.hash, data), { past: [], future: [] });
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", point);
  listenToKeys(keys, byId("help"));
}

byId("component").replaceChildren(...componentOptions(data));
byId("component").closest("label").hidden = data.components.length < 2;
byId("key-rows").replaceChildren(...keyRows(keys));
if (data.components.length) {
  listen();
  redraw();
} else {
  byId("none").hidden = false;
  byId("page").hidden = true;
}
document.documentElement.dataset.ready = "1";
