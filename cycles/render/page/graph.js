// Show a picture and what is left of its component in an SVG. What is pointed at, focused or clicked is told to
// `actions`.

const HEADS = {
  normal: "M0 0 9 4.5 0 9Z",
  empty: "M1 1 8 4.5 1 8Z",
  vee: "M0 0 9 4.5 0 9",
  odot: "M1 4.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
};
const MOST_LINES = 3000; // lines drawn at once; more cannot be told apart

function makeGraph(host, actions) {
  const layers = Object.fromEntries(["frames", "hits", "lines", "boxes", "titles", "badges"].map((name) => [name, shape("g", { class: name })]));
  const world = shape("g", {}, ...Object.values(layers));
  const svg = shape("svg", { class: "graph", role: "group", tabindex: "0" }, world);
  // The legend needs the arrow heads too, even while the graph is not shown.
  host.parentElement.before(shape("svg", { class: "heads", width: 0, height: 0, "aria-hidden": "true" }, ...markers()));
  host.append(svg);
  const view = camera(svg, world);
  let shown = null;
  let lines = new Map();
  let boxes = [];
  let followers = new Map();

  const targetOf = (event) => {
    const found = event.target instanceof Element ? event.target.closest("[data-bundle], [data-box]") : null;
    if (!found) return null;
    if (found.dataset.bundle !== undefined) return asTarget(shown.bundles[Number(found.dataset.bundle)]);
    const box = shown.boxes[Number(found.dataset.box)];
    return box.scope === null ? { kind: "module", index: box.members[0] } : { kind: "box", box };
  };
  const asTarget = (bundle) =>
    bundle.dependencies.length === 1
      ? { kind: "dependency", index: bundle.dependencies[0] }
      : { kind: "bundle", dependencies: bundle.dependencies, names: [bundle.importer, bundle.imported].map((box) => shown.boxes[box].label) };

  svg.addEventListener("pointerover", (event) => actions.hover(targetOf(event)));
  svg.addEventListener("pointerleave", () => actions.hover(null));
  svg.addEventListener("click", (event) => {
    if (!view.dragged()) actions.press(targetOf(event));
  });

  // Draw a picture anew; what it is called is said to those who do not see it.
  function draw(picture, component, name) {
    shown = { ...picture, component };
    for (const layer of Object.values(layers)) layer.replaceChildren();
    [lines, followers] = [new Map(), new Map()];
    svg.setAttribute("aria-label", name);
    layers.frames.append(...picture.frames.map(frameShape));
    layers.titles.append(...picture.frames.map(frameLabel));
    boxes = picture.boxes.map((box, place) => boxShape(box, picture.places[place], place));
    layers.boxes.append(...boxes);
    view.fit(picture.width, picture.height);
  }

  function lineOf(place) {
    if (!lines.has(place)) {
      const bundle = shown.bundles[place];
      const made = lineShape(shown, bundle, place);
      lines.set(place, made.line);
      layers.lines.append(made.line);
      // Below all lines, so that of two close ones the one that is really pointed at wins.
      layers.hits.append(made.hit);
      followers.set(place, [made.hit, ...(made.badge ? [made.badge] : [])]);
      if (made.badge) layers.badges.append(made.badge);
    }
    return lines.get(place);
  }

  // Show which lines and boxes there are, which are cut, on a cycle, highlighted or found.
  function update({ state, left, visible, marks }) {
    const near = marks.module;
    let drawn = 0;
    shown.bundles.forEach((bundle, place) => {
      const seen = bundle.dependencies.filter((index) => visible.dependencies[index]);
      const marked = bundle.dependencies.some((index) => marks.dependencies.has(index));
      const touches = near !== null && bundle.dependencies.some((index) => touching(shown.component, index, near));
      const wanted = seen.length > 0 && (marked || touches || bundle.skeleton || state.all) && (marked || drawn < MOST_LINES);
      if (!wanted && !lines.has(place)) return;
      drawn += wanted ? 1 : 0;
      const line = lineOf(place);
      const standing = bundle.dependencies.filter((index) => left.alive[index]);
      const classes = {
        gone: !standing.length,
        idle: standing.length > 0 && !standing.some((index) => left.cyclic[index]),
        marked,
        near: touches,
        chosen: bundle.dependencies.some((index) => marks.chosen === index),
        hidden: !wanted,
      };
      for (const [name, value] of Object.entries(classes)) line.classList.toggle(name, value);
      line.setAttribute("aria-pressed", String(!standing.length));
      const [hit, badge] = followers.get(place);
      hit.classList.toggle("hidden", !wanted);
      if (!badge) return;
      for (const [name, value] of Object.entries(classes)) badge.classList.toggle(name, value);
      badge.querySelector("text").textContent = badgeText(shown, bundle, standing.length);
    });
    svg.classList.toggle("marking", marks.dependencies.size > 0);
    shown.boxes.forEach((box, place) => {
      const drawnBox = boxes[place];
      const cyclic = box.members.filter((member) => left.inside[member] >= 0);
      drawnBox.classList.toggle("free", !cyclic.length);
      drawnBox.classList.toggle("marked", box.members.some((member) => marks.modules.has(member)));
      drawnBox.classList.toggle("found", box.members.some((member) => marks.found.has(member)));
      drawnBox.classList.toggle("chosen", near !== null && box.members.includes(near));
      drawnBox.classList.toggle("hidden", !box.members.some((member) => visible.modules[member]));
      drawnBox.dataset.component = box.members.length === 1 ? left.inside[box.members[0]] : "";
      drawnBox.dataset.cyclic = cyclic.length;
    });
  }

  return {
    draw,
    update,
    fit: () => view.fit(shown.width, shown.height),
    zoom: view.zoom,
    pan: view.pan,
    svg,
    // Bring the box that holds a module into the middle.
    centre(module) {
      const place = shown.boxOf[module];
      if (place >= 0) view.centre(shown.places[place].x + shown.places[place].width / 2, shown.places[place].y);
    },
  };
}

