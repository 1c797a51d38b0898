/* The bar at the foot of the window: what is saved, what waits, what was found, and what can be done about it. */

import { LEVELS, agreed, base, emptied, made, root } from "./ask.js";
import { correction } from "./correction.js";


export class Bar {
  constructor(sheet, views) {
    this.sheet = sheet;
    this.views = views;
    this.status = made("p", { class: "edit-status", role: "status" });
    this.desk = made("a", { class: "edit-button edit-desk", href: base + (sheet.year ? `?year=${sheet.year}` : "") }, "工作台");
    this.waiting = this.button("", () => this.next());
    this.found = this.button("", () => this.toggle(), { "aria-expanded": "false", "aria-controls": "edit-found" });
    this.undo = this.button("撤销", () => sheet.step("undo"), { title: "Ctrl+Z" });
    this.redo = this.button("重做", () => sheet.step("redo"), { title: "Ctrl+Y" });
    this.zero = this.button("其余填 0", () => this.fill());
    this.enter = this.button("录入原件的合计", () => this.entering(), { "aria-pressed": "false" });
    this.correct = this.button("更正", () => correction(sheet));
    this.list = made("ol", { class: "edit-list" });
    this.panel = made("div", { id: "edit-found", class: "edit-found", role: "region", "aria-label": "查出的问题", tabindex: "0", hidden: true }, this.list);
    this.element = made(
      "section",
      { class: "edit-bar md-typeset", "aria-label": "编辑" },
      this.panel,
      made("div", { class: "edit-bar__row" }, this.desk, this.status, made("div", { class: "edit-bar__buttons" }, this.correct, this.waiting, this.found, this.undo, this.redo, this.zero, this.enter)),
    );
    document.body.append(this.element);
    document.documentElement.classList.add("edit-on");
    document.addEventListener("keydown", (event) => this.key(event));
    const entered = Object.keys(sheet.state.entered).length > 0;
    if (entered) this.entering();
    this.refresh();
  }

  button(text, click, more) {
    return made("button", { type: "button", class: "edit-button", click, ...more }, text);
  }

  refresh() {
    const { sheet } = this;
    const { state } = sheet;
    const bad = sheet.pending.size + sheet.conflicts.size;
    const about = state.frozen ? `正在更正${sheet.year}年的报告，改好以后点“登记更正”` : sheet.year ? `${sheet.year}年　${state.status === "published" ? "已公布" : "草稿"}` : "可以修改机关信息";
    let said = sheet.saved || about;
    if (bad) said = `${bad} 格没有写入，填的内容还在页面里`;
    if (sheet.busy) said = "正在保存…";
    if (sheet.trouble) said = sheet.trouble;
    if (sheet.locked && !sheet.trouble) said = sheet.registered || `${sheet.year}年的报告已经定稿公布，只能查看`;
    if (this.status.textContent !== said) this.status.textContent = said;
    this.element.classList.toggle("edit-bar--trouble", Boolean(sheet.trouble || bad));
    this.waiting.textContent = state.waiting ? `待填 ${state.waiting} 格` : "没有待填的格";
    this.waiting.disabled = !state.waiting;
    this.waiting.hidden = !sheet.year;
    this.found.hidden = !sheet.year;
    const counts = Object.keys(LEVELS)
      .map((level) => [level, this.listed().filter((one) => one.level === level).length])
      .filter(([, count]) => count)
      .map(([level, count]) => `${LEVELS[level]} ${count}`);
    this.found.textContent = counts.length ? counts.join("　") : "没有查出问题";
    this.undo.disabled = !state.undo;
    this.redo.disabled = !state.redo;
    this.undo.hidden = sheet.locked;
    this.redo.hidden = sheet.locked;
    this.undo.title = state.undo ? `撤销：${state.undo}（Ctrl+Z）` : "没有可以撤销的";
    this.redo.title = state.redo ? `重做：${state.redo}（Ctrl+Y）` : "没有可以重做的";
    this.zero.hidden = !state.waiting || sheet.locked;
    this.enter.hidden = sheet.locked || !this.views().length;
    this.correct.hidden = !state.frozen;
    this.correct.textContent = sheet.locked ? "更正" : "登记更正";
    this.show();
  }

  page(address) {
    const page = this.sheet.state.pages[address.split(".")[0]];
    return page ? `${page}#${address}` : "";
  }

  /* What was not written, what cannot be read and what was found, most serious first. */
  listed() {
    const { sheet } = this;
    const cell = (address, message) => ({ level: "error", rule: "", message, address, page: this.page(address), place: sheet.state.labels[address] || "" });
    return [
      ...Array.from(sheet.pending, ([address, one]) => cell(address, one.message)),
      ...Array.from(sheet.conflicts, ([address, one]) => cell(address, `这一格在别处改成了“${one.now}”，这里填的是“${one.text}”`)),
      ...sheet.findings,
    ];
  }

  show() {
    const found = this.listed();
    const key = JSON.stringify(found);
    if (this.shown === key) return;
    this.shown = key;
    emptied(
      this.list,
      ...found.map((one) => {
        const words = `${LEVELS[one.level]}${one.rule ? ` ${one.rule}` : ""}　${one.message}`;
        const target = one.page ? root + one.page : one.address ? `#${one.address}` : "";
        const link = target ? made("a", { href: target, click: (event) => this.lead(event, one) }, words) : words;
        return made("li", { class: `edit-line--${one.level}` }, link, made("span", { class: "edit-place" }, one.place));
      }),
    );
    if (!found.length) this.list.append(made("li", null, "没有查出问题。"));
  }

  lead(event, one) {
    if (this.sheet.leaders.some((leads) => leads(one))) {
      event.preventDefault();
      return;
    }
    const cell = one.address && document.getElementById(one.address);
    const input = cell && cell.querySelector("input:not([hidden])");
    if (!cell) return;
    event.preventDefault();
    if (input) input.focus();
    cell.scrollIntoView({ block: "center" });
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.found.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  next() {
    const inputs = Array.from(document.querySelectorAll(".edit-waiting input.edit-cell"));
    const active = document.activeElement;
    const after = inputs.find((input) => active && active.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING && this.views().some((view) => view.table.contains(active)));
    const input = after || inputs[0];
    if (input) {
      input.focus();
      input.scrollIntoView({ block: "center" });
      return;
    }
    const fields = document.querySelector("[data-fact=fee] summary");
    if (fields) fields.focus();
    else location.href = `${root}${this.sheet.year}/full.html`;
  }

  async fill() {
    const count = this.sheet.state.waiting;
    const yes = await agreed(
      "其余填 0",
      [made("p", null, `还有 ${count} 格待填，都填为 0。没有发生的才是 0；有发生的请先填好。可以一步撤销。`)],
      `把 ${count} 格填为 0`,
    );
    if (yes) await this.sheet.zeros();
  }

  entering() {
    const on = document.documentElement.classList.toggle("edit-entering");
    this.enter.setAttribute("aria-pressed", String(on));
    for (const view of this.views()) view.refresh();
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const active = document.activeElement;
    const cell = active && active.classList.contains("edit-cell");
    if (active && /^(?:INPUT|TEXTAREA|SELECT)$/.test(active.tagName) && (!cell || active.dataset.dirty)) return;
    const name = event.key.toLowerCase();
    if (name === "z" && !event.shiftKey) {
      event.preventDefault();
      this.sheet.step("undo");
    } else if (name === "y" || (name === "z" && event.shiftKey)) {
      event.preventDefault();
      this.sheet.step("redo");
    }
  }
}
