// Bring the page up to date with its state: all of it (redraw), what cuts and filters change (refresh), or what is
// pointed at (point).

const graph = makeGraph(byId("graph"), actions);
const matrix = makeMatrix(byId("matrix"), actions);
const lookers = { graph, matrix };
const plan = makeList(byId("plan"));
const ranked = makeList(byId("ranked"));
const keys = keyTable(actions);
const ADDRESS_DELAY = 120; // browsers do not like an address that changes with every move
let shown = null;
let drawn = "";
let clock = 0;

function redraw() {
  page = pageOf(data, state);
  const { component } = page;
  byId("component").value = String(state.number);
  byId("search").value = state.query;
  byId("groups").replaceChildren(...groupFilters(component, state.hiddenGroups));
  byId("tab-graph").hidden = !hasPicture(component);
  plan.show(component, planRows);
  matrix.draw(component, state.opened);
  drawn = "";
  refresh();
  for (const [name, looker] of Object.entries(lookers)) looker.choose(state.looks[name] ?? null);
}

// Draw the picture if it is another one: what is freed folds away, the rest closes up, and all of it is fitted.
function drawGraph() {
  const { component, left, planned } = page;
  const found = picture(component, viewNow(), { scope: scopeNow(), solved: planned });
  if (!found) return;
  const kept = (member) => left.inside[member] >= 0 || (state.selected?.kind === "module" && state.selected.index === member);
  const stay = found.boxes.map(({ members }) => !left.modules || state.unfolded || members.some(kept));
  const picked = [state.number, viewNow(), scopeNow(), planned, stay.map(Number).join("")].join(" ");
  if (picked === drawn) return;
  shown = stay.every(Boolean) ? found : closedUp(found, stay);
  const name = `Import graph of ${nodes(component.modules.length)}. Left and right go through the imports, up and down through the boxes.`;
  graph.draw(shown, component, { stay, name });
  if (drawn) graph.choose((state.looks.graph = null));
  drawn = picked;
  byId("crumbs").replaceChildren(...breadcrumbs(component, scopeNow()));
}

function refresh() {
  page = pageOf(data, state);
  const { component, left, cuts, rest } = page;
  drawGraph();
  showTab();
  showLeft();
  if (state.theme === THEMES[0]) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
  byId("theme").textContent = `Theme: ${state.theme}`;
  byId("all").setAttribute("aria-pressed", String(state.all));
  const able = { next: rest.length, whole: rest.length, undo: state.past.length, redo: state.future.length, reset: cuts.size };
  for (const [id, yes] of Object.entries(able)) byId(id).disabled = !yes;
  const free = left.modules ? component.modules.length - left.modules : 0;
  byId("free").hidden = tabNow() !== "graph" || !free;
  byId("free").textContent = `${state.unfolded ? "Fold away" : "Show"} ${counted(free, `free ${data.node}`)}`;
  point();
}

// What is left in numbers; to those who do not see them, as a sentence.
function showLeft() {
  const { component, left, rest, history, crashing } = page;
  const number = (name, value, words) => element("div", { class: "counter" }, element("strong", { "data-counter": name }, value.toLocaleString("en")), words);
  const sizes = left.sizes.slice(0, 6).join(", ") + (left.sizes.length > 6 ? ", …" : "");
  const parts = left.sizes.length > 1 ? `, in components of ${sizes}` : "";
  byId("counters").dataset.sizes = left.sizes.join(" ");
  byId("counters").replaceChildren(
    number("modules", left.modules, `of ${nodes(component.modules.length)} on cycles${parts}`),
    number("rest", rest.length, `of ${counted(component.plan.length, "cut")} left to make`),
    ...(crashing ? [number("crashing", crashing.size, `${crashing.size === 1 ? "crashes" : "crash"} when imported first`)] : []),
  );
  const sentence = `${nodes(left.modules)} on cycles${parts}, ${counted(rest.length, "cut")} left to make.`;
  byId("sentence").textContent = left.modules ? sentence : "No cycle left.";
  byId("sentence").classList.toggle("unseen", left.modules > 0);
  byId("trail").textContent = history.length ? `On cycles: ${history.join(" → ")}` : "";
}

