/* In place of the host's reloading: what a new build changes is put into the page around what is being edited. */

import { build } from "./ask.js";

let current = build;
let controller = null;
const id = Math.floor(Math.random() * 1e9);

const pause = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));

/* Call *renew* after each build, as long as the page is looked at. */
export const follow = async (renew) => {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" && controller) controller.abort();
  });
  addEventListener("pagehide", () => controller && controller.abort());
  for (;;) {
    if (document.visibilityState !== "visible") {
      await pause(500);
      continue;
    }
    controller = new AbortController();
    try {
      const answer = await fetch(`/livereload/${current}/${id}`, { signal: controller.signal });
      const now = Number(await answer.text());
      if (now !== current) { // Less, where the preview has been started anew since this machine has.
        await renew();
        current = now;
      }
    } catch {
      await pause(1000); // The preview has stopped, or the page is not looked at.
    }
  }
};

const within = (node, selector) => (node.nodeType === 1 ? node.querySelector(selector) : null);
const isOurs = (node) => node.nodeType === 1 && node.classList.contains("edit-part");

/* Put what *fresh* has in place of what *old* has, around the tables that are edited and the parts that are ours.
   Returns false where *fresh* lacks one of those tables. */
const exchanged = (old, fresh) => {
  const replaced = [];
  const kept = new Map(); // The id of a table that is edited to what holds it.
  for (const node of Array.from(old.childNodes)) {
    const table = within(node, "table.edit-table");
    if (table) kept.set(table.id, node);
    else if (!isOurs(node)) replaced.push(node);
  }
  const idOf = (node) => Array.from(kept.keys()).find((id) => within(node, `table[id="${id}"]`));
  const nodes = Array.from(fresh.childNodes);
  if (nodes.filter(idOf).length !== kept.size) return false;
  for (const node of replaced) node.remove();
  let at = old.firstChild;
  for (const node of nodes) {
    while (at && isOurs(at)) at = at.nextSibling;
    const id = idOf(node);
    if (id) at = kept.get(id).nextSibling;
    else old.insertBefore(document.importNode(node, true), at);
  }
  return true;
};

/* Bring the page to what the last build made of it. Returns false where it cannot be done around what is edited. */
export const healed = async () => {
  const answer = await fetch(location.pathname, { cache: "no-store" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [old, fresh] = [document.querySelector("article"), page.querySelector("article")];
  if (!old || !fresh || !exchanged(old, fresh)) return false;
  const [footer, renewed] = [document.querySelector("footer.md-footer"), page.querySelector("footer.md-footer")];
  if (footer && renewed && !footer.querySelector(".edit-part[open]")) footer.replaceWith(document.importNode(renewed, true));
  return true;
};
