// Make the controls around the picture as elements: filters, legend, breadcrumbs, choice of component.

function componentOptions(data) {
  return data.components.map((component, index) => {
    const below = component.prefix ? ` below ${shortened(component.prefix, 40)}` : "";
    return element("option", { value: index }, `#${component.number}: ${counted(component.modules.length, "module")}${below}`);
  });
}

// A check box for every kind of import that occurs, with a sample of its line: filter and legend in one.
function kindFilters(component, data, hidden, change) {
  const present = new Set(component.dependencies.map(({ look }) => look));
  return Object.entries(data.looks)
    .filter(([look]) => present.has(look))
    .map(([look, { words }]) => {
      const box = element("input", { type: "checkbox", "data-look": look });
      box.checked = !hidden.has(look);
      box.addEventListener("change", () => change(look, box.checked));
      return element("label", { class: "kind" }, box, sampleLine(`look-${look}`), element("span", {}, words));
    });
}

function sampleLine(name) {
  return shape(
    "svg",
    { class: "sample", width: 34, height: 12, "aria-hidden": "true" },
    shape("g", { class: `line ${name}` }, shape("path", { class: "stroke", d: "M1 6H32", "stroke-width": 1.5 })),
  );
}

function groupFilters(component, hidden, change) {
  const counts = new Map();
  for (const { group } of component.modules) counts.set(group, (counts.get(group) || 0) + 1);
  const names = [...component.groups.map((name, group) => [group, name]), [-1, "elsewhere"]];
  return names
    .filter(([group]) => counts.has(group))
    .map(([group, name]) => {
      const box = element("input", { type: "checkbox", "data-group": group });
      box.checked = !hidden.has(group);
      box.addEventListener("change", () => change(group, box.checked));
      const swatch = element("span", { class: `swatch group-${group}`, "aria-hidden": "true" });
      return element("label", {}, box, swatch, element("span", {}, `${shortened(name, 40)} (${counts.get(group)})`));
    });
}

// The packages from the whole component down to the one looked into, as buttons.
function breadcrumbs(component, scope, enter) {
  const base = component.prefix;
  const steps = [base];
  const rest = scope.slice(base ? base.length + 1 : 0);
  if (scope !== base && rest) {
    rest.split(".").forEach((_, at, parts) => steps.push([base, ...parts.slice(0, at + 1)].filter(Boolean).join(".")));
  }
  return steps.map((step, at) => {
    const label = at ? step.split(".").pop() : step || "all packages";
    const button = element("button", { type: "button", class: "crumb", "aria-current": at === steps.length - 1 ? "page" : null }, label);
    button.addEventListener("click", () => enter(step));
    return element("li", {}, button);
  });
}

const MATRIX_WORDS =
  "Rows import columns, foundations first: below the diagonal stands what stays, in red above it what the plan cuts, × is cut. " +
  "Small marks are imports that do not run on import; pale ones are on no cycle any more.";

// How to read what is shown and what it leaves out, "" where nothing.
function notice(component, { tab, view, all, shown }) {
  if (tab === "matrix") return MATRIX_WORDS;
  if (tab !== "graph") return "";
  if (!shown.boxes.length) {
    return `${shown.refused.toLocaleString("en")} modules and packages side by side are too many for a picture: the matrix and the list of imports show them.`;
  }
  const total = shown.bundles.length.toLocaleString("en");
  if (all && shown.bundles.length > MOST_LINES) {
    return `${MOST_LINES.toLocaleString("en")} of ${total} lines drawn, as many as can be at once; the matrix has a mark for each.`;
  }
  const some = all ? shown.bundles.length : shown.bundles.filter(({ skeleton }) => skeleton).length;
  const drawn = some < shown.bundles.length ? ` ${some} of ${total} lines drawn, and of those that lead up the ones with most cuts.` : "";
  if (!canShowModules(component)) {
    const size = component.modules.length.toLocaleString("en");
    return `${size} modules are too many for one picture of modules: these are their packages; click one to look inside.${drawn}`;
  }
  if (view === "packages") {
    return `Each box is a package with the number of its modules: click one to look inside. On a line: its imports, and ✂ those that the plan cuts.${drawn}`;
  }
  return some < shown.bundles.length ? `${some} of ${total} imports drawn: where the others lead, paths of these lead too.` : `${total} imports drawn.`;
}
