// Show a picture and what is left of its component in an SVG. What is pointed at, focused or clicked is told to
// `actions`.

const MOST_LINES = 3000; // lines drawn at once; more cannot be told apart
const MOST_STEPS = 3; // that stand at one line
const LAYERS = ["frames", "hits", "lines", "boxes", "over", "titles", "badges"];

function makeGraph(host, actions) {
  const targetOf = ({ target }) => {
    const found = target.closest("[data-bundle], [data-box]");
    if (!found) return null;
    return found.dataset.box ? boxTarget(shown.boxes[found.dataset.box]) : bundleTarget(shown, shown.bundles[found.dataset.bundle]);
  };
  const stage = makeStage(host, { name: "graph", far: 0.4, targetOf, actions });
  const layers = Object.fromEntries(LAYERS.map((name) => [name, shape("g", { class: name })]));
  stage.world.append(...Object.values(layers));
  let shown = null;
  let lines = new Map();
  let boxes = [];

  // Draw a picture anew, but for the boxes that do not `stay`; its name is said to those who do not see it.
  function draw(picture, component, { stay, name }) {
    shown = { ...picture, component, stay };
    const focused = stage.svg.contains(document.activeElement);
    for (const layer of Object.values(layers)) layer.replaceChildren();
    lines = new Map();
    stage.svg.setAttribute("aria-label", name);
    layers.frames.append(...shown.frames.map(frameShape));
    layers.titles.append(...shown.frames.map(frameLabel));
    boxes = shown.boxes.map(boxShape);
    layers.boxes.append(...boxes);
    stage.resize(shown.width, shown.height);
    if (focused) stage.svg.focus({ preventScroll: true });
  }

  function lineOf(place) {
    if (!lines.has(place)) {
      const made = lineShape(shown, shown.bundles[place], place);
      lines.set(place, made);
      // What nobody has laid out may pass a box: in front of it, so that it does not seem to end there.
      (shown.bundles[place].points ? layers.lines : layers.over).append(made.line);
      // Below all lines, so that of two close ones the one that is really pointed at wins.
      layers.hits.append(made.hit);
      if (made.badge) layers.badges.append(made.badge);
    }
    return lines.get(place);
  }

  // Show which lines and boxes there are, which are cut, on a cycle, highlighted or found.
  function update({ state, left, cuts, visible, marks, crashing }) {
    const solved = left.modules === 0;
    // What goes with a step is drawn once the line of the step has folded away.
    const { dependencies } = shown.component;
    const isOpen = (index) => left.cyclic[index] && endsOf(shown.component, index).every((module) => shown.stay[shown.boxOf[module]]);
    const stands = (step) => dependencies.some(({ numbers }, index) => numbers.includes(step) && isOpen(index));
    const isLeft = (index) => dependencies[index].step && !dependencies[index].numbers.length && isOpen(index) && !stands(dependencies[index].step);
    let drawn = 0;
    shown.bundles.forEach((bundle, place) => {
      const standing = bundle.dependencies.filter((index) => left.alive[index]);
      const marked = bundle.dependencies.some((index) => marks.dependencies.has(index));
      const near = bundle.dependencies.some((index) => marks.near.has(index));
      const seen = shown.stay[bundle.importer] && shown.stay[bundle.imported] && bundle.dependencies.some((index) => visible.dependencies[index]);
      const asked = marked || near || bundle.skeleton || state.all || bundle.dependencies.some(isLeft);
      const wanted = seen && asked && (standing.length || !solved) && (marked || drawn < MOST_LINES);
      if (!wanted && !lines.has(place)) return;
      drawn += wanted ? 1 : 0;
      const { line, hit, badge, base } = lineOf(place);
      const idle = !solved && standing.length && !standing.some((index) => left.cyclic[index]);
      const flags = { gone: !standing.length, idle, marked, near, chosen: bundle.dependencies.includes(marks.chosen), hidden: !wanted };
      classed(line, `line ${base}`, flags);
      classed(hit, "hit", { hidden: !wanted });
      line.setAttribute("aria-pressed", String(flags.gone));
      if (!badge) return;
      classed(badge, `badge ${base}`, flags);
      badge.lastChild.textContent = badgeText(shown, bundle, standing, cuts);
    });
    stage.svg.classList.toggle("marking", marks.dependencies.size > 0);
    shown.boxes.forEach((box, place) => {
      const holds = (set) => box.members.some((member) => set?.has(member));
      classed(boxes[place], `box ${box.color ? "colored" : "plain"}`, {
        package: box.enter !== null,
        outside: box.outside,
        free: !solved && box.members.every((member) => left.inside[member] < 0),
        marked: holds(marks.modules),
        found: holds(marks.found),
        chosen: marks.box === box.title || box.members.includes(marks.module),
        hidden: !shown.stay[place] || !box.members.some((member) => visible.modules[member]),
        crashing: holds(crashing),
      });
      boxes[place].dataset.component = left.inside[box.members[0]];
    });
  }

  return {
    ...stage,
    draw,
    update,
    // The boxes that are shown, as targets, from top to bottom.
    targets() {
      const seen = shown.boxes.filter((_, place) => !boxes[place].classList.contains("hidden"));
      return seen.sort((one, other) => one.place.y - other.place.y || one.place.x - other.place.x).map(boxTarget);
    },
    // Bring the box that holds a module into the middle.
    reveal(module) {
      const place = shown.boxes[shown.boxOf[module]]?.place;
      if (place) stage.centre(place.x + place.width / 2, place.y);
    },
  };
}