function touching(component, index, module) {
  const { importer, imported } = component.dependencies[index];
  return importer === module || imported === module;
}

function markers() {
  return Object.entries(HEADS).map(([name, path]) =>
    shape(
      "marker",
      { id: `head-${name}`, class: `head ${name}`, viewBox: "-1 -1 11 11", refX: 9, refY: 4.5, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto" },
      shape("path", { d: path }),
    ),
  );
}

function frameShape({ x, y, width, height, group }) {
  return shape("g", { class: `frame group-${group}` }, shape("rect", { x, y, width, height, rx: 8 }));
}

// In front of the lines: they may have to pass where it stands.
function frameLabel({ spot: [x, y, width, height], label }) {
  return shape(
    "g",
    { class: "frame-label" },
    shape("rect", { x, y, width, height, rx: 4 }),
    shape("text", { x: x + width / 2, y: y + height / 2, dy: "0.35em" }, label),
  );
}

function boxShape(box, { x, y, width, height }, place) {
  const open = box.scope === null ? "" : " package";
  return shape(
    "g",
    { class: `box group-${box.group}${open}${box.outside ? " outside" : ""}`, "data-box": place, "data-module": box.scope === null ? box.members[0] : null },
    shape("title", {}, box.title),
    shape("rect", { x, y, width, height, rx: 5 }),
    shape("text", { x: x + width / 2, y: y + height / 2, dy: "0.35em" }, boxText(box)),
    shape("g", { class: "check" }, shape("circle", { cx: x + width, cy: y, r: 7 }), shape("text", { x: x + width, y, dy: "0.35em" }, "✓")),
  );
}

function lineShape(shown, bundle, place) {
  const { component } = shown;
  const single = bundle.dependencies.length === 1 ? component.dependencies[bundle.dependencies[0]] : null;
  const steps = bundle.dependencies.filter((index) => component.dependencies[index].step);
  const look = single ? single.look : "traffic";
  const weight = single ? single.weight : Math.min(4, 1 + Math.log2(bundle.dependencies.length) / 2);
  const way = route(shown, place);
  const path = asPath(way.points);
  const name = single
    ? `${component.modules[single.importer].name} imports ${component.modules[single.imported].name}`
    : `${shown.boxes[bundle.importer].title} imports ${shown.boxes[bundle.imported].title}`;
  const line = shape(
    "g",
    { class: `line look-${look}${steps.length ? " planned" : ""}`, "data-bundle": place, "data-dependency": single ? bundle.dependencies[0] : null, role: "button", tabindex: "-1", "aria-label": name },
    shape("path", { class: "halo", d: path }),
    shape("path", { class: "stroke", d: path, "stroke-width": weight }),
  );
  const hit = shape("path", { class: "hit", d: path, "data-bundle": place });
  const text = badgeText(shown, bundle, bundle.dependencies.length);
  if (!text) return { line, hit, badge: null };
  const half = 4 + text.length * 2.7;
  const label = labelSpot(shown, way, half);
  const badge = shape(
    "g",
    { class: `badge${steps.length ? " planned" : ""}`, "data-bundle": place },
    shape("rect", { x: label[0] - half, y: label[1] - 8, width: 2 * half, height: 16, rx: 8 }),
    shape("text", { x: label[0], y: label[1], dy: "0.35em" }, text),
  );
  return { line, hit, badge };
}

// The step of the plan that cuts a dependency, or how many dependencies of a bundle are left.
function badgeText(shown, bundle, standing) {
  const planned = bundle.dependencies.map((index) => shown.component.dependencies[index].step).filter((step) => step > 0);
  if (bundle.dependencies.length > 1) return String(standing) + (planned.length ? ` ✂${planned.length}` : "");
  return shown.component.dependencies[bundle.dependencies[0]].label;
}
