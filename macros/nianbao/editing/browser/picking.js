/* A figure for the text is picked in the year's tables: by a click, or with arrows and Enter. */

import { ask, dialogue, made } from "./ask.js";
import { gridOf, neighbour } from "./grid.js";

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/* The frame of a table whose cells with a figure in *known*, by address, are buttons that call *take*;
   the *first* table has the focus when it is shown. */
const pickable = (html, known, take, first) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const frame = document.importNode(parsed.body.firstElementChild, true);
  const buttons = [];
  for (const cell of frame.querySelectorAll("td[id]")) {
    const figure = known.get(cell.id);
    if (!figure) continue;
    const button = made("button", { type: "button", class: "edit-pick", tabindex: "-1", "aria-label": `${figure.name}，${figure.value}`, click: () => take(figure) }, cell.textContent);
    cell.textContent = "";
    cell.append(button);
    buttons.push(button);
  }
  const caption = frame.querySelector("caption");
  frame.setAttribute("aria-label", caption ? caption.textContent : "");
  // The page may show the same table: names within a page are there once.
  for (const part of [frame, ...frame.querySelectorAll("[id], [headers], [aria-labelledby]")])
    for (const name of ["id", "headers", "aria-labelledby"]) part.removeAttribute(name);
  if (buttons.length) {
    buttons[0].tabIndex = 0;
    buttons[0].autofocus = first;
  }
  const grid = gridOf(frame.querySelector("table"));
  frame.addEventListener("keydown", (event) => {
    if (!(event.key in MOVES) || !buttons.includes(event.target)) return;
    event.preventDefault();
    const next = neighbour(grid, event.target.closest("td"), ...MOVES[event.key], (cell) => Boolean(cell.querySelector(".edit-pick")));
    if (!next) return;
    for (const button of buttons) button.tabIndex = -1;
    const button = next.querySelector(".edit-pick");
    button.tabIndex = 0;
    button.focus();
  });
  return frame;
};

/* Let somebody pick one of *figures* in the tables of *year*; gives null where they do not. */
export const picked = async (year, figures) => {
  const { tables } = await ask("GET", `tables/${year}`);
  const known = new Map(figures.map((one) => [one.address, one]));
  return dialogue("从表里取数", (close) => [
    made("p", null, "点一下要放进文字里的数；用键盘时，按方向键移动，按回车选定，按 Tab 到下一张表。"),
    ...Object.values(tables).map((html, index) => pickable(html, known, close, index === 0)),
    made("p", { class: "edit-buttons" }, made("button", { type: "button", class: "edit-button", click: () => close(null) }, "取消")),
  ], "edit-dialog--wide");
};
