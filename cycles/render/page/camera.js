// A drawing in an SVG that can be looked at in parts, with wheel, pointer, two fingers, buttons and keys: by the point
// in the middle of the room and the scale, or all of it as long as nobody has chosen a part.

const LEAST_SCALE = 0.03;
const MOST_SCALE = 6;
const LARGEST_FIT = 1.6;

// What `targetOf` finds under the pointer is told to `actions`. Below the scale `far` small texts cannot be read.
function makeStage(host, { name, far, targetOf, actions }) {
  const world = shape("g");
  const svg = shape("svg", { class: name, role: "group", tabindex: "0" }, world);
  host.append(svg);
  const pointers = new Map();
  let size = { width: 1, height: 1 };
  let chosen = null;
  let moved = 0;

  const bounded = (at, least, most) => Math.min(most, Math.max(least, at));
  const room = () => svg.getBoundingClientRect();
  const fitting = ({ width, height }) => bounded(Math.min((width - 32) / size.width, (height - 32) / size.height), LEAST_SCALE, LARGEST_FIT);
  const now = (area) => chosen || { x: size.width / 2, y: size.height / 2, scale: fitting(area) };
  const apply = () => {
    const area = room();
    if (!area.width) return;
    const { x, y, scale } = now(area);
    world.setAttribute("transform", `translate(${area.width / 2 - x * scale} ${area.height / 2 - y * scale}) scale(${scale})`);
    svg.setAttribute("viewBox", `0 0 ${area.width} ${area.height}`); // paper is smaller than the screen
    svg.classList.toggle("far", scale < far);
  };
  const choose = (part) => {
    chosen = part;
    apply();
  };
  // Never so far that nothing of the drawing is seen: the middle of the room shows some of it.
  const look = (x, y, scale) => {
    choose({ x: bounded(x, 0, size.width), y: bounded(y, 0, size.height), scale: bounded(scale, LEAST_SCALE, MOST_SCALE) });
    actions.looked();
  };
  const zoomAt = (factor, across, down) => {
    const area = room();
    const { x, y, scale } = now(area);
    const shift = 1 / scale - 1 / bounded(scale * factor, LEAST_SCALE, MOST_SCALE);
    look(x + (across - area.left - area.width / 2) * shift, y + (down - area.top - area.height / 2) * shift, scale * factor);
  };
  const pan = (across, down) => {
    const { x, y, scale } = now(room());
    look(x - across / scale, y - down / scale, scale);
  };

  const listen = (kind, heard, options) => svg.addEventListener(kind, heard, options);
  const turn = (event) => zoomAt(Math.exp(event.deltaY * (event.deltaMode === 1 ? 16 : 1) * -0.0015), event.clientX, event.clientY);
  listen("wheel", (event) => (event.preventDefault(), turn(event)), { passive: false });
  listen("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = 0;
  });
  listen("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const [other] = [...pointers].filter(([pointer]) => pointer !== event.pointerId).map(([, spot]) => spot);
    const after = [event.clientX, event.clientY];
    const step = [after[0] - before[0], after[1] - before[1]];
    moved += Math.abs(step[0]) + Math.abs(step[1]);
    pointers.set(event.pointerId, after);
    if (moved <= 4) return;
    svg.setPointerCapture(event.pointerId);
    const apart = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
    if (other) zoomAt(apart(after) / apart(before), ...other);
    else pan(...step);
  });
  for (const kind of ["pointerup", "pointercancel"]) listen(kind, (event) => pointers.delete(event.pointerId));
  listen("pointermove", (event) => pointers.size || actions.hover(targetOf(event)));
  listen("pointerleave", () => actions.hover(null));
  // A pointer that was released after it had dragged has not clicked.
  listen("click", (event) => moved > 4 || actions.select(targetOf(event)));
  listen("dblclick", (event) => actions.activate(targetOf(event)));
  new ResizeObserver(apply).observe(svg);
  return {
    svg,
    world,
    pan,
    zoom(factor) {
      const area = room();
      zoomAt(factor, area.left + area.width / 2, area.top + area.height / 2);
    },
    fit() {
      choose(null);
      actions.looked();
    },
    // A drawing of another size.
    resize(width, height) {
      size = { width: Math.max(1, width), height: Math.max(1, height) };
      apply();
    },
    centre: (x, y) => look(x, y, Math.max(0.8, now(room()).scale)),
    // What somebody chose to look at, null for all; and the way back there.
    chosen: () => chosen,
    choose,
  };
}
