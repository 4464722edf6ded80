// Put together a picture: boxes, the imports between each two of them as one bundle, and where the engine has put
// them when the page was made. A picture that it did not make is none: the matrix and the lists show all.

const LEGIBLE = 0.62; // of their size: names of a picture that is shown smaller cannot be read
const HALVINGS = 2; // of a curve before its corners are moved one by one: the parts hardly bend
const LABEL_TRIES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
const BOWS = [0, 0.25, -0.25, 0.5, -0.5, 0.9, -0.9]; // of the length of a line that nobody has laid out
const GAP = 46; // between boxes when what was between them has gone

// The view that a component begins with in a room: its modules where their names can be read, else its packages.
function firstView({ whole, levels }, { width, height }) {
  const fits = whole && Math.min(width / whole.width, height / whole.height) >= LEGIBLE;
  return whole && (fits || !Object.keys(levels).length) ? "modules" : "packages";
}

// A picture of modules, or of what lies in the package `scope`: boxes, and the dependencies between each two of them as
// one bundle; null where there is none. Once the plan is made, the modules stand as they do without the cuts.
function picture(component, view, { scope, solved }) {
  const laid = view === "modules" ? (solved && component.after) || component.whole : component.levels[scope];
  if (!laid) return null;
  const { boxes, frames, width, height } = laid;
  const boxOf = new Int32Array(component.modules.length).fill(-1);
  boxes.forEach(({ members }, box) => members.forEach((member) => (boxOf[member] = box)));
  const lines = new Map(laid.lines.map(({ ends, ...line }) => [ends.join(" "), { ...line, skeleton: true }]));
  const bundles = new Map();
  component.dependencies.forEach((_, index) => {
    const [importer, imported] = endsOf(component, index).map((module) => boxOf[module]);
    const key = `${importer} ${imported}`;
    const apart = importer >= 0 && imported >= 0 && importer !== imported;
    if (!apart || (boxes[importer].outside && boxes[imported].outside && !lines.has(key))) return;
    if (!bundles.has(key)) bundles.set(key, { importer, imported, dependencies: [], points: null, ...lines.get(key) });
    bundles.get(key).dependencies.push(index);
  });
  return { boxes, bundles: [...bundles.values()], boxOf, frames, width, height };
}

// The same picture without the boxes that do not `stay`: rows and columns that are empty now close up. Both axes are
// stretched on their own, so that what was above or beside something still is.
function closedUp(shown, stay) {
  const places = shown.boxes.filter((_, box) => stay[box]).map(({ place }) => place);
  const x = closing(places.map((place) => [place.x, place.x + place.width]), shown.width);
  const y = closing(places.map((place) => [place.y, place.y + place.height]), shown.height);
  const moved = (points) => points && halved(points, HALVINGS).map(([across, down]) => [x.at(across), y.at(down)]);
  const bundles = shown.bundles.map((bundle) => ({ ...bundle, points: moved(bundle.points), label: null }));
  const boxes = shown.boxes.map((box) => ({ ...box, place: { ...box.place, x: x.at(box.place.x), y: y.at(box.place.y) } }));
  return { ...shown, boxes, bundles, frames: [], width: x.size, height: y.size };
}

// The same curves in twice as many parts, so many times (P. de Casteljau); what follows the last curve stays.
function halved(points, times) {
  if (!times) return points;
  const middle = ([x, y], [across, down]) => [(x + across) / 2, (y + down) / 2];
  const found = [points[0]];
  for (let at = 3; at < points.length; at += 3) {
    const [a, b, c, d] = points.slice(at - 3, at + 1);
    const [ab, bc, cd] = [middle(a, b), middle(b, c), middle(c, d)];
    const [abc, bcd] = [middle(ab, bc), middle(bc, cd)];
    found.push(ab, abc, middle(abc, bcd), bcd, cd, d);
  }
  return halved([...found, ...points.slice(points.length - ((points.length - 1) % 3))], times - 1);
}

