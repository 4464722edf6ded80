// Make the details as elements: what there is to know and to do about what is chosen.

const MOST_CYCLES = 3;
const MOST_ROWS = 60;

function panelOf(page, target) {
  const panels = { dependency: dependencyPanel, module: modulePanel, box: boxPanel, bundle: bundlePanel };
  return target ? panels[target.kind](page, target).filter(Boolean) : [];
}

// What is pointed at, or was just chosen, in one line.
function targetWords({ component, left, crashing }, target) {
  if (target.kind === "module") return `${component.modules[target.index].name} · ${moduleState(left, crashing, target.index)}`;
  if (target.kind === "box") return target.box.title;
  if (target.kind === "bundle") return `${target.names.join(" → ")} · ${counted(target.dependencies.length, "import")}`;
  const { step } = component.dependencies[target.index];
  return `${namesOf(component, target.index)} · ${stateOf(left, target.index)}${step ? ` · step ${step} of the plan` : ""}`;
}

function stateOf(left, index) {
  return !left.alive[index] ? "cut" : left.cyclic[index] ? "on a cycle" : "on no cycle";
}

function moduleState(left, crashing, index) {
  return `on ${left.inside[index] >= 0 ? "a cycle" : "no cycle ✓"}${crashing?.has(index) ? " · crashes when imported first" : ""}`;
}

const facts = (...words) => element("p", { class: "facts" }, ...words);

// Of what stands at one place of the matrix, the causes that stand there.
function dependencyPanel({ component, left, cuts, data }, { index, causes }) {
  const { look, step, cycles, causes: every } = component.dependencies[index];
  return [
    element("h2", {}, namesOf(component, index)),
    facts(`${data.looks[look].words} · ${stateOf(left, index)}${step ? ` · step ${step} of the plan` : ""}`),
    every.length > 1 && facts(causes?.length < every.length ? `${causes.length} of ${every.length} imports:` : `Gone when all ${every.length} of these are cut:`),
    element("ul", { class: "rows" }, ...(causes ?? every).map((cut) => marked(cutRow(component, { cut }), cuts.has(cut)))),
    preview(component, left, cuts, index),
    ...cycleElements(component, left, index),
    cycles && facts(`${cycles} of ${component.cycles}`),
  ];
}

// What one more cut would leave.
function preview(component, left, cuts, index) {
  if (!left.alive[index]) return facts("Restored, it closes these cycles again:");
  if (!left.cyclic[index]) return null;
  const after = remaining(component, new Set([...cuts, ...component.dependencies[index].causes]));
  const then = after.modules ? `${nodes(after.modules)} on cycles, the largest component ${after.largest}` : "no cycle";
  return element("p", { class: "preview" }, `Cut now, it frees ${nodes(left.modules - after.modules)} and leaves ${then}.`);
}

function cycleElements(component, left, index) {
  const cycles = shortestCycles(component, left, index, MOST_CYCLES);
  if (!cycles.length) return [facts("No cycle runs through it now.")];
  const title = cycles.length === 1 ? "Shortest cycle" : `Shortest cycles (${cycles.length === MOST_CYCLES ? "some of them" : cycles.length})`;
  const chains = cycles.map((cycle) => element("ol", { class: "chain" }, ...cycle.map((step) => dependencyItem(component, step, left))));
  return [element("h3", {}, `${title}, ${nodes(cycles[0].length)}`), ...chains];
}

function dependencyItem(component, index, left) {
  const { step, causes } = component.dependencies[index];
  const count = component.inner.length ? ` · ${counted(causes.length, "import")}` : "";
  const mark = left.alive[index] ? (left.cyclic[index] ? "" : " ✓") : " ✂";
  return element("li", {}, button(namesOf(component, index) + count + (step ? ` #${step}` : "") + mark, "choose", index, { class: "link" }));
}

function dependencyList(component, found, left) {
  const items = found.slice(0, MOST_ROWS).map((index) => dependencyItem(component, index, left));
  return [element("ul", { class: "links" }, ...items), found.length > MOST_ROWS && facts(`… ${found.length - MOST_ROWS} more`)];
}

function modulePanel({ component, left, crashing, opened }, { index }) {
  const { name, path, url } = component.modules[index];
  const list = (title, found) => [element("h3", {}, `${title} (${found.length})`), ...dependencyList(component, found, left)];
  return [
    element("h2", {}, name),
    facts(moduleState(left, crashing, index)),
    path && facts(linked(path, url)),
    component.inner.length > 0 && button(opened.has(index) ? "Close in the matrix" : "Open in the matrix", "open", index),
    ...list("Imports in this component", component.from[index]),
    ...list("Imported by", component.into[index]),
  ];
}

function boxPanel({ left }, { box }) {
  const cyclic = box.members.filter((member) => left.inside[member] >= 0).length;
  return [element("h2", {}, box.title), facts(`${cyclic} of them on cycles`), box.enter !== null && button("Look inside", "enter", box.enter)];
}

function bundlePanel({ component, left }, { dependencies, names }) {
  const ranked = [...dependencies].sort((one, other) => component.dependencies[other].weight - component.dependencies[one].weight || one - other);
  const words = `${counted(dependencies.length, "import")}, those on most cycles first; choose one to see how to cut it`;
  return [element("h2", {}, names.join(" → ")), facts(words), ...dependencyList(component, ranked, left)];
}
