// Find places for boxes and the lines between them: a layered layout for what no engine has laid out. After
// K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures",
// IEEE Trans. SMC 11(2), 1981; a fixed number of sweeps, whatever the graph.

const BOX_HEIGHT = 24;
const LAYER_GAP = 50;
const BOX_GAP = 20;
const BEND_WIDTH = 6;
const MARGIN = 26; // half of a label on the outermost line
const SWEEPS = 8;
const MOST_SINGLE_WAYS = 14; // more long lines at one box share their way
const MOST_BENDS = 6000; // above it, long lines run straight

// The corner and size of every box, and for every line (from the importer to the imported) the points of its
// Bézier curves. A line that is `down` leads to a box of a higher number, which lies lower.
function layered(widths, lines) {
  const layers = wrappedLayers(layersOf(widths.length, lines.filter(({ down }) => down)), widths);
  const net = withBends(layers, widths, lines);
  orderLayers(net);
  settle(net);
  const left = Math.min(...net.x.map((found, vertex) => found - net.widths[vertex] / 2)) - MARGIN;
  const x = net.x.map((found) => found - left);
  const y = net.depth.map((depth) => depth * (BOX_HEIGHT + LAYER_GAP));
  const places = widths.map((width, box) => ({ x: x[box] - width / 2, y: y[box], width, height: BOX_HEIGHT }));
  const width = Math.max(...x.map((found, vertex) => found + net.widths[vertex] / 2)) + MARGIN;
  return { places, routes: routed(net, places, x, y), width, height: net.layers.length * (BOX_HEIGHT + LAYER_GAP) - LAYER_GAP };
}

// A line that nobody has laid out: between the nearer edges of two boxes, in a bow where they are far from each
// other, since other boxes may be between them; or above them where they lie side by side.
function curve(from, to) {
  const centre = (box) => box.x + box.width / 2;
  const sign = from.y + from.height <= to.y ? 1 : to.y + to.height <= from.y ? -1 : 0;
  if (sign) {
    const start = [centre(from), sign > 0 ? from.y + from.height : from.y];
    const end = [centre(to), sign > 0 ? to.y : to.y + to.height];
    const bend = (end[1] - start[1]) * 0.45;
    const bow = Math.abs(bend) > LAYER_GAP ? Math.max(from.width, to.width) * 0.8 + Math.abs(bend) * 0.15 : 0;
    return [start, [start[0] + bow, start[1] + bend], [end[0] + bow, end[1] - bend], end];
  }
  const high = Math.min(from.y, to.y) - 30;
  return [[centre(from), from.y], [centre(from), high], [centre(to), high], [centre(to), to.y]];
}

// Boxes by the length of the longest way down to them.
function layersOf(size, down) {
  const depth = new Int32Array(size);
  const below = Array.from({ length: size }, () => []);
  for (const { importer, imported } of down) below[importer].push(imported);
  const layers = [];
  for (let box = 0; box < size; box++) {
    for (const under of below[box]) depth[under] = Math.max(depth[under], depth[box] + 1);
    while (layers.length <= depth[box]) layers.push([]);
    layers[depth[box]].push(box);
  }
  return layers;
}

// No layer much wider than the picture is high: what is in one layer does not depend on each other.
function wrappedLayers(layers, widths) {
  const total = widths.reduce((sum, width) => sum + width + BOX_GAP, 0);
  const most = Math.max(1000, Math.sqrt(total * (BOX_HEIGHT + LAYER_GAP)) * 1.5);
  return layers.flatMap((layer) => {
    const rows = [[]];
    let room = most;
    for (const box of layer) {
      if (room < widths[box] && rows[rows.length - 1].length) {
        rows.push([]);
        room = most;
      }
      rows[rows.length - 1].push(box);
      room -= widths[box] + BOX_GAP;
    }
    return rows;
  });
}

// The layers with a bend in each layer that a line passes, so that it finds a way between the boxes.
function withBends(layers, boxWidths, lines) {
  const net = { layers: layers.map((layer) => [...layer]), widths: [...boxWidths], depth: [], ways: [], above: [], below: [] };
  layers.forEach((layer, level) => layer.forEach((box) => (net.depth[box] = level)));
  net.widths.forEach((_, box) => ([net.above[box], net.below[box]] = [[], []]));
  const bends = lines.reduce((sum, { importer, imported }) => sum + Math.abs(net.depth[importer] - net.depth[imported]), 0);
  const hubOf = hubs(net, lines);
  const shared = new Map();
  lines.forEach(({ importer, imported }, index) => {
    const [upper, lower] = net.depth[importer] <= net.depth[imported] ? [importer, imported] : [imported, importer];
    const way = [upper];
    if (bends <= MOST_BENDS) {
      for (let level = net.depth[upper] + 1; level < net.depth[lower]; level++) {
        const key = hubOf[index] < 0 ? `line ${index} ${level}` : `hub ${hubOf[index]} ${level} ${upper === importer}`;
        if (!shared.has(key)) shared.set(key, addBend(net, level));
        way.push(shared.get(key));
      }
    }
    way.push(lower);
    net.ways.push({ way, up: upper !== importer });
    if (net.depth[upper] === net.depth[lower]) return;
    for (let at = 1; at < way.length; at++) {
      net.below[way[at - 1]].push(way[at]);
      net.above[way[at]].push(way[at - 1]);
    }
  });
  return net;
}

