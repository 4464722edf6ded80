// The keys and what they do: one table for the keyboard and for its help.

function keyTable(actions) {
  return [
    [["?"], "show these keys", actions.help],
    [["/"], "search for a module; Enter goes to the next match", actions.search],
    [["1", "2", "3"], "graph, matrix, all imports", (key) => actions.tab(TABS[Number(key) - 1])],
    [["n"], "make the next cut of the plan", actions.next],
    [["p"], "make the whole plan", actions.plan],
    [["u"], "undo", actions.undo],
    [["r"], "redo", actions.redo],
    [["x"], "take all cuts back", actions.reset],
    [["ArrowRight", "ArrowDown"], "next import", () => actions.step(1)],
    [["ArrowLeft", "ArrowUp"], "previous import", () => actions.step(-1)],
    [["Enter"], "cut or restore the chosen import", actions.cutChosen],
    [["Escape"], "choose nothing", () => actions.select(null)],
    [["a"], "show all imports, or only those that say the others", actions.all],
    [["v"], "modules or packages", actions.view],
    [["b"], "back to the package around", actions.back],
    [["f"], "fit the picture", actions.fit],
    [["+", "="], "nearer", () => actions.zoom(1.25)],
    [["-"], "farther", () => actions.zoom(0.8)],
    [["h", "j", "k", "l"], "move the picture left, down, up, right", (key) => actions.pan(...PANS[key])],
    [["t"], "light, dark, or as the system", actions.theme],
  ];
}

const PANS = { h: [60, 0], j: [0, -60], k: [0, 60], l: [-60, 0] };
const KEY_NAMES = { ArrowRight: "→", ArrowDown: "↓", ArrowLeft: "←", ArrowUp: "↑", Escape: "Esc" };

function listenToKeys(table, dialog) {
  const actionOf = new Map(table.flatMap(([keys, , action]) => keys.map((key) => [key, action])));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const { target, key } = event;
    const typing = target instanceof Element && target.matches("input:not([type=checkbox]), select, textarea");
    if (typing && key !== "Escape") return;
    const pressing = target instanceof Element && target.matches("a, button, summary, input");
    if (pressing && (key === "Enter" || key === " ")) return;
    if (target instanceof Element && key.startsWith("Arrow")) {
      if (target.matches("[role=tab]")) return turn(target, key);
      if (target.closest("aside, #panel-imports, .menu")) return; // there they scroll
    }
    const action = actionOf.get(key === " " ? "Enter" : key);
    if (!action) return;
    event.preventDefault();
    action(key);
  });
}

// Among the tabs, the arrows go to the next or previous one.
function turn(tab, key) {
  const tabs = [...tab.parentElement.children];
  const by = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const then = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
  then.click();
  then.focus();
}

function keyRows(table) {
  return table.map(([keys, words]) =>
    element("tr", {}, element("td", {}, ...keys.map((key) => element("kbd", {}, KEY_NAMES[key] || key))), element("td", {}, words)),
  );
}
