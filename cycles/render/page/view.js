// Find what is to be seen of the data in a state: what remains, what is visible, what is marked.

function initialState(data, address) {
  return { ...fromAddress(address, data), hovered: null, query: "", match: -1, past: [], future: [] };
}

// All that the views show: the component, its cuts, what is left of it and of the plan, and the pairs until now.
function pageOf(data, state) {
  const component = data.components[state.number];
  const made = state.made[state.number];
  const after = (count) => {
    const cuts = new Set(made.slice(0, count));
    const left = remaining(component, cuts);
    return { cuts, left, rest: planLeft(component, cuts, left) };
  };
  const now = after(made.length);
  const counts = [...Array(made.length + 1).keys()];
  const kept = counts.length > SHOWN_PAIRS ? [0, ...counts.slice(2 - SHOWN_PAIRS)] : counts;
  const history = kept.map((count) => (count === made.length ? now : after(count)));
  return {
    data,
    component,
    ...now,
    gap: counts.length > kept.length,
    history: history.map(({ left, rest }) => ({ modules: left.modules, rest: rest.length })),
  };
}

function visibleOf({ component }, state) {
  const modules = component.modules.map(({ group }) => !state.hiddenGroups.has(group));
  const dependencies = component.dependencies.map(
    ({ importer, imported, look }) => modules[importer] && modules[imported] && !state.hiddenKinds.has(look),
  );
  return { modules, dependencies };
}

// What stands out: the shortest cycles through a dependency, the imports of a module, what was searched for.
function marksOf({ component, left }, state) {
  const target = state.hovered || state.selected;
  const marks = { dependencies: new Set(), modules: new Set(), ends: new Set(), module: null, chosen: null };
  if (target && target.kind === "dependency") {
    const { importer, imported } = component.dependencies[target.index];
    marks.chosen = target.index;
    marks.dependencies = new Set([target.index, ...shortestCycles(component, left, target.index, MOST_CYCLES).flat()]);
    marks.ends = new Set([importer, imported]);
    for (const index of marks.dependencies) marks.modules.add(component.dependencies[index].importer);
    marks.modules.add(importer).add(imported);
  } else if (target && target.kind === "module") {
    marks.module = target.index;
    marks.ends = new Set([target.index]);
  } else if (target && target.kind === "bundle") {
    marks.dependencies = new Set(target.dependencies);
  }
  marks.found = new Set(matches(component, state.query));
  return marks;
}

function matches(component, query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  return component.modules.flatMap(({ name }, index) => (name.toLowerCase().includes(wanted) ? [index] : []));
}
