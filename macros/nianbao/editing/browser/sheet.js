/* The figures of a year as the file has them, what is typed and not yet written, and who is told of changes.
   On pages of no year there are none, and only what can be undone is known. */

import { Refused, agreed, ask, made, remember, remembered } from "./ask.js";

export const OPEN = "待填";
// Answers that will be the same the next time.
const REFUSALS = new Set([400, 413, 415, 422, 423]);

/* What an input shows for what the file says: what waits to be filled in is empty. */
export const shown = (text) => (text === OPEN ? "" : text);

export class Sheet {
  constructor(year) {
    this.year = year;
    this.state = null;
    this.pending = new Map(); // Address to what was typed and could not be written, and why.
    this.conflicts = new Map(); // Address to what the file says now and what was typed here.
    this.findings = [];
    this.listeners = [];
    this.leaders = []; // Functions that lead to what a finding is about, where they can; they say whether.
    this.queue = new Map(); // Address to what is to be written next.
    this.busy = null;
    this.saved = "";
    this.trouble = "";
    this.sent = {}; // What is on its way, by address.
    this.steps = Promise.resolve(); // Steps that are undone and redone, one after the other.
    this.sending = new Map(Object.entries(remembered(`sending.${year}`) || {})); // Address to old and new text.
    for (const [address, kept] of Object.entries(remembered(`pending.${year}`) || {})) this.pending.set(address, kept);
  }

  get correcting() {
    return remembered(`correcting.${this.year}`) === true;
  }

  get locked() {
    return this.state.frozen && !this.correcting;
  }

