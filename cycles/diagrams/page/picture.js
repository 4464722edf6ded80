// A component and what is to be seen of it in; its boxes, bundles and where they lie, out.

const MOST_MODULES = 500; // more boxes than that are no picture
const WHOLE_MODULES = 150; // up to here the modules are shown at first, above it their sub-packages
const LABEL_LETTERS = 34;

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
  if (found.boxes.length > MOST_MODULES) return { boxes: [], bundles: [], boxOf: found.boxOf.fill(-1), places: [], routes: new Map(), frames: [], width: 0, height: 0 };
  return { ...found, ...(whole && component.layout ? engineLayout(component, found) : ownLayout(found)) };
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
  const { places, routes } = layered(widthsOf(boxes), drawn.map((place) => bundles[place]));
  return {
    places,
    routes: new Map(drawn.map((place, at) => [place, { points: routes[at], label: null }])),
    frames: [],
    width: Math.max(...places.map(({ x, width }) => x + width)),
    height: Math.max(...places.map(({ y, height }) => y + height)),
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

// Where a bundle runs: as it was laid out, else as a plain curve; and the middle of it for a label.
function route(shown, place) {
  const { importer, imported } = shown.bundles[place];
  const { points, label } = shown.routes.get(place) || { points: curve(shown.places[importer], shown.places[imported]) };
  return { points, label: label || middle(points) };
}

// The point half-way along the middle one of the curves.
function middle(points) {
  const curves = (points.length - 1) / 3;
  const first = Math.floor((curves - 1) / 2) * 3;
  const [one, two, three, four] = points.slice(first, first + 4);
  if (!four) return one;
  return [0, 1].map((axis) => (one[axis] + 3 * two[axis] + 3 * three[axis] + four[axis]) / 8);
}

function asPath(points) {
  const [start, ...rest] = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  const curves = [];
  let at = 0;
  for (; at + 2 < rest.length; at += 3) curves.push(`C${rest[at]} ${rest[at + 1]} ${rest[at + 2]}`);
  for (; at < rest.length; at++) curves.push(`L${rest[at]}`);
  return `M${start}${curves.join("")}`;
}
