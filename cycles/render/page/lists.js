// Make the lists as elements: the plan, every cut ranked, and how far one has come.

const MOST_CUTS = 150;
const SHOWN_PAIRS = 6;

function planRows({ component, cuts }, actions) {
  return component.plan.map((cut, place) => {
    const found = component.cuts[cut];
    const [modules, largest] = component.steps[place];
    const after = modules ? `then ${modules} left, largest ${largest}` : "then no cycle left";
    return element(
      "tr",
      { class: cuts.has(cut) ? "made" : "", "data-cut": cut },
      element("td", { class: "number" }, String(place + 1)),
      element(
        "td",
        {},
        cutLink(component, found, cut, actions),
        found.how ? element("span", { class: "how" }, found.how) : null,
        statementList(found.statements),
        element("span", { class: "after" }, after),
      ),
      element("td", { class: "do" }, cutButton(cut, cuts, actions)),
    );
  });
}

function rankedRows({ component, cuts }, everything, actions) {
  const listed = everything ? component.cuts : component.cuts.slice(0, MOST_CUTS);
  return listed.map((found, cut) =>
    element(
      "tr",
      { class: cuts.has(cut) ? "made" : "", "data-cut": cut },
      element("td", { class: "number" }, found.cycles),
      element("td", { class: "number" }, String(found.frees ?? "?")),
      element("td", { class: "number" }, String(found.largest ?? "?")),
      element("td", { class: "number" }, found.step ? `#${found.step}` : ""),
      element(
        "td",
        {},
        cutLink(component, found, cut, actions),
        found.reexport ? element("span", { class: "note" }, "re-export") : null,
        found.how ? element("span", { class: "how" }, found.how) : null,
        statementList(found.statements),
      ),
      element("td", { class: "do" }, cutButton(cut, cuts, actions)),
    ),
  );
}

function cutLink(component, found, cut, actions) {
  const button = element("button", { type: "button", class: "link pair" }, `${found.importer} → ${found.imported}`);
  button.addEventListener("click", () => actions.select({ kind: "dependency", index: found.makes[0] }));
  return button;
}

function cutButton(cut, cuts, actions) {
  const made = cuts.has(cut);
  const button = element("button", { type: "button", class: "cut", "aria-pressed": made, "data-cut": cut }, made ? "Restore" : "Cut");
  button.addEventListener("click", () => actions.toggleCut(cut));
  return button;
}

// What is left in numbers, each with its words.
function counters({ component, left, rest }) {
  return [
    ["modules", left.modules, `of ${component.modules.length.toLocaleString("en")} modules on cycles`],
    ["components", left.sizes.length, left.sizes.length === 1 ? "component" : "components"],
    ["largest", left.largest, "modules in the largest"],
    ["rest", rest.length, `of ${component.plan.length} cuts of the plan left`],
  ].map(([name, value, words]) =>
    element("div", { class: "counter" }, element("strong", { "data-counter": name }, value.toLocaleString("en")), element("span", {}, words)),
  );
}

function sentence({ left, rest }) {
  if (!left.modules) return "No cycle left.";
  const sizes = left.sizes.slice(0, 6).join(", ") + (left.sizes.length > 6 ? ", …" : "");
  return `${counted(left.modules, "module")} on cycles in ${counted(left.sizes.length, "component")} (${sizes}), ${counted(rest.length, "cut")} of the plan left.`;
}

// The pairs (modules on cycles, cuts of the plan left), from the first to now.
function trail({ history, gap }) {
  const [first, ...others] = history.map(({ modules, rest }) => `(${modules}, ${rest})`);
  return [first, ...(gap ? ["…"] : []), ...others].join(" → ");
}