  correct(begun) {
    remember(`correcting.${this.year}`, begun);
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  tell() {
    const kept = {};
    for (const [address, one] of this.pending) kept[address] = one;
    remember(`pending.${this.year}`, kept);
    for (const listener of this.listeners) listener();
  }

  is(address) {
    return address in this.state.typed;
  }

  /* What the file says at *address*; empty for a total that is not entered. */
  said(address) {
    return this.is(address) ? this.state.typed[address] : this.state.entered[address] || "";
  }

  /* Something has been saved, here or in another part of the page. */
  written() {
    this.saved = `已保存 ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`;
    this.trouble = "";
  }

  take(state) {
    const { faults, conflicts, held, written, ...rest } = state;
    this.state = { ...this.state, ...rest };
    if (!state.tables) delete this.state.tables;
  }

  /* What was on its way when the page was left or the preview ended, and has not arrived. */
  resume() {
    if (this.busy) return;
    const texts = {};
    for (const [address, { old, text }] of this.sending) {
      this.pending.delete(address);
      const said = this.said(address);
      if (said === old) texts[address] = text;
      else if (shown(said) !== text.trim() && said !== text.normalize("NFKC").replace(/[,， ]/g, "")) this.conflicts.set(address, { text, now: said });
    }
    this.sending.clear();
    this.keep();
    if (Object.keys(texts).length) this.write(texts);
  }

  keep() {
    const kept = {};
    for (const [address, one] of this.sending) kept[address] = one;
    remember(`sending.${this.year}`, kept);
  }

  async load() {
    const none = { typed: {}, entered: {}, totals: {}, differ: [], unread: {}, labels: {}, pages: {}, waiting: 0, frozen: false };
    this.take(this.year ? await ask("GET", `year/${this.year}`) : { ...none, ...(await ask("GET", "history")) });
    this.tell();
  }

  async judge() {
    if (!this.year) return;
    const asked = (this.asked = (this.asked || 0) + 1);
    const answer = await ask("GET", `findings/${this.year}`).catch((error) => ({ error }));
    if (asked !== this.asked) return;
    if (answer.error) this.trouble = answer.error.message;
    else this.findings = answer.findings;
    this.tell();
  }

  /* Totals and faults as they would be with *texts* by address; nothing is written. */
  async attempt(texts) {
    return ask("PUT", `cells/${this.year}`, { changes: this.changes(texts), dry: true, correcting: this.correcting });
  }

  changes(texts) {
    return Object.entries(texts).map(([where, text]) => ({ where, old: this.said(where), new: text }));
  }

  /* Write *texts* by address; what is asked for meanwhile is written next, in one step. */
  write(texts) {
    for (const [address, text] of Object.entries(texts)) {
      this.conflicts.delete(address);
      this.pending.delete(address);
      this.queue.set(address, text);
      this.sending.set(address, { old: this.said(address), text });
    }
    this.keep();
    if (!this.busy)
      this.busy = this.flush().finally(() => {
        this.busy = null;
      });
    return this.busy;
  }

  async flush() {
    while (this.queue.size) {
      const texts = Object.fromEntries(this.queue);
      // A line of totals is written whole: those that were held back are sent along, as is what could not be sent.
      for (const [address, one] of this.pending) if ((one.held || this.sending.has(address)) && !(address in texts)) texts[address] = one.text;
      this.queue.clear();
      this.sent = texts;
      let failed = false;
      try {
        const answer = await ask("PUT", `cells/${this.year}`, { changes: this.changes(texts), correcting: this.correcting });
        this.take(answer);
        this.settle(texts, answer);
        this.trouble = "";
        if (answer.written.length) this.written();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        for (const [address, text] of Object.entries(texts))
          if (!this.queue.has(address)) this.pending.set(address, { text, message: `没有写入：${error.message}` });
        this.trouble = error.message;
        failed = !REFUSALS.has(error.status); // It is sent again as soon as the preview is there again.
      }
      for (const address of Object.keys(texts)) if (!this.queue.has(address) && !failed) this.sending.delete(address);
      this.keep();
      this.tell();
    }
    this.sent = {};
    this.judge();
  }

  /* The page is left: what waits for a save that is on its way is sent at once, and follows on that. */
  leave() {
    if (!this.queue.size) return;
    const changes = Array.from(this.queue, ([where, text]) => ({ where, old: where in this.sent ? this.sent[where] : this.said(where), new: text }));
    ask("PUT", `cells/${this.year}`, { changes, correcting: this.correcting }).catch(() => {}); // It is kept for the next page.
  }

  settle(texts, answer) {
    const held = new Set(answer.held);
    for (const [address, text] of Object.entries(texts)) {
      this.pending.delete(address);
      if (this.queue.has(address)) continue;
      if (address in answer.faults) this.pending.set(address, { text, message: answer.faults[address] });
      else if (address in answer.conflicts) this.conflicts.set(address, { text, now: answer.conflicts[address] });
      else if (held.has(address) && text !== "")
        this.pending.set(address, { text, held: true, message: "合计的一行各列都填了才写入；没有原件的合计可以不填" });
    }
  }

  /* Undo or redo a step, after all that was asked for before. */
  step(path) {
    this.steps = this.steps.then(() => this.busy).then(() => this.turn(path));
    return this.steps;
  }

  /* A step of another year is asked about; a page that is shut turns none. */
  async turn(path) {
    if (this.locked) return;
    const { [path]: seen, [`${path}_year`]: of } = this.state;
    const verb = path === "undo" ? "撤销" : "重做";
    const other = of && of !== this.year;
    if (other && !(await agreed(`${verb}别的年度`, [made("p", null, `要${verb}的这一步在${of}年的报告里：${seen}。`)], verb))) return;
    try {
      const correcting = other ? remembered(`correcting.${of}`) === true : this.correcting;
      const answer = await ask("POST", path, { seen, correcting });
      const word = `已${verb}`;
      this.trouble = answer.what ? "" : "没有可以撤销或重做的了";
      this.saved = answer.what ? `${word}：${answer.what}` : this.saved;
    } catch (error) {
      this.failed(error);
    }
    await this.load().catch((error) => this.failed(error));
    this.judge();
  }

  failed(error) {
    if (!(error instanceof Refused)) throw error;
    this.trouble = error.message;
    this.tell();
  }

  async zeros() {
    try {
      this.take(await ask("POST", `zeros/${this.year}`, { correcting: this.correcting }));
      this.saved = `已做：${this.state.undo}`;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.trouble = error.message;
    }
    this.tell();
    this.judge();
  }
}
