/* Small forms for facts, where readers will see them; made from the declaration of the fields. */

import { Refused, SHUT, ask, base, emptied, guarded, made } from "./ask.js";

let count = 0;
const fresh = () => `edit-field-${(count += 1)}`;

/* A control has an *element*, *read(path)* that gives what is filled in or undefined, and marks where it stands. */

const input = (field, said, name, label) => {
  const id = fresh();
  const control = made("input", { id, type: "text", class: "edit-input", autocomplete: "off", value: said || "", "aria-label": label || null });
  return {
    element: control,
    id,
    read: (path) => {
      control.dataset.path = path.join(".");
      return control.value.trim() || undefined;
    },
  };
};

const choice = (field, said, name, label) => {
  const id = fresh();
  const options = field.options.map(([word, meaning]) => made("option", { value: word, selected: word === said }, meaning));
  const blank = field.required && said ? [] : [made("option", { value: "", selected: !said }, "（未选）")];
  const control = made("select", { id, class: "edit-input", "aria-label": label || null }, ...blank, ...options);
  return {
    element: control,
    id,
    read: (path) => {
      control.dataset.path = path.join(".");
      return control.value || undefined;
    },
  };
};

const yes = (field, said, name, label) => {
  const id = fresh();
  const control = made("input", { id, type: "checkbox", class: "edit-check", checked: said === "true", "aria-label": label || null });
  return {
    element: control,
    id,
    check: true,
    read: (path) => {
      control.dataset.path = path.join(".");
      if (control.checked) return "true";
      return field.required || said !== undefined ? "false" : undefined;
    },
  };
};

const record = (field, said, name, label) => {
  const own = said || {};
  const parts = field.fields.map((part) => ({ part, control: controlOf(part, own[part.name], part.title, label && `${label}，${part.title}`) }));
  const flat = Boolean(label) && parts.every(({ part }) => part.kind !== "list" && part.kind !== "record");
  const element = made(
    flat ? "div" : "fieldset",
    { class: flat ? "edit-line-of-fields" : "edit-fields", "data-group": "" },
    flat ? null : made("legend", null, name),
    ...parts.map(({ part, control }) => row(part, control, flat)),
  );
  return {
    element,
    group: true,
    read: (path) => {
      element.dataset.path = path.join(".");
      const found = {};
      // What the file has and the form does not know stays.
      for (const key of Object.keys(own)) if (!field.fields.some((part) => part.name === key)) found[key] = own[key];
      for (const { part, control } of parts) {
        const value = control.read([...path, part.name]);
        if (value !== undefined) found[part.name] = value;
      }
      return kept(field, found) ? found : undefined;
    },
  };
};

/* Whether a record says anything: a box that is not ticked and a list without entries say nothing. */
const kept = (field, found) =>
  field.fields.some((part) => found[part.name] !== undefined && part.kind !== "yes" && !(Array.isArray(found[part.name]) && !found[part.name].length));

const choices = (field, said, name) => {
  const boxes = field.item.options.map(([word, meaning]) => {
    const id = fresh();
    const box = made("input", { id, type: "checkbox", class: "edit-check", value: word, checked: Boolean(said && said.includes(word)) });
    return { box, element: made("p", { class: "edit-row" }, box, made("label", { for: id }, meaning)) };
  });
  const element = made("fieldset", { class: "edit-fields" }, made("legend", null, name), ...boxes.map((one) => one.element));
  return {
    element,
    group: true,
    read: (path) => {
      element.dataset.path = path.join(".");
      const chosen = boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
      return chosen.length || said ? chosen : undefined;
    },
  };
};

