/* Cells of the statutory tables as inputs in their places, with the keys of a spreadsheet. */

import { LEVELS, emptied, made } from "./ask.js";
import { gridOf, neighbour } from "./grid.js";
import { copied, pasted } from "./paste.js";
import { shown } from "./sheet.js";

const PAUSE = 80; // Milliseconds without a key until totals are asked for.

export class Table {
  constructor(table, sheet) {
    this.table = table;
    this.sheet = sheet;
    this.grid = gridOf(table);
    this.inputs = new Map(); // Address to input.
    this.editing = false; // F2 or a double click: arrows move in the text.
    this.range = null; // First and last cell of what is selected beyond one cell.
    this.notes = new Map(); // Row to the row of notes below it.
    for (const [td] of this.grid.places) if (td.tagName === "TD" && td.id) this.open(td);
    table.classList.add("edit-table");
    // Heads that stay in sight while cells scroll below them would cover these in large type.
    table.classList.toggle("edit-tall", Boolean(table.tHead) && table.tHead.offsetHeight > innerHeight / 3);
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("copy", (event) => copied(this, event));
    table.addEventListener("paste", (event) => pasted(this, event));
    this.refresh();
  }

  static input(cell) {
    return cell.querySelector("input.edit-cell");
  }

  open(td) {
    const total = !this.sheet.is(td.id);
    if (total && !(td.id in this.sheet.state.totals)) return;
    const words = td.headers.split(" ").filter((id) => document.getElementById(id));
    const labelled = total ? { "aria-label": `${this.sheet.state.labels[td.id] || td.id}，原件印出的合计` } : { "aria-labelledby": words.join(" ") };
    const input = made("input", {
      class: total ? "edit-cell edit-cell--total" : "edit-cell",
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      "data-address": td.id,
      placeholder: total ? "原件" : "待填",
      ...labelled,
      focus: () => this.focused(input),
      blur: () => this.blurred(input),
      mousedown: (event) => this.pressed(event, input),
      dblclick: () => this.edit(input),
      input: () => this.typed(input),
      compositionstart: () => {
        this.inComposition = true;
      },
      compositionend: () => {
        this.inComposition = false;
        this.typed(input);
      },
    });
    const marks = Array.from(td.querySelectorAll("a.table-mark"));
    emptied(td, ...(total ? [made("span", { class: "edit-sum" })] : []), input, ...marks);
    td.classList.add("edit-open");
    this.inputs.set(td.id, input);
  }

  /* Show what the file says, what is typed, what is wrong. An input in which somebody types is left alone. */
  refresh() {
    const { sheet } = this;
    const totals = this.entering();
    for (const [address, input] of this.inputs) {
      const td = input.closest("td");
      const said = shown(sheet.said(address));
      const pending = sheet.pending.get(address);
      const conflict = sheet.conflicts.get(address);
      const here = document.activeElement === input && (input.dataset.dirty || this.composing);
      if (!here) {
        const text = pending ? pending.text : conflict ? conflict.text : said;
        if (input.value !== text) {
          const selected = document.activeElement === input && !this.editing;
          input.value = text;
          if (selected) input.select();
        }
      }
      input.readOnly = sheet.locked;
      td.classList.toggle("edit-waiting", !input.classList.contains("edit-cell--total") && sheet.said(address) === "待填" && !input.value);
      const sum = td.querySelector(".edit-sum");
      if (sum) {
        sum.textContent = this.live && address in this.live.totals ? this.live.totals[address] : sheet.state.totals[address];
        input.hidden = !totals && !input.value;
        const differ = this.live ? this.live.differ : sheet.state.differ;
        td.classList.toggle("edit-differ", differ.includes(address));
      }
    }
    this.note();
  }

  entering() {
    return document.documentElement.classList.contains("edit-entering");
  }

