// Move and scale a drawing in an SVG with wheel, pointer, two fingers, buttons and keys.

const LEAST_SCALE = 0.05;
const MOST_SCALE = 6;
const FAR_SCALE = 0.4; // labels of lines cannot be read any more

function camera(svg, world) {
  const at = { x: 0, y: 0, scale: 1 };
  const pointers = new Map();
  let moved = 0;

  const apply = () => {
    world.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${at.scale})`);
    svg.classList.toggle("far", at.scale < FAR_SCALE);
  };
  const zoomAt = (factor, x, y) => {
    const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, at.scale * factor));
    at.x = x - ((x - at.x) * scale) / at.scale;
    at.y = y - ((y - at.y) * scale) / at.scale;
    at.scale = scale;
    apply();
  };
  const pan = (x, y) => {
    at.x += x;
    at.y += y;
    apply();
  };
  const fit = (width, height) => {
    const room = svg.getBoundingClientRect();
    if (!room.width || !width || !height) return;
    at.scale = Math.min(1.6, (room.width - 32) / width, (room.height - 32) / height);
    at.scale = Math.max(LEAST_SCALE, at.scale);
    at.x = (room.width - width * at.scale) / 2;
    at.y = Math.max(16, (room.height - height * at.scale) / 2);
    apply();
  };
  const centre = (x, y) => {
    const room = svg.getBoundingClientRect();
    at.scale = Math.max(at.scale, 0.8);
    at.x = room.width / 2 - x * at.scale;
    at.y = room.height / 2 - y * at.scale;
    apply();
  };

  svg.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const room = svg.getBoundingClientRect();
      const lines = event.deltaMode === 1 ? 16 : 1;
      zoomAt(Math.exp(-event.deltaY * lines * 0.0015), event.clientX - room.left, event.clientY - room.top);
    },
    { passive: false },
  );
  svg.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const others = [...pointers].filter(([pointer]) => pointer !== event.pointerId).map(([, spot]) => spot);
    const step = [event.clientX - before[0], event.clientY - before[1]];
    moved += Math.abs(step[0]) + Math.abs(step[1]);
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (moved <= 4) return;
    svg.setPointerCapture(event.pointerId);
    if (others.length) {
      const room = svg.getBoundingClientRect();
      const apart = ([x, y]) => Math.hypot(x - others[0][0], y - others[0][1]) || 1;
      zoomAt(apart([event.clientX, event.clientY]) / apart(before), others[0][0] - room.left, others[0][1] - room.top);
    } else {
      pan(...step);
    }
  });
  const leave = (event) => pointers.delete(event.pointerId);
  svg.addEventListener("pointerup", leave);
  svg.addEventListener("pointercancel", leave);
  return {
    fit,
    pan,
    centre,
    zoom(factor) {
      const room = svg.getBoundingClientRect();
      zoomAt(factor, room.width / 2, room.height / 2);
    },
    // Whether the pointer that is now released has dragged: then it has not clicked.
    dragged: () => moved > 4,
  };
}
