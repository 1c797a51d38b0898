/* Paragraphs and lists of a section in text areas, in their places; figures from the data are tokens ⟦…⟧.
   Beside them stand what the section has to say, last year's words, and what was found. */

import { LEVELS, Refused, SHUT, ask, emptied, guarded, made, remember, remembered } from "./ask.js";
import { picked } from "./picking.js";

const PAUSE = 400; // Milliseconds without a key until likeness is asked for.
const PROMPT = "〔提示〕";
const WIDE = "(min-width: 60em)";

/* What a paragraph shows: tokens as their values, without what Markdown needs and readers do not see. */
const visible = (shown) =>
  shown
    .replace(/⟦[^⟦⟧＝]*＝([^⟦⟧]*)⟧/g, "$1")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^(?:[-*+]|[0-9]{1,3}[.)]) +/gm, "")
    .replace(/[*_`\\]/g, "")
    .replace(/\s+/g, "");

/* Words without the values of their tokens, which are the data's. */
const unvalued = (words) => words.replace(/⟦([^⟦⟧＝]*)＝[^⟦⟧]*⟧/g, "⟦$1⟧");

const text = (element) => element.textContent.replace(/[*_`\\]/g, "").replace(/\s+/g, "");

/* A heading without its number and year, and how many of its pairs of characters another has too. */
const bare = (heading) => heading.replace(/^[（(][一二三四五六七八九十]+[）)]|[0-9]+年/g, "");
const shared = (one, other) => {
  const [a, b] = [bare(one), bare(other)];
  let count = 0;
  for (let at = 0; at + 2 <= a.length; at += 1) if (b.includes(a.slice(at, at + 2))) count += 1;
  return count;
};

/* What last year's report says in the section; sentences that are typed again can be marked. */
class Before {
  constructor({ year, parts }, heading, id) {
    this.sentences = [];
    const best = parts.reduce((found, part) => (shared(part.heading, heading) > (found ? shared(found.heading, heading) : 0) ? part : found), null);
    const said = (part) => {
      const paragraphs = part.paragraphs.map((sentences) => {
        const spans = sentences.map((sentence) => made("span", null, sentence));
        this.sentences.push(...spans);
        return made("p", null, ...spans);
      });
      const element = made("div", null, part.heading ? made("p", { class: "edit-before__heading" }, part.heading) : null, ...paragraphs);
      if (part === best) this.best = element;
      return element;
    };
    this.words = made("div", { id, class: "edit-before__words", role: "region", tabindex: "0", "aria-label": `${year}年这一部分的文字` }, ...parts.map(said));
    this.button = made("button", { type: "button", class: "edit-button", "aria-controls": id, click: () => this.show(this.words.hidden) }, `上年（${year}年）这一部分的文字`);
    this.element = made("div", { class: "edit-before" }, this.button, this.words);
    this.show(matchMedia(WIDE).matches);
  }

  show(open) {
    this.words.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open && this.best) this.words.scrollTop = this.best.offsetTop;
  }

  mark(repeated) {
    for (const span of this.sentences) span.classList.toggle("edit-repeated", repeated.includes(span.textContent));
  }
}