// An axis on which no gap between spans is longer than `GAP`: where a number goes on it, and how long it is.
function closing(spans, length) {
  const stops = [[0, 0]];
  const go = (to, most) => {
    const [from, at] = stops[stops.length - 1];
    if (to > from) stops.push([to, at + Math.min(to - from, most)]);
  };
  for (const [from, to] of [...spans].sort((one, other) => one[0] - other[0])) {
    go(from, GAP);
    go(to, Infinity);
  }
  go(length, GAP);
  const at = (number) => {
    const next = stops.findIndex(([stop]) => stop >= number);
    if (next < 1) return next ? stops[stops.length - 1][1] : 0;
    const [[from, start], [to, end]] = [stops[next - 1], stops[next]];
    return start + ((number - from) * (end - start)) / (to - from);
  };
  return { at, size: stops[stops.length - 1][1] };
}

// The points of a bundle's line: as it was laid out, else a plain curve, in the bow that meets the fewest boxes.
function route(shown, { importer, imported, points }) {
  if (points) return points;
  const [from, to] = [shown.boxes[importer].place, shown.boxes[imported].place];
  const met = (line) => {
    const spots = LABEL_TRIES.map((part) => pointAlong(line, part));
    return shown.boxes.filter(({ place }, box) => box !== importer && box !== imported && spots.some(([x, y]) => x > place.x && x < place.x + place.width && y > place.y && y < place.y + place.height)).length;
  };
  const tries = BOWS.map((bow) => curve(from, to, bow)).map((line) => ({ line, count: met(line) }));
  return tries.sort((one, other) => one.count - other.count)[0].line;
}

// A curve between the nearer edges of two boxes, bowed by a part of its length; above them where they lie side by side.
function curve(from, to, bow) {
  const centre = (box) => box.x + box.width / 2;
  const sign = from.y + from.height <= to.y ? 1 : to.y + to.height <= from.y ? -1 : 0;
  if (sign) {
    const start = [centre(from), sign > 0 ? from.y + from.height : from.y];
    const end = [centre(to), sign > 0 ? to.y : to.y + to.height];
    const bend = (end[1] - start[1]) * 0.4;
    const side = bow * Math.abs(end[1] - start[1]);
    return [start, [start[0] + side, start[1] + bend], [end[0] + side, end[1] - bend], end];
  }
  const high = Math.min(from.y, to.y) - 30 - 40 * Math.abs(bow);
  return [[centre(from), from.y], [centre(from), high], [centre(to), high], [centre(to), to.y]];
}

// Where the label of a line goes, half as wide as `half`: as it was laid out, else on the line where no box
// and no other label is, or in its middle where there is no such place.
function labelSpot(shown, label, points, half) {
  if (label) return label;
  shown.taken ??= shown.boxes.map(({ place }) => ({ x: place.x + place.width / 2, y: place.y + place.height / 2, half: place.width / 2, rise: place.height / 2 }));
  const free = ([x, y]) => !shown.taken.some((other) => Math.abs(x - other.x) < half + other.half && Math.abs(y - other.y) < 8 + other.rise);
  const tries = LABEL_TRIES.map((part) => pointAlong(points, part));
  const [x, y] = tries.find(free) || tries[0];
  shown.taken.push({ x, y, half, rise: 8 });
  return [x, y];
}

// A point on the curves, `part` of the way along them.
function pointAlong(points, part) {
  const along = Math.floor((points.length - 1) / 3) * part;
  const first = Math.floor(along) * 3;
  const t = along - first / 3;
  const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
  return [0, 1].map((axis) => weights.reduce((sum, weight, at) => sum + weight * (points[first + at] || [0, 0])[axis], 0));
}

// Curves of three points each, and what is left after them as straight lines: the head of an arrow.
function asPath(points) {
  const [start, ...rest] = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  const bent = rest.length - (rest.length % 3);
  return `M${start}C${rest.slice(0, bent).join(" ")}${rest.slice(bent).map((spot) => `L${spot}`).join("")}`;
}
