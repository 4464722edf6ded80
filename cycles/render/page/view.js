// Find what is to be seen of the data in a state: what remains, what is visible, what is marked.

const SHOWN_SIZES = 6;

// All that the views show: the component, its cuts, what is left of it and of the plan, the modules on cycles until
// now, and which modules crash as first imports (null where nobody knows).
function pageOf(data, state) {
  const component = data.components[state.number];
  const made = state.made[state.number];
  const cuts = new Set(made);
  const left = remaining(component, cuts);
  const counts = [...made.keys()].slice(1).slice(1 - SHOWN_SIZES);
  const sizes = counts.map((count) => remaining(component, new Set(made.slice(0, count))).modules);
  const history = made.length ? [component.modules.length, ...(made.length > SHOWN_SIZES ? ["…"] : []), ...sizes, left.modules] : [];
  const first = component.plan.findIndex((cut) => !cuts.has(cut));
  const prefix = first < 0 ? component.plan.length : first;
  const crashing = prefix === cuts.size && component.crashes[prefix] ? new Set(component.crashes[prefix]) : null;
  return { data, component, cuts, opened: state.opened, left, rest: planLeft(component, cuts, left), history, crashing, planned: cuts.size === component.plan.length && first < 0 };
}

function visibleOf({ component }, state) {
  const modules = component.modules.map(({ group }) => !state.hiddenGroups.has(group));
  return { modules, dependencies: component.dependencies.map(({ importer, imported, look }) => modules[importer] && modules[imported] && !state.hiddenKinds.has(look)) };
}

// What stands out: the shortest cycles through a dependency, the imports of a module, what was searched for.
function marksOf({ component, left }, state) {
  const target = state.hovered || state.selected;
  const found = new Set(matches(component, state.query));
  const marks = { dependencies: new Set(), modules: new Set(), ends: new Set(), near: new Set(), found, module: null, chosen: null, box: null };
  if (target?.kind === "dependency") {
    const { importer, imported } = component.dependencies[target.index];
    marks.chosen = target.index;
    marks.dependencies = new Set([target.index, ...shortestCycles(component, left, target.index, MOST_CYCLES).flat()]);
    marks.ends = new Set([importer, imported]);
    marks.modules = new Set([importer, imported, ...[...marks.dependencies].map((index) => component.dependencies[index].importer)]);
  } else if (target?.kind === "module") {
    const { index } = target;
    Object.assign(marks, { module: index, ends: new Set([index]), near: new Set([...component.from[index], ...component.into[index]]) });
  } else if (target?.kind === "box") {
    marks.box = target.box.title;
  } else if (target?.kind === "bundle") {
    marks.dependencies = new Set(target.dependencies);
  }
  return marks;
}

function matches(component, query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  return component.modules.flatMap(({ name }, index) => (name.toLowerCase().includes(wanted) ? [index] : []));
}
