// Make the boxes of a picture (modules, or sub-packages with what lies in them) and the bundles of imports between
// them.

const SIFTINGS = 4;

// Every module is a box of its own.
function moduleBoxes(component) {
  const boxes = component.modules.map((module, index) => ({
    key: module.name,
    label: module.label,
    title: module.name,
    group: module.group,
    members: [index],
    outside: false,
    scope: null,
  }));
  const found = bundled(component, boxes);
  for (const bundle of found.bundles) bundle.skeleton = component.dependencies[bundle.dependencies[0]].skeleton;
  return found;
}

// What lies directly in the package `scope`, and around it the largest packages that do not hold it: those that
// touch what is inside. A package is one box with all that it holds, and can be entered.
function packageBoxes(component, scope) {
  const found = new Map();
  component.modules.forEach((module, index) => {
    const { key, own } = boxKey(module.name, scope);
    const name = own ? `${key} itself` : key;
    if (!found.has(name)) found.set(name, { key: name, package: key, members: [], outside: !within(key, scope) });
    found.get(name).members.push(index);
  });
  const boxes = [...found.values()].map((box) => described(component, box, scope));
  const all = bundled(component, boxes);
  const touching = new Set();
  for (const { importer, imported } of all.bundles) {
    if (!all.boxes[importer].outside) touching.add(imported);
    if (!all.boxes[imported].outside) touching.add(importer);
  }
  const kept = all.boxes.filter((box, place) => !box.outside || touching.has(place));
  return thinned(component, kept.length === boxes.length ? all : bundled(component, kept));
}

function boxKey(name, scope) {
  const parts = name.split(".");
  const around = scope ? scope.split(".") : [];
  let shared = 0;
  while (shared < parts.length && shared < around.length && parts[shared] === around[shared]) shared++;
  return { key: parts.slice(0, shared + 1).join("."), own: shared === parts.length };
}

function within(name, scope) {
  return !scope || name === scope || name.startsWith(`${scope}.`);
}

function described(component, box, scope) {
  const members = box.members.map((index) => component.modules[index]);
  const single = members.length === 1;
  const name = single ? members[0].name : box.package;
  const cut = [scope, component.prefix].find((prefix) => prefix && name.startsWith(`${prefix}.`));
  const initial = single && members[0].label.endsWith("/__init__") ? "/__init__" : "";
  const groups = new Set(members.map(({ group }) => group));
  return {
    key: box.key,
    label: (cut ? name.slice(cut.length + 1) : name) + initial,
    title: single ? name : `${name}: ${members.length} modules`,
    group: groups.size === 1 ? members[0].group : -1,
    members: box.members,
    outside: box.outside,
    scope: single ? null : box.package,
  };
}

// The boxes in an order in which what is higher imports what is lower, as far as that can be, and the dependencies
// between each two of them as one bundle.
function bundled(component, boxes) {
  const boxOf = new Int32Array(component.modules.length).fill(-1);
  const rank = ({ members }) => members.reduce((sum, member) => sum + member, 0) / members.length;
  const ordered = sifted(component, [...boxes].sort((one, other) => rank(one) - rank(other)));
  ordered.forEach((box, place) => box.members.forEach((member) => (boxOf[member] = place)));
  const found = new Map();
  component.dependencies.forEach((dependency, index) => {
    const importer = boxOf[dependency.importer];
    const imported = boxOf[dependency.imported];
    if (importer < 0 || imported < 0 || importer === imported) return;
    const key = importer * ordered.length + imported;
    if (!found.has(key)) found.set(key, { importer, imported, dependencies: [] });
    found.get(key).dependencies.push(index);
  });
  const bundles = [...found.values()].map((bundle) => ({ ...bundle, down: bundle.importer < bundle.imported }));
  return { boxes: ordered, bundles, boxOf };
}

// Which bundles are drawn at first: of those that lead down the ones that no path of others replaces (A. V. Aho,
// M. R. Garey and J. D. Ullman, "The transitive reduction of a directed graph", SIAM J. Comput. 1(2), 1972), of
// those that lead up the ones with most cuts, at most two for each box. Boxes come with their importers first.
function thinned(component, found) {
  const size = found.boxes.length;
  const below = Array.from({ length: size }, () => []);
  for (const bundle of found.bundles) {
    bundle.skeleton = false;
    if (bundle.down) below[bundle.importer].push(bundle);
  }
  const reached = Array.from({ length: size }, () => new Uint8Array(size));
  for (let box = size - 1; box >= 0; box--) {
    for (const bundle of below[box].sort((one, other) => one.imported - other.imported)) {
      if (reached[box][bundle.imported]) continue;
      bundle.skeleton = true;
      reached[bundle.imported].forEach((yes, other) => yes && (reached[box][other] = 1));
      reached[box][bundle.imported] = 1;
    }
  }
  const planned = ({ dependencies }) => dependencies.filter((index) => component.dependencies[index].step).length;
  const up = found.bundles.filter((bundle) => !bundle.down);
  up.sort((one, other) => planned(other) - planned(one) || other.dependencies.length - one.dependencies.length);
  for (const bundle of up.slice(0, 2 * size)) bundle.skeleton = true;
  return found;
}

// The boxes moved one by one to where the fewest dependencies that stay lead up, a fixed number of times: R. Rudell,
// "Dynamic variable ordering for ordered binary decision diagrams" (sifting), ICCAD 1993.
function sifted(component, boxes) {
  const size = boxes.length;
  if (size === component.modules.length) return boxes; // they stand in the best order already
  const boxOf = new Map(boxes.flatMap(({ members }, box) => members.map((member) => [member, box])));
  const weight = new Int32Array(size * size);
  for (const { importer, imported, step } of component.dependencies) {
    if (!step && boxOf.has(importer) && boxOf.has(imported)) weight[boxOf.get(importer) * size + boxOf.get(imported)]++;
  }
  const order = [...boxes.keys()];
  for (let sweep = 0; sweep < SIFTINGS; sweep++) {
    for (let box = 0; box < size; box++) {
      const at = order.indexOf(box);
      const to = bestPlace(order, at, (one, other) => weight[one * size + other]);
      order.splice(to, 0, ...order.splice(at, 1));
    }
  }
  return order.map((box) => boxes[box]);
}

function bestPlace(order, at, weight) {
  const box = order[at];
  let [best, least] = [at, 0];
  for (const by of [-1, 1]) {
    let change = 0;
    for (let place = at + by; place >= 0 && place < order.length; place += by) {
      change += by * (weight(box, order[place]) - weight(order[place], box));
      if (change < least) [best, least] = [place, change];
    }
  }
  return best;
}
