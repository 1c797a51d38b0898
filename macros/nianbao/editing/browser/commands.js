/* Commands as buttons: the form of what one must know, the files that it reads, and how far it is. */

import { Refused, agreed, ask, emptied, handOver, made } from "./ask.js";

const pause = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));
let count = 0;
const fresh = () => `desk-field-${(count += 1)}`;

/* Files that are chosen or dropped; nothing of them is sent before the command starts. */
const filesControl = (blank) => {
  const id = fresh();
  let files = [];
  const list = made("ul", { class: "desk-files" });
  const input = made("input", { id, type: "file", multiple: true, class: "desk-choose", "aria-label": `${blank.title}：选择文件`, "aria-describedby": `${id}-hint` });
  const show = () => {
    emptied(
      list,
      ...files.map((file) =>
        made(
          "li",
          null,
          `${file.name}　`,
          made("button", { type: "button", class: "edit-button", "aria-label": `不要 ${file.name}`, click: () => take(files.filter((one) => one !== file)) }, "不要"),
        ),
      ),
    );
  };
  const take = (chosen) => {
    files = chosen;
    show();
  };
  const add = (more) => take([...files.filter((file) => !Array.from(more).some((one) => one.name === file.name)), ...more]);
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  const zone = made(
    "div",
    { class: "desk-drop" },
    made("p", { id: `${id}-title` }, `${blank.title}：把文件拖到这里，或者`),
    made("p", { class: "desk-chooser" }, input, made("label", { class: "edit-button", for: id }, "选择文件…")),
    list,
    made("p", { id: `${id}-hint`, class: "edit-hint" }, blank.hint),
  );
  return { blank, element: zone, add, files: () => files, value: () => "", focus: () => input.focus() };
};

const control = (blank) => {
  if (blank.kind === "files") return filesControl(blank);
  const id = fresh();
  const hint = blank.hint ? made("span", { class: "edit-hint", id: `${id}-hint` }, blank.hint) : null;
  const more = { id, class: "edit-input", required: blank.required, "aria-describedby": hint ? `${id}-hint` : null };
  let input;
  if (blank.kind === "choice") {
    const options = blank.options.map(([value, words]) => made("option", { value }, words));
    input = made("select", more, made("option", { value: "" }, "（请选择）"), ...options);
  } else if (blank.kind === "yes") {
    input = made("input", { id, type: "checkbox", class: "edit-check" });
  } else {
    const kind = blank.kind === "day" ? "date" : "text";
    input = made("input", { ...more, type: kind, autocomplete: "off", inputmode: blank.kind === "year" ? "numeric" : null });
  }
  if (blank.value) input.value = blank.value;
  const label = made("label", { for: id }, blank.title, blank.required || blank.hint || blank.kind === "yes" ? "" : "（可以不填）");
  const parts = blank.kind === "yes" ? [input, label] : [label, input];
  return {
    blank,
    element: made("div", { class: blank.kind === "yes" ? "edit-row edit-row--check" : "edit-row" }, ...parts, hint),
    value: () => (blank.kind === "yes" ? (input.checked ? "yes" : "") : input.value.trim()),
    focus: () => input.focus(),
    mark: () => blank.required && !input.value.trim() && input.setAttribute("aria-invalid", "true"),
  };
};

/* The form of a command; *carry* does it with what is said and the files, and may refuse. */
export class CommandForm {
  constructor(command, carry) {
    this.command = command;
    this.carry = carry;
    this.controls = command.blanks.map(control);
    this.status = made("p", { class: "edit-form-status edit-line--error", role: "alert" });
    this.submit = made("button", { type: "submit", class: "edit-button edit-button--main" }, command.title);
    this.element = made(
      "form",
      { class: "desk-form", novalidate: true, submit: (event) => this.send(event), "aria-label": command.title },
      command.hint ? made("p", null, command.hint) : null,
      ...this.controls.map((one) => one.element),
      made("p", { class: "edit-buttons" }, this.submit),
      this.status,
    );
  }

  focus() {
    const first = this.controls[0];
    if (first) first.focus();
    else this.submit.focus();
  }

  addFiles(files) {
    const chosen = this.controls.find((one) => one.add);
    if (chosen) chosen.add(files);
  }

  async send(event) {
    event.preventDefault();
    this.status.textContent = "";
    for (const marked of this.element.querySelectorAll("[aria-invalid]")) marked.removeAttribute("aria-invalid");
    this.submit.disabled = true;
    try {
      const said = {};
      const files = [];
      for (const one of this.controls) {
        if (one.add) {
          files.push(...one.files());
        } else said[one.blank.name] = one.value();
      }
      if (this.command.asks && !(await agreed(this.command.title, [made("p", null, this.command.asks)], this.command.title))) return;
      if (files.length) {
        await ask("POST", "clear");
        for (const file of files) await handOver(file);
      }
      await this.carry(said, files.map((file) => file.name));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.status.textContent = error.message;
      for (const one of this.controls) if (one.mark) one.mark();
      const first = this.element.querySelector("[aria-invalid]");
      if (first) first.focus();
    } finally {
      this.submit.disabled = false;
    }
  }
}

const RESULTS = {
  done: "做完了",
  asks: "读入了，还有问题等您答复",
  refused: "没有做成，原因如下",
  stopped: "已中止，原有的文件没有变",
};

/* The command that runs, or ran last: what it says, and a button to end it. *changed* is called at each new state. */
export class Job {
  constructor(changed) {
    this.changed = changed;
    this.state = {};
    this.following = false;
    this.status = made("p", { class: "desk-job__status", role: "status", tabindex: "-1" });
    this.text = made("pre", { class: "desk-job__text", tabindex: "0", "aria-label": "命令的输出" });
    this.more = made("details", { class: "desk-job__more" }, made("summary", null, "详细"), this.text);
    this.stop = made("button", { type: "button", class: "edit-button", click: () => this.end() }, "中止");
    this.element = made("div", { class: "desk-job", hidden: true }, this.status, made("p", { class: "edit-buttons" }, this.stop), this.more);
  }

  get running() {
    return Boolean(this.state.title) && !this.state.result;
  }

  /* Take a *state* of the server; follow it where the command is under way. */
  take(state) {
    const before = this.state;
    // An answer that was long on its way may tell less than is known by now.
    if (before.number > (state.number || 0) || (before.number === state.number && before.result && !state.result)) return;
    this.state = state;
    this.element.hidden = !state.title;
    if (!state.title) return;
    const said = this.running ? `正在进行：${state.title}（${state.seconds} 秒）` : `${state.title}：${RESULTS[state.result]}（${state.seconds} 秒）。`;
    if (this.status.textContent !== said) this.status.textContent = said;
    if (this.text.textContent !== state.text) this.text.textContent = state.text;
    this.element.dataset.result = state.result || "running";
    this.stop.hidden = !this.running;
    this.more.hidden = !state.text;
    if (state.number !== before.number || state.result !== before.result) {
      this.more.open = state.result !== "done" || state.shows;
      this.changed(state, before);
    }
    if (this.running && !this.following) this.follow();
  }

  async start(path, body) {
    this.take(await ask("POST", path, body));
    this.status.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  async follow() {
    this.following = true;
    while (this.running) {
      await pause(500);
      try {
        this.take(await ask("GET", "job"));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.status.textContent = error.message;
        if (error.status === 403) break;
      }
    }
    this.following = false;
  }

  async end() {
    try {
      this.take(await ask("POST", "stop"));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.status.textContent = error.message;
    }
  }
}
