// Draw a component and what is left of it as a matrix on a canvas: a row for each importer, a column for each
// imported module, foundations first, so that what is to be cut lies above the diagonal.

const LEAST_CELL = 2;
const MOST_CELL = 26;
const LABELLED_CELL = 9;
const MOST_PIXELS = 8000;
const FULL_LOOKS = new Set(["eager", "runs"]); // the others are small squares

function makeMatrix(host, actions) {
  const canvas = element("canvas", { class: "matrix", role: "img", tabindex: "0" });
  const room = element("div", { class: "matrix-room" }, canvas);
  host.append(room);
  let shown = null;
  let factor = 1;
  let last = null;

  const targetOf = (event) => {
    if (!shown) return null;
    const area = canvas.getBoundingClientRect();
    const [column, row] = [event.clientX - area.left - shown.gutter, event.clientY - area.top - shown.top].map((at) => Math.floor(at / shown.cell));
    const size = shown.component.modules.length;
    if (row < 0 || row >= size || column >= size) return null;
    const [importer, imported] = [size - 1 - row, size - 1 - column];
    if (column < 0 || row === column) return { kind: "module", index: importer };
    const index = shown.at.get(importer * size + imported);
    return index === undefined ? null : { kind: "dependency", index };
  };
  canvas.addEventListener("pointermove", (event) => actions.hover(targetOf(event)));
  canvas.addEventListener("pointerleave", () => actions.hover(null));
  canvas.addEventListener("click", (event) => actions.press(targetOf(event)));

  function draw(component) {
    const size = component.modules.length;
    const at = new Map(component.dependencies.map(({ importer, imported }, index) => [importer * size + imported, index]));
    shown = { component, at, cell: 1, gutter: 0, top: 0 };
    factor = 1;
    canvas.setAttribute("aria-label", `Matrix of ${size} modules: rows import columns. Right and left go through the imports.`);
  }

  function measure() {
    const { modules } = shown.component;
    const area = room.getBoundingClientRect();
    const most = Math.floor(MOST_PIXELS / (window.devicePixelRatio || 1) / modules.length);
    const fitting = (gutter) => Math.floor(Math.min(area.width - gutter, area.height - 24) / modules.length);
    const fitted = Math.max(LEAST_CELL, fitting(190) >= LABELLED_CELL ? fitting(190) : Math.min(fitting(54), LABELLED_CELL - 1));
    shown.cell = Math.max(1, Math.min(Math.round(Math.min(fitted, MOST_CELL) * factor) || 1, most));
    shown.labelled = shown.cell >= LABELLED_CELL;
    shown.gutter = shown.labelled ? Math.min(220, area.width * 0.4) : 12;
    shown.top = 12;
    Object.assign(canvas.dataset, { cell: shown.cell, gutter: shown.gutter, top: shown.top });
  }

  function update(view) {
    last = view;
    if (!shown || !room.getBoundingClientRect().width) return;
    measure();
    const { component, cell, gutter, top } = shown;
    const side = cell * component.modules.length;
    const density = window.devicePixelRatio || 1;
    canvas.width = Math.ceil((gutter + side + 12) * density);
    canvas.height = Math.ceil((top + side + 12) * density);
    canvas.style.width = `${canvas.width / density}px`;
    canvas.style.height = `${canvas.height / density}px`;
    const pen = canvas.getContext("2d");
    pen.scale(density, density);
    paint(pen, shown, view, palette(canvas));
  }

  const redraw = () => last && update(last);
  return {
    draw,
    update,
    fit() {
      factor = 1;
      redraw();
    },
    zoom(by) {
      factor = Math.min(8, Math.max(0.25, factor * by));
      redraw();
    },
  };
}

// The page's colours as the canvas needs them.
function palette(canvas) {
  const names = ["ink", "muted", "line", "cut", "paper", "panel", "mark", "accent"];
  const colors = {};
  for (const name of names) {
    canvas.style.color = `var(--${name})`;
    colors[name] = getComputedStyle(canvas).color;
  }
  canvas.style.color = "";
  return colors;
}

