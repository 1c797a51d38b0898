/* Paragraphs and lists of a section in text areas, in their places; figures from the data are tokens ⟦…⟧. */

import { Refused, ask, emptied, made } from "./ask.js";

/* What a paragraph shows: tokens as their values, without what Markdown needs and readers do not see. */
const visible = (shown) =>
  shown
    .replace(/⟦[^⟦⟧＝]*＝([^⟦⟧]*)⟧/g, "$1")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^(?:[-*+]|[0-9]{1,3}[.)]) +/gm, "")
    .replace(/[*_`\\]/g, "")
    .replace(/\s+/g, "");

const text = (element) => element.textContent.replace(/[*_`\\]/g, "").replace(/\s+/g, "");

class Box {
  constructor(words, index, shown) {
    Object.assign(this, { words, index, old: shown });
    const id = `edit-words-${index}`;
    this.area = made("textarea", { id, class: "edit-input edit-area", rows: "3", input: () => this.grow(), keydown: (event) => this.key(event) });
    this.area.value = shown;
    this.status = made("p", { id: `${id}-status`, class: "edit-form-status", role: "status" });
    this.area.setAttribute("aria-describedby", this.status.id);
    this.label = made("label", { for: id }, "这一段的文字；⟦…⟧是数据里的数，不要拆开，可以整个移动、复制或删去：");
    const chosen = made("input", { id: `${id}-figure`, type: "text", class: "edit-input", list: "edit-figures", autocomplete: "off" });
    const put = made("button", { type: "button", class: "edit-button", click: () => this.put(chosen) }, "插入");
    this.details = made(
      "details",
      { class: "edit-part edit-facts edit-words", toggle: () => this.grow() },
      made("summary", { "aria-label": `修改这一段：${shown.slice(0, 20)}` }, "修改这一段"),
      this.label,
      this.area,
      made("p", { class: "edit-put" }, made("label", { for: chosen.id }, "插入数据里的一个数："), chosen, put),
      made(
        "p",
        { class: "edit-buttons" },
        made("button", { type: "button", class: "edit-button edit-button--main", click: () => this.save() }, "保存"),
        made("button", { type: "button", class: "edit-button", click: () => this.back() }, "还原"),
      ),
      this.status,
    );
    this.unlock();
  }

  get dirty() {
    return this.area.value !== this.old;
  }