  /* Notes below the row of each cell: what was refused, conflicts, what rules found. */
  note() {
    const lines = new Map();
    const add = (address, level, words, extra) => {
      const td = document.getElementById(address);
      if (!td || !this.table.contains(td)) return;
      if (!lines.has(td)) lines.set(td, []);
      lines.get(td).push({ address, level, words, extra });
    };
    for (const [address, one] of this.sheet.pending) add(address, "error", one.message);
    for (const [address, one] of this.sheet.conflicts)
      add(address, "error", `这一格在别处改成了“${one.now}”，这里填的是“${one.text}”`, () => this.choices(address, one));
    for (const [address, message] of Object.entries(this.sheet.state.unread))
      if (!this.sheet.pending.has(address)) add(address, "error", message);
    for (const address of this.live ? [] : this.sheet.state.differ)
      add(address, "error", `原件的合计是 ${this.sheet.state.entered[address]}，各分项相加为 ${this.sheet.state.totals[address]}`);
    for (const finding of this.sheet.findings)
      if (finding.address && !this.sheet.pending.has(finding.address) && !(finding.address in this.sheet.state.unread) && !this.sheet.state.differ.includes(finding.address))
        add(finding.address, finding.level, finding.message);
    const rows = new Map();
    for (const [td, said] of lines) {
      const tr = td.parentElement;
      if (!rows.has(tr)) rows.set(tr, []);
      rows.get(tr).push([td, said]);
    }
    for (const [tr, row] of this.notes)
      if (!rows.has(tr)) {
        this.span(tr, -1);
        row.remove();
        this.notes.delete(tr);
      }
    for (const [address, input] of this.inputs) {
      const td = input.closest("td");
      const said = lines.get(td) || [];
      td.classList.toggle("edit-fault", said.some((one) => one.level === "error"));
      td.classList.toggle("edit-doubt", said.length > 0 && said.every((one) => one.level !== "error"));
      if (said.length) input.setAttribute("aria-describedby", `note:${address}`);
      else input.removeAttribute("aria-describedby");
      if (said.some((one) => one.level === "error")) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    for (const [tr, cells] of rows) {
      const row = this.notes.get(tr) || this.below(tr);
      const key = JSON.stringify(cells.map(([td, said]) => [td.id, said.map(({ level, words }) => [level, words])]));
      if (row.dataset.key === key) continue;
      row.dataset.key = key;
      const note = ([cell, said]) => made("div", { id: `note:${cell.id}`, class: "edit-note" }, ...said.map((one) => this.line(cell, one)));
      emptied(row.cells[0], ...cells.map(note));
    }
  }

  line(cell, { level, words, extra }) {
    const column = this.sheet.state.labels[cell.id] || "";
    const name = column.slice(column.lastIndexOf("，") + 1).slice(column.includes("，") ? 0 : column.lastIndexOf("：") + 1);
    const last = name.slice(name.lastIndexOf(" ") + 1);
    return made(
      "p",
      { class: `edit-line edit-line--${level}` },
      made("strong", null, `${LEVELS[level]}　`),
      name && !words.includes(`“${last}”`) ? `${name}：` : "",
      words,
      extra ? extra() : null,
    );
  }

  choices(address, one) {
    const mine = () => {
      this.sheet.state.typed[address] = one.now;
      this.sheet.write({ [address]: one.text });
    };
    const theirs = () => {
      this.sheet.conflicts.delete(address);
      if (this.sheet.is(address)) this.sheet.state.typed[address] = one.now;
      else this.sheet.state.entered[address] = one.now;
      this.inputs.get(address).dataset.dirty = "";
      this.sheet.tell();
    };
    return made(
      "span",
      { class: "edit-buttons" },
      made("button", { type: "button", class: "edit-button", click: mine }, `写入“${one.text}”`),
      made("button", { type: "button", class: "edit-button", click: theirs }, `保留“${one.now}”`),
    );
  }

  /* A row of notes below *tr*: headings that span on over it grow by a row. */
  below(tr) {
    const at = this.grid.trs.indexOf(tr);
    const spanning = new Set(this.grid.rows[at].filter((cell) => this.over(cell, at)));
    let covered = 0;
    for (const cell of spanning) covered += cell.colSpan;
    const head = Array.from(tr.cells).find((cell) => cell.tagName === "TH");
    const width = this.grid.rows[at].length - covered;
    const row = made("tr", { class: "edit-notes" }, made("td", { colspan: width, headers: head ? head.id : null }));
    this.span(tr, 1);
    tr.after(row);
    this.notes.set(tr, row);
    return row;
  }

  over(cell, row) {
    const at = this.grid.places.get(cell);
    return at.row + Number(cell.dataset.rowspan || cell.rowSpan) - 1 > row;
  }

  span(tr, by) {
    const at = this.grid.trs.indexOf(tr);
    for (const cell of new Set(this.grid.rows[at]))
      if (this.over(cell, at)) {
        if (!cell.dataset.rowspan) cell.dataset.rowspan = cell.rowSpan;
        cell.rowSpan += by;
      }
  }

  /* Typing. */

  focused(input) {
    this.editing = false;
    for (const last of document.querySelectorAll(".edit-last")) last.classList.remove("edit-last");
    input.classList.add("edit-last"); // Forms ask which cell was looked at.
    input.classList.remove("edit-cell--editing");
    input.select();
    this.uncover(input);
  }

  /* Scroll a cell out from below headings that stay in sight, and from below the bar. */
  uncover(input) {
    const box = input.getBoundingClientRect();
    const heads = Array.from(input.closest("tr").cells).filter((cell) => cell.tagName === "TH" && getComputedStyle(cell).position === "sticky");
    const edge = Math.max(0, ...heads.map((head) => head.getBoundingClientRect().right));
    if (box.left < edge) this.table.parentElement.scrollLeft -= edge - box.left + 4;
    const bar = document.querySelector(".edit-bar");
    const low = bar ? bar.getBoundingClientRect().top : innerHeight;
    if (box.bottom > low) scrollBy(0, box.bottom - low + 8);
  }

  blurred(input) {
    this.editing = false;
    input.classList.remove("edit-cell--editing");
    if (!this.moving) this.select(null);
    this.commit(input);
  }

  pressed(event, input) {
    if (event.button !== 0) return;
    if (event.shiftKey && this.active()) {
      event.preventDefault();
      this.select({ from: this.range ? this.range.from : this.active().closest("td"), to: input.closest("td") });
      return;
    }
    this.select(null);
    if (this.editing || input.dataset.dirty) return; // Only there a click sets the caret.
    event.preventDefault(); // Else the click would undo what focus selects.
    input.focus();
    input.select();
  }

  edit(input) {
    if (input.readOnly) return;
    this.editing = true;
    input.classList.add("edit-cell--editing");
  }

  active() {
    const input = document.activeElement;
    return input && this.table.contains(input) && input.classList.contains("edit-cell") ? input : null;
  }

  typed(input) {
    if (input.readOnly) return;
    input.dataset.dirty = "true";
    this.select(null);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.attempt(input), PAUSE);
  }

