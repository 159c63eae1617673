/** @typedef {Node | string | number | null} Child */

/**
 * Makes an element. Strings become text, never markup: most of them were written by clients.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]> & { role?: string }} properties
 * @param {readonly Child[]} children null is left out.
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, properties = {}, children = []) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  for (const child of children) if (child !== null) element.append(asNode(child));
  return element;
}

/** @param {Node | string | number} child */
function asNode(child) {
  return child instanceof Node ? child : String(child);
}

/**
 * A name or a text amid others, which keep their order where it is written from right to left.
 *
 * @param {string} text
 */
export function isolated(text) {
  return el("bdi", {}, [text]);
}

/**
 * Parts with a comma between each two.
 *
 * @param {readonly (readonly Child[])[]} parts
 */
export function listed(parts) {
  return parts.flatMap((part, at) => (at === 0 ? part : [", ", ...part]));
}

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {boolean} [number] Its cells are figures.
 * @property {boolean} [head] Its cells say what their rows are of.
 */

/**
 * A table with a heading for each column; it scrolls by itself where the page is narrow.
 *
 * @param {readonly Column[]} columns
 * @param {readonly (readonly Child[])[]} rows
 * @param {string} none What is said where there are no rows.
 */
export function table(columns, rows, none) {
  if (rows.length === 0) return el("p", { className: "none" }, [none]);
  const heads = columns.map(({ title, number }) =>
    el("th", { scope: "col", className: classOf(number) }, [title]),
  );
  const lines = rows.map((cells) =>
    el(
      "tr",
      {},
      cells.map((cell, at) => cellOf(cell, columns[at])),
    ),
  );
  const whole = el("table", {}, [el("thead", {}, [el("tr", {}, heads)]), el("tbody", {}, lines)]);
  return el("div", { className: "scroll" }, [whole]);
}

/** @param {Child} cell @param {Column} [column] */
function cellOf(cell, { number, head } = { title: "" }) {
  if (head) return el("th", { scope: "row" }, [cell]);
  return el("td", { className: classOf(number) }, [cell]);
}

/** @param {boolean} [isNumber] */
function classOf(isNumber) {
  return isNumber ? "number" : "";
}

/**
 * Names with their values, one a line.
 *
 * @param {readonly (readonly [string, Child])[]} entries
 */
export function facts(entries) {
  const lines = entries
    .filter(([, value]) => value !== null && value !== "")
    .flatMap(([name, value]) => [el("dt", {}, [name]), el("dd", {}, [value])]);
  return el("dl", {}, lines);
}

/**
 * @param {string} title
 * @param {readonly Child[]} children
 */
export function section(title, children) {
  return el("section", {}, [el("h2", {}, [title]), ...children]);
}

/**
 * A bar whose length is a share.
 *
 * @param {number} share 0..1
 * @param {string} [kind] CSS class
 */
export function bar(share, kind = "") {
  const filled = el("span", { className: `filled ${kind}` });
  filled.style.width = `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  return el("span", { className: "bar" }, [filled]);
}
