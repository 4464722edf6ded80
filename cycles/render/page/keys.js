// The keys and what they do: one table for the keyboard and for its help.

const PANS = { h: [60, 0], j: [0, -60], k: [0, 60], l: [-60, 0] };
const KEY_NAMES = { ArrowRight: "→", ArrowDown: "↓", ArrowLeft: "←", ArrowUp: "↑", Escape: "Esc" };

function keyTable(actions) {
  return [
    [["?"], "show these keys", actions.help],
    [["/"], "search for a module; Enter goes to the next match, Esc leaves", actions.search],
    [["1", "2", "3"], "graph, matrix, all imports", (key) => actions.tab(TABS[Number(key) - 1])],
    [["n"], "make the next cut of the plan", actions.next],
    [["p"], "make the whole plan", actions.whole],
    [["u"], "undo", actions.undo],
    [["r"], "redo", actions.redo],
    [["x"], "take all cuts back", actions.reset],
    [["ArrowRight", "ArrowLeft"], "next or previous import, those of the plan first", (key) => actions.step(key === "ArrowRight" ? 1 : -1)],
    [["ArrowDown", "ArrowUp"], "next or previous box", (key) => actions.stepBox(key === "ArrowDown" ? 1 : -1)],
    [["Enter"], "cut or restore the chosen import, look into the chosen package or group", () => actions.activate(null)],
    [["Escape"], "choose nothing", () => actions.select(null)],
    [["a"], "show all imports, or only those that say the others", actions.all],
    [["v"], "modules or packages", actions.view],
    [["b"], "back to the package around", actions.back],
    [["o"], "show what is on no cycle any more, or fold it away", actions.unfold],
    [["f"], "fit the picture", actions.fit],
    [["+", "=", "-"], "nearer, farther", (key) => actions.zoom(key === "-" ? 0.8 : 1.25)],
    [["h", "j", "k", "l"], "move the picture left, down, up, right", (key) => actions.pan(...PANS[key])],
    [["t"], "light, dark, or as the system", actions.theme],
  ];
}

function listenToKeys(table, { dialog, menu }) {
  const actionOf = new Map(table.flatMap(([keys, , action]) => keys.map((key) => [key, action])));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const { target, key } = event;
    if (key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (target.matches("input:not([type=checkbox]), select")) return;
    if (target.matches("a, button, summary, input") && (key === "Enter" || key === " ")) return;
    if (key.startsWith("Arrow")) {
      if (target.matches("[role=tab]")) return turn(target, key);
      if (target.closest("aside, #panel-imports, details")) return; // there they scroll
    }
    const action = actionOf.get(key === " " ? "Enter" : key);
    if (!action) return;
    event.preventDefault();
    action(key);
  });
  document.addEventListener("pointerdown", ({ target }) => menu.contains(target) || (menu.open = false));
}

// Among the tabs, the arrows go to the next or previous one.
function turn(tab, key) {
  const tabs = [...tab.parentElement.children].filter(({ hidden }) => !hidden);
  const by = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const then = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
  then.click();
  then.focus();
}

function keyRows(table) {
  const names = (keys) => keys.map((key) => element("kbd", {}, KEY_NAMES[key] || key));
  return table.map(([keys, words]) => element("tr", {}, element("td", {}, ...names(keys)), element("td", {}, words)));
}