class Box {
  constructor(words, index, said) {
    Object.assign(this, { words, index, old: said.shown });
    // A prompt is no part of the report: it stands above, and what is typed takes its place.
    const alone = said.shown.startsWith(PROMPT) && !said.shown.includes("\n");
    this.base = alone ? "" : said.shown;
    const wanted = [...new Set([...(alone ? [said.shown.slice(PROMPT.length)] : []), ...said.wanted])];
    const id = `edit-words-${index}`;
    this.area = made("textarea", { id, class: "edit-input edit-area", rows: "3", input: () => this.typed(), keydown: (event) => this.key(event) });
    this.area.value = this.base;
    this.status = made("p", { id: `${id}-status`, class: "edit-form-status", role: "status" });
    this.area.setAttribute("aria-describedby", `${id}-wanted ${this.status.id}`);
    this.repeated = made("div", { class: "edit-like", "aria-live": "polite" });
    this.before = words.before ? new Before(words.before, said.heading, `${id}-before`) : null;
    const chosen = made("input", { id: `${id}-figure`, type: "text", class: "edit-input", list: "edit-figures", autocomplete: "off" });
    const button = (name, click, main) => made("button", { type: "button", class: main ? "edit-button edit-button--main" : "edit-button", click }, name);
    const writing = made(
      "div",
      { class: "edit-writing" },
      made("ul", { id: `${id}-wanted`, class: "edit-wanted", "aria-label": "这里应当写的" }, ...wanted.map((one) => made("li", null, one))),
      made("label", { for: id }, "这一段的文字；⟦…⟧是数据里的数，不要拆开，可以整个移动、复制或删去："),
      this.area,
      made("p", { class: "edit-put" }, made("label", { for: chosen.id }, "插入数据里的一个数："), chosen, button("插入", () => this.choose(chosen)), button("从表里取数", () => this.pick())),
      made("p", { class: "edit-buttons" }, button("保存", () => this.save(), true), button("还原", () => this.back()), button("加小标题", () => this.head()), alone ? button("不写这一段", () => this.save(true)) : null),
      this.status,
      this.repeated,
    );
    const name = this.base ? "修改这一段" : "写这一段";
    this.details = made(
      "details",
      { class: "edit-part edit-facts edit-words", toggle: () => this.opened() },
      made("summary", { "aria-label": `${name}：${(this.base || said.heading).slice(0, 20)}` }, name),
      made("div", { class: "edit-columns" }, writing, this.before ? this.before.element : null),
    );
    this.found = made("div", { class: "edit-part edit-sentences", hidden: true });
    this.unlock();
    const unsaved = words.unsaved.get(index);
    if (unsaved) {
      this.old = unsaved.old;
      this.area.value = unsaved.text;
      this.details.open = true;
      this.status.textContent = "上次没有保存的文字放回了这里";
    }
  }

  get dirty() {
    return this.area.value !== this.base;
  }

  remove() {
    this.details.remove();
    this.found.remove();
  }

  /* A figure in these words has changed. */
  renew(words) {
    this.old = words;
    this.base = words;
    this.area.value = words;
  }

  unlock() {
    const shut = this.words.locked;
    for (const control of this.details.querySelectorAll("textarea, input, .edit-writing button")) control.disabled = shut;
    if (shut) this.status.textContent = SHUT;
    else if (this.shut) this.status.textContent = "";
    this.shut = shut;
  }