function showTab() {
  const { component } = page;
  const [now, view] = [tabNow(), viewNow()];
  for (const tab of TABS) {
    byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === now));
    byId(`tab-${tab}`).tabIndex = tab === now ? 0 : -1;
    byId(`panel-${tab}`).hidden = tab !== now;
  }
  for (const part of document.querySelectorAll("[data-on]")) part.hidden = !part.dataset.on.split(" ").includes(now);
  byId("crumbs").hidden = now !== "graph" || view !== "packages";
  byId("view").hidden = now !== "graph" || !hasViews();
  byId("view").textContent = view === "modules" ? "Show packages" : "Show modules";
  byId("menu").hidden = !component.groups.length;
  byId("notice").textContent = notice(page, { tab: now, view, all: state.all, shown });
  for (const box of document.querySelectorAll("[data-look]")) box.checked = !state.hiddenKinds.has(box.dataset.look);
  for (const words of document.querySelectorAll(".crash-words")) words.hidden = !page.crashing?.size;
  if (now === "imports") ranked.show(component, rankedRows);
}

function point(pointed = false) {
  const marks = marksOf(page, state);
  const view = { ...page, state, looks: data.looks, visible: visibleOf(page, state), marks };
  if (tabNow() === "graph") graph.update(view);
  if (tabNow() === "matrix") matrix.update(view);
  const chosen = state.selected?.kind === "dependency" ? state.selected.index : -1;
  plan.update(page, { query: "", chosen });
  if (tabNow() === "imports") ranked.update(page, { query: state.query, chosen });
  byId("tip").textContent = state.hovered ? targetWords(page, state.hovered) : "";
  byId("details").hidden = !state.selected;
  if (!pointed) byId("facts").replaceChildren(...panelOf(page, state.selected)); // else a click there could be lost
  byId("matches").textContent = state.query ? `${state.match < 0 ? "" : `${state.match + 1} of `}${counted(marks.found.size, "match")}`.replace(/hs$/, "hes") : "";
  keepAddress();
}

function keepAddress() {
  clearTimeout(clock);
  clock = setTimeout(() => history.replaceState(null, "", asAddress(state, data)), ADDRESS_DELAY);
}

function listen() {
  document.addEventListener("click", ({ target }) => {
    const { do: action, value } = target.closest("[data-do]")?.dataset ?? {};
    if (action) actions[action](value);
  });
  document.addEventListener("change", ({ target }) => {
    const { look, group } = target.dataset;
    if (target.type !== "checkbox") return;
    const [hidden, value] = look ? [state.hiddenKinds, look] : [state.hiddenGroups, Number(group)];
    if (!hidden.delete(value)) hidden.add(value);
    refresh();
  });
  byId("component").addEventListener("change", ({ target }) => actions.component(target.value));
  byId("search").addEventListener("input", ({ target }) => {
    Object.assign(state, { query: target.value, match: -1 });
    point();
  });
  byId("search").addEventListener("keydown", ({ key, target }) => {
    if (key === "Enter") findNext();
    if (key !== "Escape") return;
    Object.assign(state, { query: "", match: -1 });
    target.value = "";
    byId(`tab-${tabNow()}`).focus();
    point();
  });
  window.addEventListener("hashchange", () => {
    if (!location.hash.includes("v=")) return keepAddress(); // that of the skip link
    const found = fromAddress(location.hash, data);
    Object.assign(state, found.state, { past: [], future: [] });
    byId("lost").textContent = found.lost;
    redraw();
  });
  listenToKeys(keys, { dialog: byId("help"), menu: byId("menu") });
}

byId("key-rows").replaceChildren(...keyRows(keys));
byId("lost").textContent = begun.lost;
if (data.components.length) {
  listen();
  redraw();
}
document.documentElement.dataset.ready = "1";
