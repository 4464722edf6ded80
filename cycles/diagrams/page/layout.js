// Boxes with their widths and the bundles between them in; where boxes and lines lie, out: a layered layout for
// what no engine has laid out. After K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of
// hierarchical system structures", IEEE Trans. SMC 11(2), 1981; a fixed number of sweeps, whatever the graph.

const BOX_HEIGHT = 24;
const LAYER_GAP = 58;
const BOX_GAP = 22;
const SWEEPS = 6;

// The corner and size of every box, and for every bundle the points of its Bézier curve.
function layered(boxes, bundles, widths) {
  const down = bundles.filter((bundle) => bundle.down);
  const layers = wrappedLayers(layersOf(boxes.length, down), widths);
  const neighbours = boxes.map(() => []);
  for (const { importer, imported } of bundles) {
    neighbours[importer].push(imported);
    neighbours[imported].push(importer);
  }
  const x = new Float64Array(boxes.length);
  for (const layer of layers) spread(layer, x, widths, (box, place) => place * 100);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 ? [...layers].reverse() : layers) {
      const wanted = new Map(layer.map((box) => [box, mean(neighbours[box], x, x[box])]));
      layer.sort((one, other) => wanted.get(one) - wanted.get(other) || one - other);
      spread(layer, x, widths, (box) => wanted.get(box));
    }
  }
  const left = boxes.length ? Math.min(...boxes.map((_, box) => x[box] - widths[box] / 2)) : 0;
  const places = new Array(boxes.length);
  layers.forEach((layer, depth) => {
    for (const box of layer) {
      const y = depth * (BOX_HEIGHT + LAYER_GAP);
      places[box] = { x: x[box] - widths[box] / 2 - left, y, width: widths[box], height: BOX_HEIGHT };
    }
  });
  return places;
}

// A line between two boxes that no engine has routed: from the importer's lower edge to the imported's upper
// edge, or around its sides where it must go up.
function curve(from, to, spot) {
  const centre = (box) => box.x + box.width / 2;
  if (from.y + from.height <= to.y) {
    const start = [centre(from) + spot(from), from.y + from.height];
    const end = [centre(to) + spot(to), to.y - 2];
    const bend = Math.max(18, (end[1] - start[1]) * 0.4);
    return [start, [start[0], start[1] + bend], [end[0], end[1] - bend], end];
  }
  const side = centre(to) >= centre(from) ? 1 : -1;
  const start = [centre(from) + (side * from.width) / 2, from.y + from.height / 2];
  const end = [centre(to) + (side * to.width) / 2 + side * 2, to.y + to.height / 2];
  const out = side * Math.max(side * start[0], side * end[0]) + side * (30 + Math.abs(start[1] - end[1]) * 0.12);
  return [start, [out, start[1]], [out, end[1]], end];
}

// Boxes by the length of the longest way down to them; bundles go from lower to higher numbers only.
function layersOf(size, down) {
  const depth = new Int32Array(size);
  const below = Array.from({ length: size }, () => []);
  for (const { importer, imported } of down) below[importer].push(imported);
  for (let box = 0; box < size; box++) {
    for (const under of below[box]) depth[under] = Math.max(depth[under], depth[box] + 1);
  }
  const layers = [];
  depth.forEach((level, box) => {
    while (layers.length <= level) layers.push([]);
    layers[level].push(box);
  });
  return layers;
}

// No layer much wider than the picture is high: what stands in one layer does not depend on each other.
function wrappedLayers(layers, widths) {
  const total = widths.reduce((sum, width) => sum + width + BOX_GAP, 0);
  const most = Math.max(1100, Math.sqrt(total * (BOX_HEIGHT + LAYER_GAP)) * 1.6);
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

// Put the boxes of a layer as near to where they want to be as their order allows.
function spread(layer, x, widths, wanted) {
  const wishes = layer.map((box, place) => wanted(box, place));
  let edge = -Infinity;
  layer.forEach((box, place) => {
    x[box] = Math.max(wishes[place], edge + widths[box] / 2);
    edge = x[box] + widths[box] / 2 + BOX_GAP;
  });
  const drift = layer.reduce((sum, box, place) => sum + x[box] - wishes[place], 0) / Math.max(1, layer.length);
  for (const box of layer) x[box] -= drift;
}

function mean(neighbours, x, otherwise) {
  if (!neighbours.length) return otherwise;
  return neighbours.reduce((sum, neighbour) => sum + x[neighbour], 0) / neighbours.length;
}