  opened() {
    this.grow();
    if (!this.details.open) return;
    if (this.before) this.before.show(!this.before.words.hidden);
    this.compare();
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + 4}px`;
  }

  typed() {
    this.grow();
    this.words.keep();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.compare(), PAUSE);
  }

  /* Tell which sentences are last year's, as they stand in the text area. */
  async compare() {
    if (!this.before) return;
    const typed = this.area.value;
    const answer = await ask("POST", this.words.path.replace("words", "likeness"), { text: typed }).catch(() => null);
    if (!answer || this.area.value !== typed) return;
    this.before.mark(answer.sentences.map((one) => one.before));
    const line = ({ start, end, share }) => {
      const words = typed.slice(start, end).trim();
      const shown = words.length > 40 ? `${words.slice(0, 40)}…` : words;
      return made("li", null, made("button", { type: "button", class: "edit-sentence", click: () => this.select(start, end) }, `与上年 ${share}% 相同：${shown}`));
    };
    emptied(this.repeated, ...(answer.sentences.length ? [made("p", null, `有 ${answer.sentences.length} 句与上年报告相同，请写本年的情况：`), made("ul", { class: "edit-list" }, ...answer.sentences.map(line))] : []));
  }

  select(start, end) {
    this.details.open = true;
    this.area.focus();
    this.area.setSelectionRange(start, end);
    this.area.scrollIntoView({ block: "center" });
  }

  /* Show what was found in the sentences of this paragraph; each leads to its sentence. */
  note(findings) {
    const key = JSON.stringify(findings);
    if (this.noted === key) return;
    this.noted = key;
    const line = (one) =>
      made(
        "p",
        { class: `edit-line edit-line--${one.level}` },
        made("button", { type: "button", class: "edit-sentence", click: () => this.lead(one) }, made("strong", null, `${LEVELS[one.level]} ${one.rule}　`), one.message),
      );
    emptied(this.found, ...findings.map(line));
    this.found.hidden = !findings.length;
  }

  lead({ sentence }) {
    const at = this.area.value.indexOf(sentence);
    this.select(Math.max(at, 0), at < 0 ? this.area.value.length : at + sentence.length);
  }

  key(event) {
    if (event.isComposing || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.save();
  }

  /* Put the figure whose name is chosen where the caret was. */
  choose(chosen) {
    const name = chosen.value.trim();
    const known = this.words.figures.find((one) => one.name === name);
    if (!known) {
      this.status.textContent = "没有这个数；请写几个字，再从列出的里面选一个";
      chosen.focus();
      return;
    }
    chosen.value = "";
    this.put(known);
  }

  /* Begin a heading in a line of its own. */
  head() {
    const at = this.area.selectionEnd;
    const gap = at && this.area.value[at - 1] !== "\n" ? "\n" : "";
    this.area.setRangeText(`${gap}## `, at, at, "end");
    this.status.textContent = "行首的 ## 表示这一行是小标题；另起一行写下面的文字";
    this.area.focus();
    this.typed();
  }

  async pick() {
    const known = await picked(this.words.sheet.year, this.words.figures).catch((error) => this.told(error));
    if (known) this.put(known);
    else this.area.focus();
  }

  put({ name, value }) {
    this.status.textContent = "";
    this.area.setRangeText(`⟦${name}＝${value}⟧`, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.focus();
    this.typed();
  }

  back() {
    this.area.value = this.base;
    this.area.removeAttribute("aria-invalid");
    this.status.textContent = "";
    this.typed();
  }

  told(error) {
    if (!(error instanceof Refused)) throw error;
    this.status.textContent = error.message;
  }

  /* Write what is typed; with *nothing*, that there is no such paragraph. */
  async save(nothing = false) {
    if (!this.dirty && !nothing) {
      this.status.textContent = "没有改动";
      return;
    }
    const where = String(this.index);
    const change = { where, old: this.old, new: nothing ? "" : this.area.value };
    try {
      const answer = await ask("PUT", this.words.path, { changes: [change], correcting: this.words.sheet.correcting });
      this.area.removeAttribute("aria-invalid");
      if (where in answer.faults) {
        this.area.setAttribute("aria-invalid", "true");
        emptied(this.status, made("strong", { class: "edit-line--error" }, "错误　"), answer.faults[where]);
      } else if (where in answer.conflicts) this.conflict(answer.conflicts[where]);
      else {
        const now = answer.boxes[this.index];
        this.old = now && !now.fixed && change.new ? now.shown : change.new;
        this.base = this.old;
        this.area.value = this.old;
        this.grow();
        this.status.textContent = "已保存；页面稍后更新";
        this.words.keep();
        this.words.take(answer); // What was one paragraph may be several now.
        this.words.sheet.written(); // Where the paragraph is gone, its own message is too.
        await this.words.sheet.load();
        this.words.sheet.judge();
      }
    } catch (error) {
      this.told(error);
    }
  }

  conflict(now) {
    const mine = () => {
      this.old = now;
      this.save();
    };
    const theirs = () => {
      this.old = now;
      this.base = now;
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
    this.page = page;
    this.path = `words/${year}/${page.slice(5, -5)}`;
    this.sheet = sheet;
    this.boxes = [];
    this.unsaved = new Map(); // By the number of the box, what was typed into it when the page was last here.
    sheet.listen(() => {
      this.boxes.forEach((box) => box.shut !== this.locked && box.unlock());
      this.note();
    });
    sheet.leaders.push((finding) => {
      const box = this.of(finding);
      if (box) box.lead(finding);
      return Boolean(box);
    });
  }

  get locked() {
    return this.frozen && !this.sheet.correcting;
  }

  /* The window remembers what is not saved: a browser may end, or the page be loaded again. */
  keep() {
    remember(this.path, this.boxes.filter((box) => box.dirty).map(({ index, old, area }) => ({ index, old, text: area.value })));
  }

  /* Find the boxes of what was not saved: those with the same words, or where these are gone, in the same place. */
  recall(boxes) {
    const spaceless = (words) => unvalued(words).replace(/\s/g, "");
    const saved = new Set(boxes.map((box) => spaceless(box.shown))); // Its answer came too late for the page.
    for (const one of (remembered(this.path) || []).filter(({ text }) => !saved.has(spaceless(text)))) {
      const same = (box, index) => !box.fixed && unvalued(box.shown) === unvalued(one.old) && !this.unsaved.has(index);
      const at = boxes[one.index] && same(boxes[one.index], one.index) ? one.index : boxes.findIndex(same);
      this.unsaved.set(at < 0 ? one.index : at, one);
    }
  }

  /* The box that a finding is about. */
  of({ page, box }) {
    return page === this.page && this.boxes.find((each) => each.index === box);
  }

  note() {
    // That a prompt waits is seen: it stands there.
    for (const box of this.boxes) box.note(this.sheet.findings.filter((one) => this.of(one) === box && !box.old.startsWith(PROMPT)));
  }

  async load() {
    const answer = await ask("GET", this.path);
    if (!this.boxes.length) this.recall(answer.boxes);
    this.take(answer);
    this.unsaved.clear();
  }

  /* Boxes for what the page says now; those that are open or in which something was typed stay. */
  take(answer) {
    this.frozen = answer.frozen;
    this.before = answer.before;
    this.figures = answer.figures;
    const options = this.figures.map(({ name, value }) => made("option", { value: name }, value));
    const known = document.getElementById("edit-figures");
    if (known) known.remove();
    document.body.append(made("datalist", { id: "edit-figures" }, ...options));
    const kept = new Set(this.boxes.filter((box) => box.dirty || box.details.open));
    for (const box of this.boxes) if (!kept.has(box)) box.remove();
    this.boxes = [];
    answer.boxes.forEach((said, index) => {
      if (said.fixed) return;
      const same = Array.from(kept).filter((box) => unvalued(box.old) === unvalued(said.shown));
      const box = same.find((each) => each.index === index) || same[0] || new Box(this, index, said);
      kept.delete(box);
      if (!box.dirty && box.base && box.base !== said.shown) box.renew(said.shown);
      box.index = index;
      this.boxes.push(box);
    });
    for (const box of kept)
      if (box.dirty) this.boxes.push(box); // Saving tells what became of it.
      else box.remove();
    this.place(answer.boxes);
    this.note();
  }

  place(said) {
    const article = document.querySelector("article");
    const heading = article && article.querySelector("h1");
    if (!heading) return;
    const elements = Array.from(article.children).filter((element) => /^(?:P|OL|UL|H[1-6])$/.test(element.tagName));
    let from = 0;
    const find = (words) => {
      const at = words ? elements.findIndex((element, index) => index >= from && text(element) === words) : -1;
      if (at >= 0) from = at + 1;
    };
    said.forEach(({ shown, fixed }, index) => {
      if (fixed && /^#/.test(shown)) find(visible(shown.replace(/^#+ +/, "").replace(/ *\{[^{}]*\}$/, "")).replace(/[*_`\\]/g, ""));
      const box = this.boxes.find((each) => each.index === index);
      if (!box) return;
      find(visible(box.old));
      const before = from ? elements[from - 1] : heading;
      let last = before;
      while (last.nextElementSibling && last.nextElementSibling.matches(".edit-words, .edit-sentences")) last = last.nextElementSibling;
      if (before.nextElementSibling !== box.details) last.after(box.details, box.found);
    });
    for (const box of this.boxes) if (!box.details.isConnected) heading.after(box.details, box.found);
  }
}

export const offerWords = async (page, year, sheet) => {
  const nothing = { busy: () => false, unsaved: () => false, replace: async () => {} };
  const whole = page.endsWith("/") ? `${page}index.html` : page;
  if (!year || !/^[0-9]{4}\/(?:[1-9]-[a-z]+|index)\.html$/.test(whole)) return nothing;
  const words = new Words(whole, year, sheet);
  const load = () =>
    words.load().catch((error) => {
      if (!(error instanceof Refused)) throw error; // What is wrong with the page is told in its place.
    });
  await load();
  guarded(() => words.boxes.some((box) => box.dirty));
  return {
    busy: () => words.boxes.some((box) => box.details.contains(document.activeElement) && box.details.open),
    unsaved: () => words.boxes.some((box) => box.dirty),
    replace: load,
  };
};