  async attempt(input) {
    if (this.composing || !input.dataset.dirty) return;
    const address = input.dataset.address;
    try {
      const live = await this.sheet.attempt({ [address]: input.value });
      if (!input.dataset.dirty) return;
      this.live = live;
      this.refresh();
    } catch {
      /* Saving says what is wrong. */
    }
  }

  commit(input) {
    clearTimeout(this.waiting);
    const address = input.dataset.address;
    if (!input.dataset.dirty) return;
    delete input.dataset.dirty;
    this.live = null;
    if (input.value === shown(this.sheet.said(address))) {
      this.sheet.pending.delete(address);
      this.sheet.conflicts.delete(address);
      this.sheet.tell();
      return;
    }
    this.sheet.write({ [address]: input.value });
  }

  /* The page is left: what was typed last is written. */
  leave() {
    for (const input of this.inputs.values()) if (input.dataset.dirty) this.commit(input);
  }

  back(input) {
    clearTimeout(this.waiting);
    const address = input.dataset.address;
    delete input.dataset.dirty;
    this.live = null;
    this.sheet.pending.delete(address);
    this.sheet.conflicts.delete(address);
    input.value = shown(this.sheet.said(address));
    input.select();
    this.editing = false;
    input.classList.remove("edit-cell--editing");
    this.sheet.tell();
  }

  get composing() {
    return this.inComposition === true;
  }

  key(event) {
    const input = event.target;
    if (!input.classList || !input.classList.contains("edit-cell") || event.isComposing || event.keyCode === 229) return;
    const td = input.closest("td");
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const plainly = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Enter" && plainly) {
      event.preventDefault();
      this.commit(input);
      this.editing = false;
      if (!this.move(td, event.shiftKey ? -1 : 1, 0)) input.select();
    } else if (event.key in moves && plainly && !this.editing) {
      event.preventDefault();
      const [down, right] = moves[event.key];
      if (event.shiftKey) this.extend(td, down, right);
      else this.move(td, down, right);
    } else if (event.key === "F2" && plainly) {
      event.preventDefault();
      if (this.editing) input.select();
      else input.setSelectionRange(input.value.length, input.value.length);
      this.editing = !this.editing;
      input.classList.toggle("edit-cell--editing", this.editing);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.range) this.select(null);
      else this.back(input);
    } else if ((event.key === "Delete" || event.key === "Backspace") && this.range && !input.readOnly) {
      event.preventDefault();
      const texts = {};
      for (const cell of this.chosen()) if (this.inputs.has(cell.id)) texts[cell.id] = "";
      this.sheet.write(texts);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && !this.editing) {
      event.preventDefault();
      const cells = Array.from(this.inputs.values(), (each) => each.closest("td"));
      const open = cells.filter((cell) => cell.id in this.sheet.state.typed || cell.id in this.sheet.state.totals);
      this.select({ from: open[0], to: open[open.length - 1] });
    }
  }

  usable(cell) {
    const input = Table.input(cell);
    return Boolean(input) && !input.hidden;
  }

  move(td, down, right) {
    const next = neighbour(this.grid, td, down, right, (cell) => this.usable(cell));
    if (!next) return false;
    this.select(null);
    Table.input(next).focus();
    return true;
  }

  extend(td, down, right) {
    const range = this.range || { from: td, to: td };
    const to = neighbour(this.grid, range.to, down, right, (cell) => this.inputs.has(cell.id));
    if (to) this.select({ from: range.from, to });
  }

  /* Cells between the corners of the range, in rows. */
  block() {
    if (!this.range) return [];
    const [one, other] = [this.grid.places.get(this.range.from), this.grid.places.get(this.range.to)];
    const rows = [];
    for (let row = Math.min(one.row, other.row); row <= Math.max(one.row, other.row); row += 1) {
      const cells = [];
      for (let column = Math.min(one.column, other.column); column <= Math.max(one.column, other.column); column += 1) {
        const cell = this.grid.rows[row] && this.grid.rows[row][column];
        if (cell && this.inputs.has(cell.id) && !cells.includes(cell)) cells.push(cell);
      }
      if (cells.length) rows.push(cells);
    }
    return rows;
  }

  chosen() {
    return this.block().reduce((all, row) => all.concat(row), []);
  }

  select(range) {
    if (!range && !this.range) return;
    this.range = range;
    const chosen = new Set(this.chosen());
    for (const input of this.inputs.values()) input.closest("td").classList.toggle("edit-chosen", chosen.has(input.closest("td")));
  }
}
