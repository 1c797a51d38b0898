/* What an import asks, to be answered in place; and the page on which the original stands beside what was read. */

import { Refused, emptied, made, madeAt } from "./ask.js";

let count = 0;

const OWN = "\u0000own";

const question = (one) => {
  const name = `desk-question-${(count += 1)}`;
  const inputs = [];
  const choice = (value, words) => {
    const id = `${name}-${inputs.length}`;
    const input = made("input", { type: "radio", name, id, value, checked: one.answer === value });
    inputs.push(input);
    return made("p", { class: "edit-row edit-row--check" }, input, made("label", { for: id }, words));
  };
  const told = { 照提议: `照提议：${one.proposal}`, 不详: "不详（无法辨认）", 空白: "空白（原件空着）" };
  const rows = one.choices.map((word) => choice(word, told[word] || word));
  let own = null;
  if (one.figures) {
    const written = one.answer && !one.choices.includes(one.answer) ? one.answer : "";
    own = made("input", { type: "text", class: "edit-input", autocomplete: "off", value: written, "aria-label": "填写的数，几格的用逗号隔开" });
    const row = choice(OWN, "填写：");
    if (written) inputs[inputs.length - 1].checked = true;
    own.addEventListener("input", () => {
      inputs[inputs.length - 1].checked = true;
    });
    row.append(own);
    rows.push(row);
  }
  const words = one.cells.replace(/^[^（]*（(.*)）$/, "$1");
  const cells = /[\u4e00-\u9fff]/.test(words) ? `${words}　` : ""; // Some have an address and no words.
  const element = made(
    "li",
    null,
    made(
      "fieldset",
      { class: "edit-fields" },
      made("legend", null, one.text),
      made("p", { class: "edit-hint" }, `${cells}${one.place}${one.printed ? `　原件：${one.printed}` : ""}`),
      ...rows,
    ),
  );
  return {
    id: one.id,
    element,
    proposed: inputs.find((input) => input.value === "照提议"),
    read: () => {
      const chosen = inputs.find((input) => input.checked);
      if (!chosen) return "";
      return chosen.value === OWN ? own.value.trim() : chosen.value;
    },
  };
};

export class Questions {
  constructor(answer) {
    this.status = made("p", { class: "edit-form-status edit-line--error", role: "alert" });
    this.answer = answer;
    this.asked = made("div", null);
    this.reviewed = made("div", null);
    this.element = made("div", { id: "questions", tabindex: "-1", hidden: true }, this.asked, this.reviewed);
  }

  take(state) {
    const asked = state.frozen ? [] : state.questions;
    this.element.hidden = !asked.length && !state.review;
    const key = JSON.stringify([state.year, asked]);
    if (key !== this.key) emptied(this.asked, asked.length ? this.form(state, asked) : null); // What is being answered stays.
    this.key = key;
    if (state.review !== this.page) emptied(this.reviewed, state.review ? this.review(state) : null);
    this.page = state.review;
    this.renew(state.job);
  }

  /* Another import makes the page anew. */
  renew(job) {
    const frame = this.reviewed.querySelector("iframe");
    if (frame && job.result && job.number !== this.seen) frame.src = frame.getAttribute("src");
    if (job.result) this.seen = job.number;
  }

  form(state, asked) {
    const list = asked.map(question);
    const send = async (event) => {
      event.preventDefault();
      this.status.textContent = "";
      const answers = {};
      for (const one of list) answers[one.id] = one.read();
      try {
        await this.answer(String(state.year), answers);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.status.textContent = error.message;
      }
    };
    const propose = () => {
      for (const one of list) if (one.proposed && !one.read()) one.proposed.checked = true;
    };
    const title = state.open ? `读入的报告有 ${asked.length} 个问题，${state.open} 个没有答复` : `读入的报告的 ${asked.length} 个问题都已答复`;
    return made(
      "details",
      { open: state.open > 0 },
      made("summary", null, title),
      made("p", null, "对照原件回答；拿不准的可以先空着。没有答复的格按“不详”或“待填”处理。"),
      made(
        "form",
        { class: "desk-form", submit: send, "aria-label": "导入的问题" },
        made("ol", { class: "desk-questions" }, ...list.map((one) => one.element)),
        made(
          "p",
          { class: "edit-buttons" },
          made("button", { type: "submit", class: "edit-button edit-button--main" }, "保存答复，再读一次"),
          list.some((one) => one.proposed) ? made("button", { type: "button", class: "edit-button", click: propose }, "没有答的都照提议") : null,
        ),
        this.status,
      ),
    );
  }

  review(state) {
    const address = madeAt(state.review);
    const frame = made("div", null);
    const details = made(
      "details",
      {
        toggle: () => {
          if (details.open && !frame.firstChild) frame.append(made("iframe", { class: "desk-review", title: "核对：左边是原件，右边是读到的内容", src: address }));
        },
      },
      made("summary", null, "核对：原件和读到的内容对照着看"),
      made("p", null, made("a", { href: address, target: "_blank", rel: "noopener" }, "在新窗口打开")),
      frame,
    );
    return details;
  }
}