const boxTarget = (box) => (box.members.length === 1 ? { kind: "module", index: box.members[0] } : { kind: "box", box });

function bundleTarget(shown, { importer, imported, dependencies }) {
  if (dependencies.length === 1) return { kind: "dependency", index: dependencies[0] };
  return { kind: "bundle", dependencies, names: [importer, imported].map((box) => shown.boxes[box].title) };
}

const frameShape = ({ place, color }) => shape("g", { class: "frame" }, shape("rect", { ...place, rx: 8, stroke: color }));

// In front of the lines: they may have to pass where it stands.
function frameLabel({ spot, label }) {
  const text = shape("text", { x: spot.x + spot.width / 2, y: spot.y + spot.height / 2, dy: "0.35em" }, label);
  return shape("g", { class: "frame-label" }, shape("rect", { ...spot, rx: 4 }), text);
}

function boxShape(box, place) {
  const { x, y, width, height } = box.place;
  // What is read on it is a part of its name, for those who say what is to be pressed.
  const words = box.label.map(([text]) => text).join(" ");
  const name = box.title.includes(words) ? box.title : `${words}: ${box.title}`;
  const corner = (look, cx, text) => shape("g", { class: look, "aria-hidden": "true" }, shape("circle", { cx, cy: y, r: 7 }), shape("text", { x: cx, y, dy: "0.35em" }, text));
  return shape(
    "g",
    { "data-box": place, role: "button", tabindex: "-1", "aria-label": name },
    shape("title", {}, box.title),
    shape("rect", { x, y, width, height, rx: 5, fill: box.color }),
    ...box.label.flatMap(([text, size, down, long]) => [" ", shape("text", { class: "name", x: x + width / 2, y: y + down, "font-size": size, textLength: long, lengthAdjust: "spacingAndGlyphs" }, text)]),
    corner("check", x + width, "✓"),
    corner("crash", x, "!"),
  );
}

function lineShape(shown, bundle, place) {
  const { component } = shown;
  const [first, ...others] = bundle.dependencies;
  const planned = bundle.dependencies.some((index) => component.dependencies[index].step);
  const { look, weight } = others.length ? { look: "traffic", weight: Math.min(4, 1 + Math.log2(others.length + 1) / 2) } : component.dependencies[first];
  const base = `look-${look}${planned ? " planned" : ""}`;
  const points = route(shown, bundle);
  const d = asPath(points);
  const name = `${shown.boxes[bundle.importer].title} imports ${shown.boxes[bundle.imported].title}`;
  const data = { "data-bundle": place, "data-dependency": others.length ? null : first, role: "button", tabindex: "-1", "aria-label": name };
  const line = shape("g", data, shape("path", { class: "halo", d }), shape("path", { class: "stroke", d, "stroke-width": weight }));
  const hit = shape("path", { d, "data-bundle": place });
  const text = badgeText(shown, bundle, bundle.dependencies, new Set());
  if (!text) return { line, hit, badge: null, base };
  const half = 4 + text.length * 2.7;
  const [x, y] = labelSpot(shown, bundle.label, points, half);
  const pill = shape("rect", { x: x - half, y: y - 8, width: 2 * half, height: 16, rx: 8 });
  return { line, hit, base, badge: shape("g", { "data-bundle": place }, pill, shape("text", { x, y, dy: "0.35em" }, text)) };
}

// The steps of the plan that cut a dependency; of a bundle, how many dependencies are standing, and their steps; between
// groups, how many imports are standing, unless these are a few steps.
function badgeText({ component }, { dependencies }, standing, cuts) {
  const single = dependencies.length === 1;
  const count = component.inner.length ? component.dependencies[dependencies[0]].causes.filter((cut) => !cuts.has(cut)).length : standing.length;
  const numbers = (single ? dependencies : standing).flatMap((index) => component.dependencies[index].numbers).sort((one, other) => one - other);
  const steps = numbers.slice(0, MOST_STEPS).join(", ") + (numbers.length > MOST_STEPS ? ", …" : "");
  if (single && !component.inner.length) return steps;
  return steps && count <= Math.min(numbers.length, MOST_STEPS) ? `✂ ${steps}` : `${count}${steps && (component.inner.length ? " ✂" : ` ✂ ${steps}`)}`;
}