  unlock() {
    const shut = this.words.locked;
    for (const control of this.details.querySelectorAll("textarea, input, button")) control.disabled = shut;
    if (shut) this.status.textContent = "本年度的报告已经定稿公布，只能查看；确需更正的，先点页面下方的“更正”。";
    else if (this.shut) this.status.textContent = "";
    this.shut = shut;
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + 4}px`;
  }

  key(event) {
    if (event.isComposing || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.save();
  }

  /* Put the figure whose name is chosen where the caret was. */
  put(chosen) {
    const name = chosen.value.trim();
    if (!this.words.figures.has(name)) {
      this.status.textContent = "没有这个数；请写几个字，再从列出的里面选一个";
      chosen.focus();
      return;
    }
    chosen.value = "";
    this.status.textContent = "";
    this.area.setRangeText(`⟦${name}＝${this.words.figures.get(name)}⟧`, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.focus();
    this.grow();
  }

  back() {
    this.area.value = this.old;
    this.area.removeAttribute("aria-invalid");
    this.status.textContent = "";
    this.grow();
  }

  async save() {
    if (!this.dirty) {
      this.status.textContent = "没有改动";
      return;
    }
    const where = String(this.index);
    const change = { where, old: this.old, new: this.area.value };
    try {
      const answer = await ask("PUT", this.words.path, { changes: [change], correcting: this.words.sheet.correcting });
      this.area.removeAttribute("aria-invalid");
      if (where in answer.faults) {
        this.area.setAttribute("aria-invalid", "true");
        emptied(this.status, made("strong", { class: "edit-line--error" }, "错误　"), answer.faults[where]);
      } else if (where in answer.conflicts) this.conflict(answer.conflicts[where]);
      else {
        const now = answer.boxes[this.index];
        this.old = now && !now.fixed ? now.shown : change.new;
        this.area.value = this.old;
        this.grow();
        this.status.textContent = "已保存；页面稍后更新";
        await this.words.sheet.load();
        this.words.sheet.judge();
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.status.textContent = error.message;
    }
  }

  conflict(now) {
    const mine = () => {
      this.old = now;
      this.save();
    };
    const theirs = () => {
      this.old = now;
      this.back();
    };
    emptied(
      this.status,
      "这一段在别处改过，没有保存。现在是：",
      made("q", null, now),
      made("button", { type: "button", class: "edit-button", click: mine }, "写入这里写的"),
      made("button", { type: "button", class: "edit-button", click: theirs }, "换成文件里的"),
    );
  }
}

class Words {
  constructor(page, year, sheet) {
    this.path = `words/${year}/${page.slice(5, -5)}`;
    this.sheet = sheet;
    this.boxes = [];
    sheet.listen(() => this.boxes.forEach((box) => box.shut && box.unlock()));
  }

  get locked() {
    return this.frozen && !this.sheet.correcting;
  }

  /* Boxes for what the page says now; those in which something was typed stay. */
  async load() {
    const answer = await ask("GET", this.path);
    this.frozen = answer.frozen;
    this.figures = new Map(answer.figures);
    const options = answer.figures.map(([name, value]) => made("option", { value: name }, value));
    const known = document.getElementById("edit-figures");
    if (known) known.remove();
    document.body.append(made("datalist", { id: "edit-figures" }, ...options));
    const kept = this.boxes.filter((box) => box.dirty);
    for (const box of this.boxes) if (!kept.includes(box)) box.details.remove();
    this.boxes = [];
    answer.boxes.forEach(({ shown, fixed }, index) => {
      if (fixed) return;
      const same = kept.find((box) => box.old === shown);
      if (same) same.index = index;
      this.boxes.push(same || new Box(this, index, shown));
    });
    for (const box of kept) if (!this.boxes.includes(box)) this.boxes.push(box); // Saving tells what became of it.
    this.place();
  }

  place() {
    const article = document.querySelector("article");
    const heading = article && article.querySelector("h1");
    if (!heading) return;
    const elements = Array.from(article.children).filter((element) => /^(?:P|OL|UL)$/.test(element.tagName));
    let from = 0;
    for (const box of this.boxes) {
      const wanted = visible(box.old);
      const at = elements.findIndex((element, index) => index >= from && text(element) === wanted);
      if (at >= 0) from = at + 1;
      const before = at >= 0 ? elements[at] : from ? elements[from - 1] : heading;
      const last = before.nextElementSibling && before.nextElementSibling.classList.contains("edit-words") ? before.nextElementSibling : before;
      if (box.details.previousElementSibling !== last) last.after(box.details);
    }
  }
}

export const offerWords = async (page, year, sheet) => {
  const nothing = { busy: () => false, unsaved: () => false, replace: async () => {} };
  if (!year || !/^[0-9]{4}\/[1-9]-[a-z]+\.html$/.test(page)) return nothing;
  const words = new Words(page, year, sheet);
  const load = () =>
    words.load().catch((error) => {
      if (!(error instanceof Refused)) throw error; // What is wrong with the page is told in its place.
    });
  await load();
  addEventListener("beforeunload", (event) => {
    if (!words.boxes.some((box) => box.dirty)) return;
    event.preventDefault();
    event.returnValue = ""; // What browsers before 2023 ask for.
  });
  return {
    busy: () => words.boxes.some((box) => box.details.contains(document.activeElement) && box.details.open),
    unsaved: () => words.boxes.some((box) => box.dirty),
    replace: load,
  };
};