function paint(pen, { component, cell, gutter, top, labelled }, { left, visible, marks }, colors) {
  const size = component.modules.length;
  const side = size * cell;
  const at = (module) => (size - 1 - module) * cell;
  pen.translate(gutter, top);
  pen.fillStyle = colors.paper;
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = colors.line;
  blocks(component).forEach(([first, count]) => {
    pen.globalAlpha = 0.55;
    pen.fillRect(at(first + count - 1), at(first + count - 1), count * cell, count * cell);
  });
  pen.globalAlpha = 1;
  crosshair(pen, marks, at, cell, side, colors);
  for (let module = 0; module < size; module++) {
    pen.fillStyle = left.inside[module] >= 0 ? colors.muted : colors.line;
    pen.fillRect(at(module), at(module), cell, cell);
  }
  component.dependencies.forEach(({ importer, imported, look, step }, index) => {
    if (!visible.dependencies[index]) return;
    const [x, y] = [at(imported), at(importer)];
    const gap = cell < 4 ? 0 : cell < 8 ? 0.5 : FULL_LOOKS.has(look) || step ? 1 : cell * 0.28;
    const inner = cell - 2 * gap;
    const marked = marks.dependencies.has(index) || marks.chosen === index;
    if (marked) {
      pen.fillStyle = colors.mark;
      pen.fillRect(x, y, cell, cell);
    }
    if (!left.alive[index]) return crossed(pen, x, y, cell, colors);
    pen.globalAlpha = left.cyclic[index] ? 1 : 0.35;
    pen.fillStyle = step ? colors.cut : colors.ink;
    pen.fillRect(x + gap, y + gap, inner, inner);
    pen.globalAlpha = 1;
    if (step && cell >= 12) numbered(pen, String(step), x + cell / 2, y + cell / 2, cell, colors);
  });
  pen.strokeStyle = colors.muted;
  pen.strokeRect(0.5, 0.5, side - 1, side - 1);
  if (labelled) labels(pen, component, { at, cell, gutter, left, marks, colors });
}

// Runs of modules of one sub-package.
function blocks(component) {
  const runs = [];
  component.modules.forEach(({ group }, module) => {
    const run = runs[runs.length - 1];
    if (run && run[2] === group && group >= 0) run[1]++;
    else runs.push([module, 1, group]);
  });
  return runs.filter(([, count]) => count > 1);
}

function crosshair(pen, marks, at, cell, side, colors) {
  pen.fillStyle = colors.mark;
  pen.globalAlpha = 0.3;
  for (const module of marks.ends) {
    pen.fillRect(0, at(module), side, cell);
    pen.fillRect(at(module), 0, cell, side);
  }
  pen.globalAlpha = 1;
}

function crossed(pen, x, y, cell, colors) {
  pen.strokeStyle = colors.cut;
  pen.lineWidth = cell >= 8 ? 1.5 : 1;
  pen.beginPath();
  pen.moveTo(x + 1, y + 1);
  pen.lineTo(x + cell - 1, y + cell - 1);
  pen.moveTo(x + cell - 1, y + 1);
  pen.lineTo(x + 1, y + cell - 1);
  pen.stroke();
  pen.lineWidth = 1;
}

function numbered(pen, text, x, y, cell, colors) {
  pen.fillStyle = colors.paper;
  pen.font = `bold ${Math.min(11, Math.floor(cell * (text.length > 1 ? 0.5 : 0.65)))}px Helvetica, Arial, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, x, y + 0.5);
}

function labels(pen, component, { at, cell, gutter, left, marks, colors }) {
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const size = Math.min(12, cell - 1);
  component.modules.forEach(({ label }, module) => {
    const strong = marks.ends.has(module) || marks.found.has(module);
    pen.font = `${strong ? "bold " : ""}${size}px Helvetica, Arial, sans-serif`;
    pen.fillStyle = left.inside[module] >= 0 || strong ? colors.ink : colors.muted;
    const text = (left.inside[module] >= 0 ? "" : "✓ ") + shortened(label, Math.floor((gutter - 12) / size / 0.52));
    pen.fillText(text, -6, at(module) + cell / 2);
  });
}
