// Make the lists of cuts: the plan, and every cut ranked. A row is made once; a cut changes its words only.

// A list in `host`, of rows: a cut, what stands before it, and what it comes to.
function makeList(host) {
  let made = new Map();
  let shown = null;
  return {
    show(component, rowsOf) {
      if (shown === component) return;
      shown = component;
      made = new Map(rowsOf(component).map((row) => [row.cut, cutRow(component, row)]));
      host.replaceChildren(...made.values());
    },
    update({ component, cuts }, { query, chosen }) {
      const wanted = query.trim().toLowerCase();
      for (const [cut, row] of made) {
        const { importer, imported, makes } = component.cuts[cut];
        marked(row, cuts.has(cut));
        row.hidden = wanted !== "" && !`${importer} ${imported}`.toLowerCase().includes(wanted);
        row.classList.toggle("chosen", makes.includes(chosen));
      }
    },
    // Scroll the list, and nothing around it, to where a row can be seen.
    scrollTo(selector) {
      const [room, row] = [host, host.querySelector(selector)].map((node) => node?.getBoundingClientRect());
      if (row && (row.top < room.top || row.bottom > room.bottom)) host.scrollTop += row.top - room.top;
    },
  };
}

const planRows = ({ plan, steps }) => plan.map((cut, place) => ({ cut, number: place + 1, words: steps[place] }));
const rankedRows = ({ cuts }) => cuts.map(({ alone, step }, cut) => ({ cut, number: step ? `#${step}` : "", words: alone }));

// One thing that a person can do: a button that makes or restores it, how, and its statements.
function cutRow(component, { cut, number, words }) {
  const { importer, imported, makes, reexport, how, statements } = component.cuts[cut];
  const what = element(
    "div",
    { class: "what" },
    button(`${importer} → ${imported}`, "choose", makes[0], { class: "link pair" }),
    reexport ? element("span", { class: "note" }, "re-export: whoever takes the name from the package must change") : null,
    how ? element("span", { class: "how" }, how) : null,
    element("ul", { class: "statements" }, ...statements.map(statementItem)),
    words ? element("span", { class: "after" }, words) : null,
  );
  return element("li", { class: "row", "data-cut": cut }, number === undefined ? null : element("span", { class: "number" }, number), what, button("", "toggleCut", cut, { class: "cut", "data-cut": cut }));
}

function marked(row, made) {
  const words = made ? "Restore" : "Cut";
  if (row.lastChild.textContent === words) return row;
  row.classList.toggle("made", made);
  row.lastChild.textContent = words;
  row.lastChild.setAttribute("aria-label", `${words} ${row.querySelector(".pair").textContent}`);
  return row;
}

function statementItem({ place, url, source, notes }) {
  return element("li", {}, linked(place, url), notes ? element("span", { class: "note" }, notes) : null, element("code", {}, source));
}

// A place in the code, as a link where the page was made with addresses.
function linked(text, url) {
  if (!url) return element("span", { class: "place" }, text);
  return element("a", { class: "place", href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}
