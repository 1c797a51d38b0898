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
      if (now > current) {
        await renew();
        current = now;
      }
    } catch {
      await pause(1000); // The preview has stopped, or the page is not looked at.
    }
  }
};

const isKept = (node) => node.nodeType === 1 && (node.classList.contains("edit-part") || Boolean(node.querySelector && node.querySelector("table.edit-table")));
const tableOf = (node) => (node.nodeType === 1 && node.querySelector ? node.querySelector("table.statutory[id]") : null);

/* Put what *fresh* has between the tables in place of what *old* has; say whether the tables are the same ones. */
const exchanged = (old, fresh) => {
  const kept = Array.from(old.childNodes).filter((node) => isKept(node) && tableOf(node));
  const ids = kept.map((node) => tableOf(node).id);
  const anchors = new Map(Array.from(fresh.childNodes).filter((node) => tableOf(node)).map((node) => [tableOf(node).id, node]));
  if (ids.some((table) => !anchors.has(table)) || Array.from(anchors.keys()).some((table) => document.getElementById(table) && !ids.includes(table))) return false;
  if (ids.length !== anchors.size) return false;
  for (const node of Array.from(old.childNodes)) if (!kept.includes(node) && !isKept(node)) node.remove();
  let at = old.firstChild;
  const skip = () => {
    while (at && at.nodeType === 1 && at.classList.contains("edit-part")) at = at.nextSibling;
  };
  for (const node of Array.from(fresh.childNodes)) {
    skip();
    if (tableOf(node)) {
      at = kept[ids.indexOf(tableOf(node).id)].nextSibling;
      continue;
    }
    old.insertBefore(document.importNode(node, true), at);
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
