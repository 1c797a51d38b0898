/* The desk: the path of a year's report, what is done and open in each step, and the commands. */

import { Refused, ask, emptied, made, madeAt, root } from "./ask.js";
import { CommandForm, Job } from "./commands.js";
import { takeDrops } from "./dropping.js";
import { Questions } from "./questions.js";
import { follow } from "./reload.js";

const LEVELS = { error: "错误", uncertain: "待核", warning: "提醒" };
const TRIES = 60; // Half a minute; what cannot be shown at all is told in the steps.
const pause = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));
const main = document.getElementById("desk");
const wanted = new URLSearchParams(location.search).get("year") || "";

/* One step: its points are renewed, its forms stay as long as the commands are the same. */
class StepCard {
  constructor(desk, id, number) {
    this.desk = desk;
    this.word = made("span", { class: "desk-word" });
    this.title = made("h2", { id: `step-${id}` });
    this.points = made("ul", { class: "desk-points" });
    this.commands = made("div", { class: "desk-commands" });
    this.extra = made("div", { class: "desk-extra" });
    this.holder = made("div", null);
    this.number = number;
    this.element = made("li", { class: "desk-step", id }, this.title, this.points, this.extra, this.commands, this.holder);
    this.forms = new Map();
  }

  take(step, state) {
    const here = state.here === step.id;
    this.element.classList.toggle("desk-step--here", here);
    this.element.classList.toggle("desk-step--done", step.done);
    emptied(this.title, `${step.title}　`, this.word);
    this.word.textContent = step.word;
    emptied(
      this.points,
      ...step.points.map((point) => {
        const href = point.page.startsWith("#") ? point.page : root + point.page;
        return made("li", { class: point.open ? "desk-open" : null }, point.page ? made("a", { href }, point.text) : point.text);
      }),
    );
    const filled = { approval: [state.roles, state.number], check: state.waivable };
    const key = JSON.stringify([state.year, step.commands, filled[step.id] || 0]);
    if (key !== this.key) {
      this.key = key;
      this.fill(step, state);
    }
    const leads = step.points.some((point) => point.open && point.page);
    for (const [button, one] of this.forms) button.classList.toggle("edit-button--main", here && !leads && one === step.commands[0].id);
  }

  fill(step, state) {
    this.forms.clear();
    const panels = [];
    const buttons = step.commands.map((command) => {
      const shown = { ...command, blanks: command.blanks.map((blank) => this.desk.filled(command, blank, state)) };
      const form = new CommandForm(shown, (said, files) => this.desk.carry(command, said, files));
      const id = `form-${command.id}`;
      const panel = made("div", { id, class: "desk-panel", hidden: true }, form.element);
      const toggle = () => {
        const open = panel.hidden;
        for (const other of panels) other.hidden = true;
        for (const other of this.forms.keys()) other.setAttribute("aria-expanded", "false");
        panel.hidden = !open;
        button.setAttribute("aria-expanded", String(open));
        if (open) form.focus();
      };
      const button = made("button", { type: "button", class: "edit-button", "aria-expanded": "false", "aria-controls": id, click: toggle }, command.title);
      panels.push(panel);
      this.forms.set(button, command.id);
      if (command.id === "import")
        this.drop = (files) => {
          if (panel.hidden) toggle();
          form.addFiles(files);
        };
      return button;
    });
    emptied(this.commands, made("div", { class: "edit-buttons" }, ...buttons), ...panels);
  }

  close() {
    for (const button of this.forms.keys()) if (button.getAttribute("aria-expanded") === "true") button.click();
  }
}

