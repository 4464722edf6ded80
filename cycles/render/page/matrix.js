// Show a component and what is left of it as a matrix, like the one in a file of its own: a row for each importer, a
// column for each imported module, foundations first, so that what is to be cut lies above the diagonal.

const CELL = 14;
const LETTERS = 9;
const SIDE = 6; // between the names and the cells
const INSET = 2; // around a mark
// The outlines of marks in a square of a side, from its upper left corner; what is cut is crossed out.
const MARKS = {
  full: (side) => `h${side}v${side}h${-side}z`,
  hollow: (side) => `h${side}v${side}h${-side}z`,
  half: (side) => `v${side}h${side}z`,
  dot: (side) => `m${side / 4} ${side / 2}a${side / 4} ${side / 4} 0 1 1 ${side / 2} 0a${side / 4} ${side / 4} 0 1 1 ${-side / 2} 0z`,
  cut: (side) => `m${side / 2} ${-side / 5}l${side * 0.7} ${side * 0.7}l${-side * 0.7} ${side * 0.7}l${-side * 0.7} ${-side * 0.7}z`,
  crossed: (side) => `l${side} ${side}m${-side} 0l${side} ${-side}`,
};

function makeMatrix(host, actions) {
  const targetOf = ({ clientX, clientY }) => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(stage.world.getScreenCTM().inverse());
    const [importer, imported] = [y, x].map((place) => size - 1 - Math.floor((place - start) / CELL));
    if (Math.min(importer, imported) < 0 || Math.min(x, y) < 0) return null;
    if (importer >= size || imported >= size || importer === imported) return { kind: "module", index: Math.min(importer, imported) };
    const index = cells.get(importer * size + imported);
    return index === undefined ? null : { kind: "dependency", index };
  };
  const stage = makeStage(host, { name: "matrix", far: 0.6, targetOf, actions });
  const marked = shape("path", { class: "cell marked" });
  const cross = shape("path", { class: "cross" });
  let [cells, paths, numbers, names] = [new Map(), new Map(), [], []];
  let [start, size] = [0, 0];
  const at = (module) => start + (size - 1 - module) * CELL;

  function draw(component) {
    const { modules, dependencies } = component;
    const labels = modules.map(({ label }) => shortened(label, 44));
    size = modules.length;
    start = Math.max(...labels.map((label) => label.length)) * LETTERS * 0.56 + 2 * SIDE;
    const side = size * CELL;
    const square = (place, width, attributes) => shape("rect", { x: place, y: place, width, height: width, ...attributes });
    const lines = [...Array(size + 1).keys()].map((place) => `M${start} ${start + place * CELL}h${side}M${start + place * CELL} ${start}v${side}`);
    names = labels.map((label, module) => nameShape(label, { start, middle: at(module) + CELL / 2 }));
    cells = new Map(dependencies.map(({ importer, imported }, index) => [importer * size + imported, index]));
    numbers = dependencies.flatMap(({ importer, imported, step }, index) => (step ? [[index, shape("text", { x: at(imported) + CELL / 2, y: at(importer) + CELL / 2, dy: "0.35em" }, String(step))]] : []));
    paths = new Map();
    stage.world.replaceChildren(
      shape("rect", { class: "ground", x: start, y: start, width: side, height: side }),
      ...component.runs.map(([first, count]) => square(at(first + count - 1), count * CELL, { class: "block", fill: modules[first].color })),
      ...modules.map(({ color }, module) => square(at(module), CELL, { class: "own", fill: color })),
      shape("path", { class: "grid", d: lines.join("") }),
      cross,
      marked,
      ...numbers.map(([, number]) => number),
      ...names,
    );
    stage.svg.setAttribute("aria-label", `Matrix of ${size} modules: rows import columns. Left and right go through the imports.`);
    stage.resize(start + side, start + side);
  }

  // Marks of one look are one path: thousands of elements would be slow to move.
  function update({ left, visible, marks, looks, component }) {
    const idle = (yes) => (left.modules && !yes ? " idle" : "");
    const outlines = new Map([...paths.keys()].map((look) => [look, []]));
    component.dependencies.forEach(({ importer, imported, look, step }, index) => {
      if (!visible.dependencies[index]) return;
      const mark = !left.alive[index] ? "crossed" : step ? "cut" : looks[look].mark;
      const key = `cell mark-${mark}${left.alive[index] ? idle(left.cyclic[index]) : ""}`;
      if (!outlines.has(key)) outlines.set(key, []);
      outlines.get(key).push(`M${at(imported) + INSET} ${at(importer) + INSET}${MARKS[mark](CELL - 2 * INSET)}`);
    });
    for (const [key, found] of outlines) {
      if (!paths.has(key)) marked.before(paths.set(key, shape("path", { class: key })).get(key));
      paths.get(key).setAttribute("d", found.join(""));
    }
    for (const [index, number] of numbers) classed(number, left.alive[index] && visible.dependencies[index] ? "step" : "hidden");
    const chosen = [...marks.dependencies].map((index) => component.dependencies[index]);
    marked.setAttribute("d", chosen.map(({ importer, imported }) => `M${at(imported)} ${at(importer)}${MARKS.full(CELL)}`).join(""));
    cross.setAttribute("d", [...marks.ends].map((module) => `M${start} ${at(module)}h${size * CELL}v${CELL}h${-size * CELL}zM${at(module)} ${start}h${CELL}v${size * CELL}h${-CELL}z`).join(""));
    names.forEach((name, module) => classed(name, "names", { idle: left.modules && left.inside[module] < 0, strong: marks.ends.has(module) || marks.found.has(module) }));
  }

  return { ...stage, draw, update, reveal: (module) => stage.centre(at(module), at(module)) };
}

// The name of a row, and turned round that of a column.
function nameShape(label, { start, middle }) {
  const row = shape("text", { x: start - SIDE, y: middle, dy: "0.35em", "text-anchor": "end" }, label);
  return shape("g", {}, row, shape("text", { transform: `translate(${middle} ${start - SIDE}) rotate(-90)`, dy: "0.35em" }, label));
}
