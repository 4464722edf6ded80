// Put together the picture of a component: its boxes, its bundles, and where they lie.

const MOST_MODULES = 500; // more boxes than that are no picture
const WHOLE_MODULES = 150; // up to here the modules are shown at first, above it their sub-packages
const LABEL_LETTERS = 34;
const LABEL_TRIES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

// The view that a component begins with.
function firstView(component) {
  return component.modules.length <= WHOLE_MODULES || component.flat ? "modules" : "packages";
}

function canShowModules(component) {
  return component.modules.length <= MOST_MODULES;
}

function picture(component, view, scope) {
  const whole = view === "modules" && canShowModules(component);
  const found = whole ? moduleBoxes(component) : packageBoxes(component, scope ?? component.prefix);
  if (found.boxes.length > MOST_MODULES) return nothingShown(found);
  const laid = whole && component.layout ? engineLayout(component, found) : ownLayout(found);
  const taken = laid.places.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2, half: width / 2, rise: height / 2 }));
  return { ...found, ...laid, taken };
}

function nothingShown({ boxes, boxOf }) {
  return { refused: boxes.length, boxes: [], bundles: [], boxOf: boxOf.fill(-1), places: [], routes: new Map(), frames: [], taken: [], width: 0, height: 0 };
}

// As the engine has laid it out when the page was made.
function engineLayout({ layout }, { boxes, bundles }) {
  boxes.forEach((box, place) => (box.text = layout.labels[place]));
  const bundleOf = new Map(bundles.map(({ dependencies }, place) => [dependencies[0], place]));
  return {
    places: layout.boxes.map(asPlace),
    routes: new Map(layout.routes.map(([index, points, label]) => [bundleOf.get(index), { points: pairs(points), label }])),
    frames: layout.frames.map(({ area, ...frame }) => ({ ...asPlace(area), ...frame })),
    width: layout.width,
    height: layout.height,
  };
}

function ownLayout({ boxes, bundles }) {
  const drawn = [...bundles.keys()].filter((place) => bundles[place].skeleton);
  const { places, routes, width, height } = layered(widthsOf(boxes), drawn.map((place) => bundles[place]));
  return {
    places,
    routes: new Map(drawn.map((place, at) => [place, { points: routes[at], label: null }])),
    frames: [],
    width,
    height,
  };
}

function widthsOf(boxes) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "12px Helvetica, Arial, sans-serif";
  return boxes.map((box) => Math.max(54, Math.ceil(pen.measureText(boxText(box)).width) + 22));
}

function boxText(box) {
  if (box.text) return box.text;
  const label = shortened(box.label, LABEL_LETTERS);
  return box.scope === null ? label : `${label} · ${box.members.length}`;
}

function asPlace([x, y, width, height]) {
  return { x, y, width, height };
}

function pairs(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, at) => [numbers[2 * at], numbers[2 * at + 1]]);
}

// The points of a bundle's line: as it was laid out, else a plain curve.
function route(shown, place) {
  const { importer, imported } = shown.bundles[place];
  return shown.routes.get(place) || { points: curve(shown.places[importer], shown.places[imported]), label: null };
}

// Where the label of a line goes, half as wide as `half`: as it was laid out, else on the line where no box
// and no other label is, or in its middle where there is no such place.
function labelSpot(shown, { points, label }, half) {
  if (label) return label;
  const free = ([x, y]) => !shown.taken.some((other) => Math.abs(x - other.x) < half + other.half && Math.abs(y - other.y) < 8 + other.rise);
  const tries = LABEL_TRIES.map((part) => pointAlong(points, part));
  const [x, y] = tries.find(free) || tries[0];
  shown.taken.push({ x, y, half, rise: 8 });
  return [x, y];
}

// A point on the curves, `part` of the way along them.
function pointAlong(points, part) {
  const along = (Math.floor((points.length - 1) / 3)) * part;
  const first = Math.floor(along) * 3;
  const t = along - first / 3;
  const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
  return [0, 1].map((axis) => weights.reduce((sum, weight, at) => sum + weight * (points[first + at] || [0, 0])[axis], 0));
}

function asPath(points) {
  const [start, ...rest] = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  const curves = [];
  let at = 0;
  for (; at + 2 < rest.length; at += 3) curves.push(`C${rest[at]} ${rest[at + 1]} ${rest[at + 2]}`);
  for (; at < rest.length; at++) curves.push(`L${rest[at]}`);
  return `M${start}${curves.join("")}`;
}
