// Show a component and what is left of it as a matrix, like the one in a file of its own: a row for each importer, a
// column for each imported module, foundations first, so that what is to be cut lies above the diagonal. A group that
// is opened has its modules in its place.

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
    const row = rows[Math.min(importer, imported)];
    if (!row || Math.min(x, y) < 0) return null;
    if (importer >= size || imported >= size || importer === imported) return { kind: "module", index: row.module };
    return cells.get(importer * size + imported)?.target ?? null;
  };
  const stage = makeStage(host, { name: "matrix", far: 0.6, targetOf, actions });
  const marked = shape("path", { class: "cell marked" });
  const cross = shape("path", { class: "cross" });
  let [rows, cells, paths, names, start, size] = [[], new Map(), new Map(), [], 0, 0];
  const at = (row) => start + (size - 1 - row) * CELL;

  function draw(component, opened) {
    rows = rowsOf(component, opened);
    cells = cellsOf(component, rows, opened);
    const labels = rows.map(({ label }) => shortened(label, 44));
    size = rows.length;
    start = Math.max(...labels.map((label) => label.length)) * LETTERS * 0.56 + 2 * SIDE;
    const side = size * CELL;
    const square = (place, width, attributes) => shape("rect", { x: place, y: place, width, height: width, ...attributes });
    const lines = [...Array(size + 1).keys()].map((place) => `M${start} ${start + place * CELL}h${side}M${start + place * CELL} ${start}v${side}`);
    names = labels.map((label, row) => nameShape(label, { start, middle: at(row) + CELL / 2 }));
    const numbered = [...cells.values()].filter(({ step, sums }) => step || sums);
    for (const cell of numbered) cell.number = shape("text", { x: at(cell.ends[1]) + CELL / 2, y: at(cell.ends[0]) + CELL / 2, dy: "0.35em" }, String(cell.step));
    const blocks = [...component.runs, ...[...opened].map((module) => [module, 1])].map(([first, count]) => [first, [...rows.keys()].filter((row) => rows[row].module >= first && rows[row].module < first + count)]);
    paths = new Map();
    stage.world.replaceChildren(
      shape("rect", { class: "ground", x: start, y: start, width: side, height: side }),
      ...blocks.map(([first, inside]) => square(at(inside.at(-1)), inside.length * CELL, { class: "block", fill: component.modules[first].color })),
      ...rows.map(({ color }, row) => square(at(row), CELL, { class: "own", fill: color })),
      shape("path", { class: "grid", d: lines.join("") }),
      cross,
      marked,
      ...numbered.map(({ number }) => number),
      ...names,
    );
    stage.svg.setAttribute("aria-label", `Matrix of ${nodes(component.modules.length)}: rows import columns. Left and right go through the imports.`);
    stage.resize(start + side, start + side);
  }

  // Marks of one look are one path: thousands of elements would be slow to move.
  function update({ left, visible, marks, looks, cuts }) {
    const idle = (yes) => (left.modules && !yes ? " idle" : "");
    const outlines = new Map([...paths.keys()].map((look) => [look, []]));
    for (const { ends: [importer, imported], target: { index, causes }, look, step, sums, number } of cells.values()) {
      const standing = causes.filter((cut) => !cuts.has(cut)).length;
      if (number) classed(number, !standing || !visible.dependencies[index] ? "hidden" : step ? "step" : "count");
      if (sums) number.textContent = standing;
      if (!visible.dependencies[index]) continue;
      const mark = !standing ? "crossed" : step ? "cut" : sums ? "hollow" : looks[look].mark;
      const key = `cell mark-${mark}${standing ? idle(left.cyclic[index]) : ""}`;
      if (!outlines.has(key)) outlines.set(key, []);
      outlines.get(key).push(`M${at(imported) + INSET} ${at(importer) + INSET}${MARKS[mark](CELL - 2 * INSET)}`);
    }
    for (const [key, found] of outlines) {
      if (!paths.has(key)) marked.before(paths.set(key, shape("path", { class: key })).get(key));
      paths.get(key).setAttribute("d", found.join(""));
    }
    const chosen = [...cells.values()].filter(({ target }) => marks.dependencies.has(target.index));
    marked.setAttribute("d", chosen.map(({ ends: [importer, imported] }) => `M${at(imported)} ${at(importer)}${MARKS.full(CELL)}`).join(""));
    const crossing = [...rows.keys()].filter((row) => marks.ends.has(rows[row].module));
    cross.setAttribute("d", crossing.map((row) => `M${start} ${at(row)}h${size * CELL}v${CELL}h${-size * CELL}zM${at(row)} ${start}h${CELL}v${size * CELL}h${-CELL}z`).join(""));
    rows.forEach(({ module }, row) => classed(names[row], "names", { idle: left.modules && left.inside[module] < 0, strong: marks.ends.has(module) || marks.found.has(module) }));
  }

  return { ...stage, draw, update, reveal: (module) => rows.forEach((row, place) => row.module === module && stage.centre(at(place), at(place))) };
}

// The rows from the last one up: modules, or groups, of which those that are opened have their modules in their place.
function rowsOf({ modules, inner }, opened) {
  const members = inner.map(({ label, group }, place) => ({ label, module: group, color: modules[group].color, inner: place }));
  return modules.flatMap(({ label, color }, module) => (opened.has(module) ? members.filter((row) => row.module === module) : { label, color, module, inner: -1 }));
}

// What stands at each two rows: the cuts that one dependency has there. Those of a group that is closed are counted.
function cellsOf({ dependencies, inner, cuts }, rows, opened) {
  const found = new Map();
  const places = new Map(rows.map((row, place) => [row.inner < 0 ? `group ${row.module}` : row.inner, place]));
  dependencies.forEach(({ importer, imported, causes, ends, look }, index) => {
    for (const cut of causes) {
      const pair = [importer, imported].map((module, side) => places.get(opened.has(module) ? ends[cut][side] : `group ${module}`));
      const key = pair[0] * rows.length + pair[1];
      const cell = found.get(key) ?? { ends: pair, target: { kind: "dependency", index, causes: [] }, look, step: -1, sums: inner.length > 0 && pair.some((row) => rows[row].inner < 0) };
      cell.target.causes.push(cut);
      cell.step &&= cuts[cut].step && Math.max(cell.step, cuts[cut].step); // 0 where some of it stays
      found.set(key, cell);
    }
  });
  return found;
}

// The name of a row, and turned round that of a column.
function nameShape(label, { start, middle }) {
  const row = shape("text", { x: start - SIDE, y: middle, dy: "0.35em", "text-anchor": "end" }, label);
  return shape("g", {}, row, shape("text", { transform: `translate(${middle} ${start - SIDE}) rotate(-90)`, dy: "0.35em" }, label));
}