class Desk {
  constructor() {
    this.cards = new Map();
    this.known = new Set(); // Years that the preview has.
    this.job = new Job((state, before) => this.changed(state, before));
    this.questions = new Questions((year, answers) => this.answer(year, answers));
    this.said = made("p", { class: "desk-said", role: "status" });
    this.heading = made("h1", null, "工作台");
    this.body = made("p", { class: "desk-body" });
    this.years = made("nav", { class: "desk-years", "aria-label": "年度" });
    this.strip = made("nav", { class: "desk-strip", "aria-label": "步骤" });
    this.steps = made("ol", { class: "desk-steps" });
    this.findings = made("div", { id: "findings", class: "desk-findings", tabindex: "-1" });
    this.results = made("div", { class: "desk-results" });
    emptied(
      main,
      made("header", { class: "desk-head" }, made("div", null, this.heading, this.body), made("p", null, made("a", { href: root }, "看网站的预览"))),
      this.years,
      this.strip,
      this.said,
      this.steps,
    );
    takeDrops((files) => {
      const card = this.cards.get("prepare");
      if (card && card.drop) card.drop(files);
    });
  }

  /* What a blank is filled with before anybody types. */
  filled(command, blank, state) {
    if (command.id === "new" && blank.name === "year") return { ...blank, value: String(state.next) };
    if (command.id === "approve" && blank.name === "role") return { ...blank, kind: "choice", options: state.roles.map((role) => [role, role]) };
    if (command.id === "waive" && blank.name === "finding")
      return { ...blank, options: state.waivable.map(({ rule, place, says }) => [JSON.stringify({ rule, place }), says]) };
    return blank;
  }

  async load() {
    try {
      const state = await ask("GET", wanted ? `path/${wanted}` : "path");
      await this.built(state.year);
      const first = !this.state;
      this.take(state);
      this.told("");
      const led = first && location.hash && document.getElementById(location.hash.slice(1));
      if (led) led.scrollIntoView(); // There was no such step yet when the browser looked for it.
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.told(error.message);
    }
  }

  /* Wait until the preview has the pages of a year that has just begun: links must not lead to nothing. */
  async built(year) {
    for (let tries = 0; tries < TRIES && !this.known.has(year); tries += 1) {
      const answer = await fetch(`${root}${year}/index.html`, { cache: "no-store" }).catch(() => null);
      if (answer && answer.ok) this.known.add(year);
      else {
        this.told("预览正在更新，请稍等…");
        await pause(500);
      }
    }
  }

  told(message, ...more) {
    if (!message && !more.length && !this.trouble) return;
    this.trouble = Boolean(message);
    emptied(this.said, message, ...more);
  }

  take(state) {
    this.state = state;
    document.title = `工作台　${state.year}年　${state.body}`;
    this.heading.textContent = `${state.year}年报告`;
    this.body.textContent = state.body;
    const here = (one) => (one.year === state.year ? "page" : null);
    emptied(
      this.years,
      ...state.years.map((one) => made("a", { href: `?year=${one.year}`, "aria-current": here(one) }, `${one.year}年　${one.word}`)),
    );
    emptied(
      this.strip,
      made(
        "ol",
        null,
        ...state.steps.map((step) => {
          const current = step.id === state.here ? "step" : null;
          return made("li", { class: step.done ? "desk-strip--done" : null }, made("a", { href: `#${step.id}`, "aria-current": current }, step.title, made("span", null, step.word)));
        }),
      ),
    );
    state.steps.forEach((step, index) => {
      if (!this.cards.has(step.id)) {
        const card = new StepCard(this, step.id, index + 1);
        this.cards.set(step.id, card);
        this.steps.append(card.element);
        if (step.id === "prepare") card.extra.append(this.questions.element);
        if (step.id === "check") card.extra.append(this.findings);
        if (step.id === "deliver") card.extra.append(this.results);
      }
      this.cards.get(step.id).take(step, state);
    });
    this.questions.take(state);
    this.listFindings(state.findings);
    this.listResults(state.results);
    this.job.take(state.job);
    this.place();
  }

