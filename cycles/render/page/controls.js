// Make the controls around the picture as elements, and say how to read it.

// A check box for the modules of each group, which says its colour too.
function groupFilters({ groups, modules }, hidden) {
  return [...groups.keys(), -1].flatMap((group) => {
    const members = modules.filter((module) => module.group === group);
    if (!members.length) return [];
    const swatch = shape("svg", { width: 14, height: 14, "aria-hidden": "true" }, shape("rect", { class: "swatch", width: 14, height: 14, rx: 3, fill: members[0].color }));
    const box = element("input", { type: "checkbox", "data-group": group });
    box.checked = !hidden.has(group);
    return [element("label", { class: "filter" }, box, swatch, `${shortened(groups[group] ?? "elsewhere", 40)} (${members.length})`)];
  });
}

// The packages from the whole component down to the one looked into, as buttons.
function breadcrumbs(component, scope) {
  return around(component, scope).map((step, at, steps) => {
    const label = at ? step.slice(steps[at - 1] ? steps[at - 1].length + 1 : 0) : step || "all packages";
    return element("li", {}, button(label, "enter", step, { class: "crumb", "aria-current": step === scope ? "page" : null }));
  });
}

// The packages with pictures that hold a package, the largest first, and itself.
function around({ levels }, scope) {
  const holding = Object.keys(levels).filter((name) => name === scope || name === "" || scope.startsWith(`${name}.`));
  return holding.sort((one, other) => one.length - other.length);
}

// How to read what is shown, and what it leaves out.
function notice({ component }, { tab, view, all, shown }) {
  if (!hasPicture(component)) return `There is no picture: ${component.unlaid}. The matrix and the list of imports show all.`;
  const open = component.inner.length ? " Double click a group to see its modules." : "";
  if (tab === "matrix") return `Rows import columns, foundations first: what stays is below the diagonal, what the plan cuts above it.${open}`;
  if (tab !== "graph") return "";
  const total = shown.bundles.length;
  const drawn = all ? Math.min(total, MOST_LINES) : shown.bundles.filter(({ skeleton }) => skeleton).length;
  if (view === "packages") return `Double click a package to look inside. On a line: its imports, and ✂ the steps of the plan that cut some. ${drawn} of ${counted(total, "line")} drawn.`;
  const lines = counted(total, component.inner.length ? "line" : "import");
  return `${drawn < total ? `${drawn} of ${lines} drawn. The others are left out: drawn ones lead to the same module, or a step of the plan ends them.` : `${lines} drawn.`}${open}`;
}
