// Make the panel as elements: what there is to know and to do about what is pointed at or chosen.

const MOST_CYCLES = 3;
const MOST_ROWS = 60;

function panelOf(page, target, actions) {
  if (!target) {
    return [
      element("p", { class: "hint" }, "Point at an import to see the shortest cycles through it; click to cut it. Press ? for the keys."),
    ];
  }
  if (target.kind === "dependency") return dependencyPanel(page, target.index, actions);
  if (target.kind === "module") return modulePanel(page, target.index, actions);
  if (target.kind === "box") return boxPanel(page, target.box);
  return bundlePanel(page, target, actions);
}

function dependencyPanel({ component, left, cuts, data }, index, actions) {
  const dependency = component.dependencies[index];
  const state = !left.alive[index] ? "cut" : left.cyclic[index] ? "on a cycle" : "no longer on a cycle";
  const step = dependency.step ? `, step ${dependency.step} of the plan` : "";
  const through = `${dependency.cycles} of ${component.cycles.count} cycles ran through it before any cut`;
  return [
    element("h3", {}, namesOf(component, index)),
    element("p", { class: "facts" }, `${data.looks[dependency.look].words} · ${state}${step}`),
    element("p", { class: "facts" }, component.cycles.exact ? through : `${through} (counted: ${component.cycles.measure})`),
    ...(dependency.causes.length > 1
      ? [element("p", { class: "facts" }, `Gone when all ${dependency.causes.length} of these are cut:`)]
      : []),
    ...dependency.causes.map((cause) => causeElement(component, cause, cuts, actions)),
    preview(component, left, cuts, index),
    ...cycleElements(component, left, index, actions),
  ].filter(Boolean);
}

// One thing that a person can do, with its statements and a button.
function causeElement(component, index, cuts, actions) {
  const cut = component.cuts[index];
  const made = cuts.has(index);
  const button = element("button", { type: "button", class: "cut", "aria-pressed": made, "data-cut": index }, made ? "Restore" : "Cut");
  button.addEventListener("click", () => actions.toggleCut(index));
  return element(
    "div",
    { class: made ? "cause made" : "cause" },
    button,
    element("span", { class: "pair" }, `${cut.importer} → ${cut.imported}`),
    cut.reexport ? element("span", { class: "note" }, "re-export: whoever takes the name from the package must change") : null,
    cut.how ? element("span", { class: "how" }, cut.how) : null,
    statementList(cut.statements),
  );
}

function statementList(statements) {
  return element(
    "ul",
    { class: "statements" },
    ...statements.map(({ place, url, source, notes }) =>
      element(
        "li",
        {},
        linked(place, url),
        notes ? element("span", { class: "note" }, notes) : null,
        element("code", {}, source),
      ),
    ),
  );
}

// A place in the code, as a link where the page was made with addresses.
function linked(text, url) {
  if (!url) return element("span", { class: "place" }, text);
  return element("a", { class: "place", href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

// What one more cut would leave.
function preview(component, left, cuts, index) {
  if (!left.alive[index]) return element("p", { class: "facts" }, "Restored, it closes these cycles again:");
  if (!left.cyclic[index]) return null;
  const after = remaining(component, new Set([...cuts, ...component.dependencies[index].causes]));
  const freed = left.modules - after.modules;
  const then = after.modules
    ? `leaves ${counted(after.modules, "module")} on cycles, the largest component ${after.largest}`
    : "leaves no cycle";
  return element("p", { class: "preview" }, `Cut now, it frees ${counted(freed, "module")} and ${then}.`);
}

function cycleElements(component, left, index, actions) {
  const cycles = shortestCycles(component, left, index, MOST_CYCLES);
  if (!cycles.length) return [element("p", { class: "facts" }, "No cycle runs through it now.")];
  const title = cycles.length === 1 ? "Shortest cycle" : `Shortest cycles (${cycles.length === MOST_CYCLES ? "some of them" : cycles.length})`;
  return [
    element("h4", {}, `${title}, ${counted(cycles[0].length, "module")}`),
    ...cycles.map((cycle) =>
      element(
        "ol",
        { class: "chain" },
        ...cycle.map((step) => element("li", {}, dependencyButton(component, step, left, actions))),
      ),
    ),
  ];
}

function dependencyButton(component, index, left, actions) {
  const { step } = component.dependencies[index];
  const mark = left.alive[index] ? (left.cyclic[index] ? "" : " ✓") : " ✂";
  const button = element("button", { type: "button", class: "link", "data-go": index }, namesOf(component, index) + (step ? ` #${step}` : "") + mark);
  button.addEventListener("click", () => actions.select({ kind: "dependency", index }));
  return button;
}

function modulePanel({ component, left }, index, actions) {
  const module = component.modules[index];
  const state = left.inside[index] >= 0 ? "on a cycle" : "on no cycle any more ✓";
  const list = (title, found) => [
    element("h4", {}, `${title} (${found.length})`),
    element("ul", { class: "links" }, ...found.slice(0, MOST_ROWS).map((dependency) => element("li", {}, dependencyButton(component, dependency, left, actions)))),
    found.length > MOST_ROWS ? element("p", { class: "facts" }, `… ${found.length - MOST_ROWS} more`) : null,
  ];
  return [
    element("h3", {}, module.name),
    element("p", { class: "facts" }, state),
    module.path ? element("p", { class: "facts" }, linked(module.path, module.url)) : null,
    ...list("Imports in this component", component.from[index]),
    ...list("Imported by", component.into[index]),
  ].filter(Boolean);
}

function boxPanel({ left }, box) {
  const cyclic = box.members.filter((member) => left.inside[member] >= 0).length;
  return [
    element("h3", {}, box.title),
    element("p", { class: "facts" }, `${cyclic} of ${counted(box.members.length, "module")} on cycles · click to look inside`),
  ];
}

function bundlePanel({ component, left }, { dependencies, names }, actions) {
  const ranked = [...dependencies].sort((one, other) => component.dependencies[other].weight - component.dependencies[one].weight || one - other);
  return [
    element("h3", {}, names.join(" → ")),
    element("p", { class: "facts" }, `${counted(dependencies.length, "dependency", "dependencies")}, most cycles first; choose one to cut it`),
    element("ul", { class: "links" }, ...ranked.slice(0, MOST_ROWS).map((index) => element("li", {}, dependencyButton(component, index, left, actions)))),
    ...(ranked.length > MOST_ROWS ? [element("p", { class: "facts" }, `… ${ranked.length - MOST_ROWS} more`)] : []),
  ];
}