// For every line the end (or -1) from which it shares one way with many other long lines: each on a way of its own,
// they would make the picture wider than anybody could read.
function hubs(net, lines) {
  const long = ({ importer, imported }) => Math.abs(net.depth[importer] - net.depth[imported]) > 1;
  const counts = new Map();
  for (const { importer, imported } of lines.filter(long)) {
    for (const end of [importer, imported]) counts.set(end, (counts.get(end) || 0) + 1);
  }
  return lines.map((line) => {
    const hub = (counts.get(line.importer) || 0) >= (counts.get(line.imported) || 0) ? line.importer : line.imported;
    return long(line) && counts.get(hub) > MOST_SINGLE_WAYS ? hub : -1;
  });
}

function addBend(net, level) {
  const vertex = net.widths.length;
  net.widths.push(BEND_WIDTH);
  net.depth.push(level);
  net.above.push([]);
  net.below.push([]);
  net.layers[level].push(vertex);
  return vertex;
}

// Put every layer in the order of the middle of its neighbours in the layer before, downward and upward in turn.
function orderLayers(net) {
  const rank = new Float64Array(net.widths.length);
  const number = (layer) => layer.forEach((vertex, at) => (rank[vertex] = (at + 0.5) / layer.length));
  net.layers.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const near = sweep % 2 ? net.below : net.above;
    for (const layer of sweep % 2 ? [...net.layers].reverse() : net.layers) {
      const wish = new Map(layer.map((vertex) => [vertex, mean(near[vertex], rank, rank[vertex])]));
      layer.sort((one, other) => wish.get(one) - wish.get(other) || one - other);
      number(layer);
    }
  }
}

// Move everything as near to the middle of its neighbours as the order in its layer allows.
function settle(net) {
  net.x = net.widths.map(() => 0);
  net.layers.forEach((layer) => placeLayer(net, layer, () => 0));
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) {
    const near = sweep % 2 ? net.below : net.above;
    for (const layer of sweep % 2 ? [...net.layers].reverse() : net.layers) {
      placeLayer(net, layer, (vertex) => mean(near[vertex], net.x, net.x[vertex]));
    }
  }
}

// The places next to the wishes in the sense of least squares that keep order and distance: pool adjacent
// violators (R. E. Barlow et al., "Statistical inference under order restrictions", 1972).
function placeLayer(net, layer, wish) {
  const offsets = [];
  let edge = 0;
  for (const vertex of layer) {
    offsets.push(edge + net.widths[vertex] / 2);
    edge += net.widths[vertex] + (net.widths[vertex] === BEND_WIDTH ? BEND_WIDTH : BOX_GAP);
  }
  const pools = [];
  layer.forEach((vertex, at) => {
    const weight = net.widths[vertex] === BEND_WIDTH ? 3 : 1;
    pools.push({ sum: (wish(vertex) - offsets[at]) * weight, weight, count: 1 });
    while (pools.length > 1 && levelOf(pools.at(-2)) >= levelOf(pools.at(-1))) {
      const last = pools.pop();
      const before = pools.at(-1);
      before.sum += last.sum;
      before.weight += last.weight;
      before.count += last.count;
    }
  });
  const shifts = pools.flatMap((pool) => new Array(pool.count).fill(levelOf(pool)));
  layer.forEach((vertex, at) => (net.x[vertex] = offsets[at] + shifts[at]));
}

function levelOf({ sum, weight }) {
  return sum / weight;
}

function mean(neighbours, x, otherwise) {
  if (!neighbours.length) return otherwise;
  return neighbours.reduce((sum, neighbour) => sum + x[neighbour], 0) / neighbours.length;
}

// Curves through the bends, upright in every layer; the lines of one box begin and end side by side.
function routed(net, places, x, y) {
  const leaving = ports(net, places, x, ({ way }) => [way[0], way[1]]);
  const coming = ports(net, places, x, ({ way }) => [way.at(-1), way.at(-2)]);
  return net.ways.map(({ way, up }, index) => {
    const [first, last] = [way[0], way.at(-1)];
    if (net.depth[first] === net.depth[last]) return curve(places[first], places[last]);
    const points = [[leaving[index], y[first] + BOX_HEIGHT]];
    const go = (to) => {
      const from = points.at(-1);
      const bend = (to[1] - from[1]) * 0.5;
      points.push([from[0], from[1] + bend], [to[0], to[1] - bend], to);
    };
    for (const vertex of way.slice(1, -1)) {
      go([x[vertex], y[vertex]]);
      go([x[vertex], y[vertex] + BOX_HEIGHT]);
    }
    go([coming[index], y[last]]);
    return up ? points.reverse() : points;
  });
}

// Where on its box each way begins or ends: next to the others, in the order of where they go.
function ports(net, places, x, ends) {
  const ways = places.map(() => []);
  net.ways.forEach((way, index) => {
    const [box, next] = ends(way);
    if (net.depth[box] !== net.depth[next]) ways[box].push({ index, next });
  });
  const found = [];
  ways.forEach((listed, box) => {
    listed.sort((one, other) => x[one.next] - x[other.next] || one.index - other.index);
    listed.forEach(({ index }, at) => (found[index] = x[box] + ((at + 1) / (listed.length + 1) - 0.5) * places[box].width * 0.8));
  });
  return found;
}