  listFindings(findings) {
    const key = JSON.stringify(findings);
    if (this.shown === key) return;
    this.shown = key;
    const list = made(
      "ol",
      { class: "edit-list" },
      ...findings.map((one) => {
        const words = `${LEVELS[one.level]}${one.rule ? ` ${one.rule}` : ""}　${one.message}`;
        const text = one.page ? made("a", { href: root + one.page }, words) : words;
        return made("li", { class: `edit-line--${one.level}` }, text, one.page ? null : made("span", { class: "edit-place" }, one.place));
      }),
    );
    const old = this.findings.querySelector("details");
    const open = old ? old.open : findings.length < 6;
    emptied(this.findings, findings.length ? made("details", { open }, made("summary", null, `查出的 ${findings.length} 处`), list) : null);
  }

  listResults(results) {
    const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);
    emptied(this.results);
    if (!results.length) return;
    const items = results.map((one) => made("li", null, made("a", { href: madeAt(one.path), download: one.name }, one.name), `　${one.about}，${size(one.size)}`));
    this.results.append(made("p", null, "已经做好的文件，点一下保存："), made("ul", null, ...items));
  }

  /* The job stands in the step that it belongs to. */
  place() {
    const card = this.cards.get(this.job.state.step);
    if (card && this.job.element.parentElement !== card.holder) card.holder.append(this.job.element);
    this.steps.classList.toggle("desk-steps--busy", this.job.running);
  }

  async changed(state, before) {
    this.place();
    if (!state.result || before.number !== state.number) return;
    for (const card of this.cards.values()) if (state.result === "done" || state.result === "asks") card.close();
    const began = state.command === "new" && state.result === "done";
    if (began && wanted) location.search = "";
    else await this.load();
    this.job.status.focus();
  }

  async carry(command, said, files) {
    const { year } = this.state;
    if (command.id === "zeros") {
      const answer = await ask("POST", `zeros/${year}`);
      await this.load();
      const undo = async () => {
        await ask("POST", "undo", { seen: answer.undo });
        await this.load();
        this.told("已撤销");
      };
      this.told(`已做：${answer.undo}。`, made("button", { type: "button", class: "edit-button", click: undo }, "撤销"));
    } else if (command.id === "approve") {
      await this.approve(said);
    } else if (command.id === "waive") {
      await this.waive(said);
    } else {
      await this.job.start(`job/${year}`, { command: command.id, said, files });
    }
  }

  async approve(said) {
    const { number } = this.state;
    if (!said.role || !said.by || !said.on) throw new Refused("请填写环节、姓名或职务和审签日期");
    if (!number) throw new Refused("页面还不全，没有校验号，不能登记审签；请先改正“检查”里的错误");
    await this.add("approvals", "审签", (old) => [...old.filter((one) => one.role !== said.role), { ...said, number }]);
    this.cards.get("approval").close();
    this.told(`登记了“${said.role}”的审签。`);
  }

  async waive(said) {
    if (!said.finding || !said.reason) throw new Refused("请选择一处，并写明理由");
    await this.add("waivers", "照原样公布的问题", (old) => [...old, { ...JSON.parse(said.finding), reason: said.reason }]);
    this.told("登记了一处照原样公布的问题；在年度首页可以改理由，也可以删去。");
  }

  /* Write the list at *where* of the year's data, called *title*, as *changed* makes it of what stands there. */
  async add(where, title, changed) {
    const { year } = this.state;
    const old = (await ask("GET", `facts/${year}`)).said[where];
    const change = { where, old: old === undefined ? null : old, new: changed(old || []) };
    const answer = await ask("PUT", `facts/${year}`, { changes: [change] });
    if (answer.faults.length) throw new Refused(answer.faults.map((fault) => fault.message).join("\n"));
    if (Object.keys(answer.conflicts).length) throw new Refused(`${title}在别处改过；请再登记一次`);
    await this.load();
  }

  async answer(year, answers) {
    await ask("PUT", `answers/${year}`, { answers });
    await this.job.start(`job/${year}`, { command: "answers", said: {}, files: [] });
  }
}

const desk = new Desk();
desk.load();
follow(() => desk.load());
