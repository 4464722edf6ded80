// Find what cuts leave of a component: its cycles, the shortest of them, and the rest of the plan.
// Modules, dependencies and cuts are the numbers of their places; nothing here knows the page.

// For every vertex the number of its strongly connected part (S. R. Kosaraju; M. Sharir, "A strong-connectivity
// algorithm and its applications", 1981), with stacks of its own, so that long chains are no danger.
function strongPlaces(following) {
  const preceding = following.map(() => []);
  following.forEach((heads, tail) => heads.forEach((head) => preceding[head].push(tail)));
  const seen = new Int32Array(following.length);
  const done = [];
  const open = [...following.keys()];
  while (open.length) {
    const vertex = open.pop();
    if (vertex < 0) done.push(~vertex); // after all that it leads to
    else if (!seen[vertex]++) open.push(~vertex, ...following[vertex]);
  }
  const place = new Int32Array(following.length).fill(-1);
  let parts = 0;
  for (const start of done.reverse()) {
    const waiting = place[start] < 0 ? [start] : [];
    for (const vertex of waiting) {
      if (place[vertex] >= 0) continue;
      place[vertex] = parts;
      waiting.push(...preceding[vertex]);
    }
    parts += 1;
  }
  return place;
}

// What is left once cuts (a Set) are made: which dependencies remain and which of them are on a cycle, the
// component (or -1) of every module, and the sizes of the components, largest first.
function remaining(component, cuts) {
  const { modules, dependencies } = component;
  const alive = dependencies.map(({ causes }) => causes.some((cause) => !cuts.has(cause)));
  const following = modules.map(() => []);
  dependencies.forEach(({ importer, imported }, index) => {
    if (alive[index]) following[importer].push(imported);
  });
  const places = strongPlaces(following);
  const counts = new Map();
  for (const place of places) counts.set(place, (counts.get(place) || 0) + 1);
  const inside = Array.from(places, (place) => (counts.get(place) > 1 ? place : -1));
  const sizes = [...counts.values()].filter((count) => count > 1).sort((one, other) => other - one);
  const cyclic = dependencies.map(({ importer, imported }, index) => alive[index] && inside[importer] >= 0 && inside[importer] === inside[imported]);
  return { alive, inside, sizes, cyclic, modules: sizes.reduce((sum, size) => sum + size, 0), largest: sizes[0] || 0 };
}

// The cuts of the plan that are not made and still break a cycle, in the order of the plan.
function planLeft(component, cuts, left) {
  return component.plan.filter((cut) => !cuts.has(cut) && component.cuts[cut].makes.some((index) => left.cyclic[index]));
}

// Up to `most` of the shortest cycles through a dependency, each as dependencies that begin with it; what is cut
// takes no part, except the dependency itself. Breadth first back from its beginning, then along shortest paths only.
function shortestCycles(component, left, through, most) {
  const [importer, imported] = endsOf(component, through);
  const distance = new Map([[importer, 0]]);
  const waiting = [importer];
  for (const module of waiting) {
    if (distance.has(imported)) break;
    for (const index of component.into[module]) {
      const [before] = endsOf(component, index);
      if (!left.alive[index] || distance.has(before)) continue;
      distance.set(before, distance.get(module) + 1);
      waiting.push(before);
    }
  }
  const found = [];
  const trails = distance.has(imported) ? [[through]] : [];
  while (trails.length && found.length < most) {
    const trail = trails.pop();
    const [, at] = endsOf(component, trail[trail.length - 1]);
    const nearer = (index) => left.alive[index] && distance.get(endsOf(component, index)[1]) === distance.get(at) - 1;
    if (at === importer) found.push(trail);
    else trails.push(...component.from[at].filter(nearer).reverse().map((index) => [...trail, index]));
  }
  return found;
}

// The same component with what can be looked up: the dependencies of each module in both directions, those that
// each cut takes part in, and the step of the plan (from 1) that a cut or a dependency belongs to, 0 for none.
function indexed(component) {
  const from = component.modules.map(() => []);
  const into = component.modules.map(() => []);
  const makes = component.cuts.map(() => []);
  component.dependencies.forEach(({ importer, imported, causes }, index) => {
    from[importer].push(index);
    into[imported].push(index);
    for (const cause of causes) makes[cause].push(index);
  });
  const cuts = component.cuts.map((cut, index) => ({ ...cut, makes: makes[index], step: component.plan.indexOf(index) + 1 }));
  return { ...component, from, into, cuts };
}
