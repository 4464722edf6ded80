// Make elements of names, attributes and children. Text only ever becomes text: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

const element = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);
const shape = (name, attributes = {}, ...children) => filled(document.createElementNS(SVG, name), attributes, children);
const byId = (id) => document.getElementById(id);

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A button that does one of the page's actions, with a value.
function button(words, action, value, attributes = {}) {
  return element("button", { type: "button", "data-do": action, "data-value": value, ...attributes }, words);
}

// Give a node a class, and others as far as they hold.
function classed(node, name, flags = {}) {
  const words = [name, ...Object.keys(flags).filter((flag) => flags[flag])].join(" ");
  if (node.getAttribute("class") !== words) node.setAttribute("class", words);
}

const counted = (number, singular) => `${number.toLocaleString("en")} ${singular}${number === 1 ? "" : "s"}`;

// A text of at most `most` characters: the middle of a longer one is left out.
function shortened(text, most) {
  const letters = [...text];
  if (letters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${letters.slice(0, head).join("")}…${letters.slice(head + 1 - most).join("")}`;
}

const endsOf = ({ dependencies }, index) => [dependencies[index].importer, dependencies[index].imported];
const namesOf = (component, index) => endsOf(component, index).map((module) => component.modules[module].label).join(" → ");