const list = (field, said, name) => {
  if (field.item.kind === "choice") return choices(field, said, name);
  const unknown = made("input", { type: "checkbox", id: fresh(), class: "edit-check", checked: said === "不详" });
  const rows = [];
  const holder = made("ol", { class: "edit-rows" });
  const title = field.item.title || name;
  const noun = `${title}`;

  const renumber = () => {
    emptied(holder, ...rows.map((one) => one.element));
    rows.forEach((one, index) => {
      for (const button of one.buttons) button.setAttribute("aria-label", `${button.textContent}${noun}第 ${index + 1} 项`);
    });
  };
  const moved = (one, by) => {
    const at = rows.indexOf(one);
    const to = at + by;
    if (to < 0 || to >= rows.length) return;
    rows.splice(at, 1);
    rows.splice(to, 0, one);
    renumber();
    one.buttons[by < 0 ? 0 : 1].focus();
    holder.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const add = (value) => {
    const part = field.item.kind === "record" ? field.item : { ...field.item, title };
    const control = controlOf(part, value, title, noun);
    const one = { control };
    const remove = () => {
      const at = rows.indexOf(one);
      rows.splice(at, 1);
      renumber();
      (rows[Math.min(at, rows.length - 1)] ? rows[Math.min(at, rows.length - 1)].buttons[2] : more).focus();
      holder.dispatchEvent(new Event("input", { bubbles: true }));
    };
    one.buttons = [
      made("button", { type: "button", class: "edit-button", click: () => moved(one, -1) }, "上移"),
      made("button", { type: "button", class: "edit-button", click: () => moved(one, 1) }, "下移"),
      made("button", { type: "button", class: "edit-button", click: remove }, "删除"),
    ];
    one.element = made("li", null, control.element, made("span", { class: "edit-buttons edit-buttons--row" }, ...one.buttons));
    rows.push(one);
    return one;
  };
  const more = made("button", { type: "button", class: "edit-button", click: () => {
    const one = add(undefined);
    renumber();
    const first = one.element.querySelector("input, select");
    if (first) first.focus();
    holder.dispatchEvent(new Event("input", { bubbles: true }));
  } }, `添加${noun}`);
  for (const value of Array.isArray(said) ? said : []) add(value);
  renumber();

  const several = field.item.kind === "record" && field.item.fields.length && field.item.fields[0].kind === "text" && field.item.fields.slice(1).every((part) => part.kind === "yes");
  const lines = made("textarea", { id: fresh(), class: "edit-input", rows: "4" });
  const paste = () => {
    const [first, ...others] = field.item.fields;
    for (const text of lines.value.split(/\r?\n/)) {
      const words = text.replace(/^\s*(?:[0-9]+\s*[.．、)）]|[（(][0-9]+[)）]|[-•·])\s*/, "").trim();
      if (words) add({ [first.name]: words, ...Object.fromEntries(others.map((part) => [part.name, "true"])) });
    }
    lines.value = "";
    renumber();
    holder.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const pasting = made(
    "details",
    { class: "edit-paste" },
    made("summary", null, "粘贴多条"),
    made("p", null, made("label", { for: lines.id }, "一行一条，行首的序号会去掉："), lines),
    made("p", { class: "edit-buttons" }, made("button", { type: "button", class: "edit-button", click: paste }, "加入清单")),
  );
  const element = made(
    "fieldset",
    { class: "edit-fields" },
    made("legend", null, name),
    field.unknown ? made("p", { class: "edit-row" }, unknown, made("label", { for: unknown.id }, "旧报告无从查考，整项不详")) : null,
    holder,
    made("p", { class: "edit-buttons" }, more),
    several ? pasting : null,
  );
  return {
    element,
    group: true,
    read: (path) => {
      element.dataset.path = path.join(".");
      if (unknown.checked) return "不详";
      const found = [];
      for (const one of rows) {
        const value = one.control.read([...path, found.length]);
        if (value !== undefined) found.push(value);
      }
      return found.length || said !== undefined || field.required ? found : undefined;
    },
  };
};

/* What is said of single cells: a line for each, known by the words of its heading. */
const remarks = (field, said, name) => {
  const rows = new Map(); // Address to input.
  const holder = made("div", { class: "edit-remarks" });
  const { labels } = field.sheet.state;
  const touched = () => holder.dispatchEvent(new Event("input", { bubbles: true }));
  const add = (address, words) => {
    const id = fresh();
    const control = made("input", { id, type: "text", class: "edit-input", autocomplete: "off", value: words });
    const remove = () => {
      rows.delete(address);
      line.remove();
      where.focus();
      touched();
    };
    const button = made("button", { type: "button", class: "edit-button", "aria-label": `删除“${labels[address] || address}”的说明`, click: remove }, "删除");
    const line = made("div", { class: "edit-remark" }, made("label", { for: id }, labels[address] || address), control, button);
    rows.set(address, control);
    holder.append(line);
    return control;
  };
  const where = made("input", { id: fresh(), type: "text", class: "edit-input", list: "edit-labels", autocomplete: "off" });
  const trouble = made("p", { class: "edit-line edit-line--error", role: "alert" });
  const addressOf = (words) => Object.keys(labels).find((address) => labels[address] === words.trim());
  const more = () => {
    const address = addressOf(where.value);
    emptied(trouble, address ? "" : "没有这一格；请写几个字，再从列出的里面选一格，或先点一下表里的那一格");
    if (!address) return;
    where.value = "";
    (rows.get(address) || add(address, "")).focus();
    touched();
  };
  for (const [address, words] of Object.entries(said || {})) add(address, words);
  if (!document.getElementById("edit-labels"))
    document.body.append(made("datalist", { id: "edit-labels" }, ...Object.values(labels).map((label) => made("option", { value: label }))));
  const last = document.querySelector("input.edit-cell.edit-last");
  if (last) where.value = labels[last.dataset.address] || "";
  const element = made(
    "fieldset",
    { class: "edit-fields" },
    made("legend", null, name),
    holder,
    made("p", { class: "edit-put" }, made("label", { for: where.id }, "哪一格："), where, made("button", { type: "button", class: "edit-button", click: more }, "添加说明")),
    trouble,
  );
  return {
    element,
    group: true,
    read: (path) => {
      element.dataset.path = path.join(".");
      const found = {};
      for (const [address, control] of rows) {
        control.dataset.path = [...path, address].join(".");
        if (control.value.trim()) found[address] = control.value.trim();
      }
      return Object.keys(found).length ? found : undefined;
    },
  };
};

/* What a step of the year's path writes: it is told, and leads there. */
const step = (field, said) => ({
  element: made("span", { class: "edit-told" }, `${field.words}　`, made("a", { href: `${base}?year=${field.sheet.year}#${field.step}` }, "去定稿")),
  told: true,
  read: () => said,
});

const KINDS = { step, text: input, word: input, choice, yes, list, record, remarks };
const controlOf = (field, said, name, label) => KINDS[field.kind](field, said, name, label);

const row = (field, control, flat) => {
  if (control.group) return control.element;
  if (control.told) return made("p", { class: "edit-row" }, `${field.title}：`, control.element);
  const words = (field.hint || "").replace(/；不写为 false(?:，.*)?$/, ""); // As files have it; here there is a box.
  const hint = words && words !== field.title && !flat ? made("span", { class: "edit-hint" }, words) : null;
  const label = made("label", { for: control.id }, field.title, field.required || flat ? "" : "（可以不填）");
  return made("div", { class: control.check ? "edit-row edit-row--check" : "edit-row" }, ...(control.check ? [control.element, label] : [label, control.element]), hint);
};

/* One form: some fields of a file, with what the file said when the form was filled. */
class Form {
  constructor(sheet, { file, id, anchor }, { title, names }) {
    Object.assign(this, { sheet, file, names, title, anchor, dirty: false });
    this.form = made("form", { submit: (event) => this.save(event), input: () => this.touched(), change: () => this.touched() });
    this.status = made("p", { class: "edit-form-status", role: "status" });
    this.details = made("details", { class: "edit-part edit-facts", "data-fact": id }, made("summary", null, `修改${title}`), this.form);
  }

  touched() {
    this.dirty = true;
    this.status.textContent = "改了还没有保存";
  }

  async load() {
    const answer = await ask("GET", `facts/${this.file}`);
    if (!this.dirty) this.take(answer); // Somebody may have begun to type meanwhile.
  }

  get locked() {
    return this.frozen && !(this.sheet.year === this.file && this.sheet.correcting);
  }

  take(answer) {
    this.said = answer.said;
    this.frozen = answer.frozen;
    this.dirty = false;
    const fields = answer.fields.filter((field) => this.names.includes(field.name));
    this.controls = fields.map((field) => ({ field, control: controlOf({ ...field, sheet: this.sheet }, this.said[field.name], field.title) }));
    const buttons = [
      made("button", { type: "submit", class: "edit-button edit-button--main" }, "保存"),
      made("button", { type: "button", class: "edit-button", click: () => this.back() }, "还原"),
    ];
    emptied(
      this.form,
      ...(this.locked ? [made("p", null, SHUT)] : []),
      ...this.controls.map(({ field, control }) => row(field, control, false)),
      made("p", { class: "edit-buttons" }, ...buttons),
      this.status,
    );
    this.shut = this.locked;
    for (const control of this.form.elements) control.disabled = this.shut;
  }

  /* A correction has begun, or has been registered. */
  unlock() {
    if (this.shut !== this.locked) this.back();
  }

  back() {
    this.dirty = false;
    this.status.textContent = "";
    this.load().catch((error) => this.told(error));
  }

  told(error) {
    if (!(error instanceof Refused)) throw error;
    this.status.textContent = error.message;
  }

  async save(event) {
    event.preventDefault();
    for (const note of this.form.querySelectorAll(".edit-fault-note")) note.remove();
    for (const control of this.form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    const changes = [];
    for (const { field, control } of this.controls) {
      const value = control.read([field.name]);
      const old = this.said[field.name];
      if (JSON.stringify(value) !== JSON.stringify(old)) changes.push({ where: field.name, old: old === undefined ? null : old, new: value === undefined ? null : value });
    }
    if (!changes.length) {
      this.dirty = false;
      this.status.textContent = "没有改动";
      return;
    }
    try {
      const answer = await ask("PUT", `facts/${this.file}`, { changes, correcting: this.sheet.correcting });
      if (answer.faults.length) this.faults(answer.faults);
      else if (Object.keys(answer.conflicts).length) this.conflict(answer);
      else {
        const again = document.activeElement && this.form.contains(document.activeElement);
        this.take(answer);
        this.status.textContent = "已保存";
        if (again) this.form.querySelector("[type=submit]").focus();
        this.sheet.written();
        await this.sheet.load();
        this.sheet.judge();
      }
    } catch (error) {
      this.told(error);
    }
  }

  faults(faults) {
    this.status.textContent = `有 ${faults.length} 处要改，没有保存`;
    let first = null;
    faults.forEach(({ path, message }, index) => {
      let control = null;
      for (let end = path.length; end > 0 && !control; end -= 1) control = this.form.querySelector(`[data-path="${path.slice(0, end).join(".")}"]`);
      const id = `${this.file}-${this.names[0]}-fault-${index}`;
      const note = made("p", { id, class: "edit-line edit-line--error edit-fault-note" }, made("strong", null, "错误　"), message);
      if (!control) {
        this.status.before(note);
        return;
      }
      control.setAttribute("aria-describedby", id);
      if (control.matches("input, select")) control.setAttribute("aria-invalid", "true");
      if (control.matches("fieldset")) control.append(note);
      else control.after(note);
      first = first || (control.matches("input, select") ? control : control.querySelector("input, select"));
    });
    if (first) first.focus();
  }

  conflict(answer) {
    const names = this.controls.filter(({ field }) => field.name in answer.conflicts).map(({ field }) => field.title);
    const mine = () => {
      this.said = answer.said;
      this.form.querySelector("[type=submit]").click();
    };
    emptied(
      this.status,
      `“${names.join("、")}”在别处改过，没有保存。`,
      made("button", { type: "button", class: "edit-button", click: mine }, "写入这里填的"),
      made("button", { type: "button", class: "edit-button", click: () => this.back() }, "换成文件里的"),
    );
  }

  place() {
    const at = this.anchor(this);
    if (!at) {
      this.details.remove();
      return;
    }
    if (at.before) at.before.before(this.details);
    else at.after.after(this.details);
  }
}

const article = () => document.querySelector("article");
const heading = () => article() && article().querySelector("h1");
const after = (...selectors) => () => {
  const found = selectors.map((selector) => article() && article().querySelector(selector)).find((element) => element && element.parentElement === article());
  return found || heading() ? { after: found || heading() } : null;
};
/* Where the items are listed; where there are none yet, in the section that lists them as a rule. */
const atItems = (rule) => (form) => {
  const found = article() && article().querySelector(".item-category");
  if (found && found.parentElement === article()) return { before: found };
  const none = !Array.isArray(form.said.items) || !form.said.items.length;
  return rule && none && heading() ? { after: heading() } : null;
};
const inFooter = () => {
  const foot = document.querySelector(".md-footer-meta__inner");
  return foot && foot.firstElementChild ? { after: foot.lastElementChild } : null;
};

/* Below the last of the tables that are edited. */
const belowTables = () => {
  const tables = article() ? article().querySelectorAll("table.edit-table") : [];
  if (!tables.length) return null;
  let found = tables[tables.length - 1];
  while (found.parentElement !== article()) found = found.parentElement;
  return { after: found };
};

/* Where each group of fields is filled in: on which pages of its file, and at what. */
const PLACES = {
  footer: { on: () => true, anchor: inFooter },
  names: { on: (name, year) => !year && /^(?:index\.html)?$/.test(name), anchor: after("#names") },
  profile: { on: (name, year) => !year && name === "check.html", anchor: after("h1") },
  publication: { on: (name, year) => year && /^(?:index\.html)?$/.test(name), anchor: after(".report-notes") },
  items: { on: (name) => /^\d-(?:overview|disclosure)\.html$/.test(name), anchor: (name) => atItems(name.endsWith("overview.html")) },
  fee: { on: (name) => /^\d-other\.html$/.test(name), anchor: after("h2") },
  remarks: { on: () => true, anchor: belowTables },
};

export const offerFacts = async (page, year, sheet) => {
  const forms = [];
  const name = year ? page.slice(5) : page;
  for (const file of ["agency", "profile", ...(year ? [year] : [])]) {
    const told = await ask("GET", `facts/${file}`).catch((error) => {
      if (!(error instanceof Refused)) throw error; // What is wrong with the file is told above the page.
      return { groups: [] };
    });
    for (const group of told.groups) {
      const { on, anchor } = PLACES[group.id];
      if (!on(name, year)) continue;
      const form = new Form(sheet, { file, id: group.id, anchor: group.id === "items" ? anchor(name) : anchor }, group);
      form.take(told);
      form.place();
      forms.push(form);
    }
  }
  sheet.listen(() => forms.forEach((form) => form.unlock()));
  guarded(() => forms.some((form) => form.dirty));
  return {
    busy: () => forms.some((form) => form.details.contains(document.activeElement)),
    unsaved: () => forms.some((form) => form.dirty),
    replace: async () => {
      for (const form of forms) {
        form.place();
        if (!form.dirty) await form.load().catch((error) => form.told(error));
      }
    },
  };
};
