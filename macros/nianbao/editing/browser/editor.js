/* The editor of the preview: finds out what the page shows, and makes it fit to be edited. */

import { Refused, guarded, made, root } from "./ask.js";
import { Bar } from "./bar.js";
import { offerFacts } from "./facts.js";
import { follow, healed } from "./reload.js";
import { Sheet } from "./sheet.js";
import { Table } from "./table.js";
import { offerWords } from "./words.js";

const page = decodeURIComponent(location.pathname).slice(root.length);
const year = (/^((?:19|20)[0-9]{2})\//.exec(page) || [])[1];
let views = [];

/* The tables that the page shows, and those that it cannot show because a figure is unreadable. */
const open = (sheet) => {
  views = views.filter((view) => view.table.isConnected);
  for (const card of document.querySelectorAll("[data-macro^='statutory_table ']")) {
    const id = card.dataset.macro.split(" ")[1];
    if (!sheet.state.tables || !sheet.state.tables[id] || document.getElementById(id)) continue;
    const parsed = new DOMParser().parseFromString(sheet.state.tables[id], "text/html");
    card.after(...Array.from(parsed.body.children).map((node) => document.importNode(node, true)));
  }
  for (const table of document.querySelectorAll("table.statutory[id]"))
    if (!views.some((view) => view.table === table) && table.querySelector("td[id]")) views.push(new Table(table, sheet));
};

const pause = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));

const start = async () => {
  const sheet = new Sheet(year || "");
  let known = true;
  try {
    await sheet.load();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    known = false;
    const told = made("div", { class: "finding-card edit-part", role: "alert" }, made("p", null, error.message));
    if (error.status !== 404 && document.querySelector("article")) document.querySelector("article").prepend(told);
  }
  if (known) {
    open(sheet);
    const bar = new Bar(sheet, () => views);
    sheet.listen(() => {
      for (const view of views) view.refresh();
      bar.refresh();
    });
    sheet.judge();
    sheet.resume();
    addEventListener("pagehide", () => {
      views.forEach((view) => view.leave());
      sheet.leave();
    });
    guarded(() => sheet.pending.size + sheet.conflicts.size > 0, true);
  }
  const parts = [await offerFacts(page, year, sheet), await offerWords(page, year, sheet)];
  follow(async () => {
    while (parts.some((part) => part.busy())) await pause(300); // What somebody types into stays where it is.
    if (known) {
      await sheet.load();
      sheet.resume();
    }
    if (!known || !(await healed())) {
      while (parts.some((part) => part.busy())) await pause(300); // Somebody may have begun meanwhile.
      const typing = views.some((view) => view.active() && view.active().dataset.dirty) || sheet.busy || parts.some((part) => part.unsaved());
      if (!typing) location.reload();
      return;
    }
    open(sheet);
    sheet.tell();
    sheet.judge();
    for (const part of parts) await part.replace();
  });
};

start();
