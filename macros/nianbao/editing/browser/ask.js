/* Requests to the desk, and the small parts of pages that all of the editor makes. */

const ID = "nianbao-editor";
const script = document.getElementById(ID);
export const { base, root } = script.dataset;
export const build = Number(script.dataset.build);
let { token, ticket } = script.dataset;
const FORBIDDEN = 403;
// Browsers carry out what is on its way when the page is left up to 64 KB in all.
const MOST_KEPT_ALIVE = 30000;

/* How grave a finding is. */
export const LEVELS = { error: "错误", uncertain: "待核", warning: "提醒" };
export const SHUT = "本年度的报告已经定稿公布，只能查看；确需更正的，先点页面下方的“更正”。";

/* What kept a request from being carried out; the text is for people. */
export class Refused extends Error {}

/* What the preview answers. One that has been started anew knows another token, which stands in the page as it is now:
   what was typed into this one need not be given up for it. */
const answered = async (path, options, headers) => {
  const once = () => fetch(base + path, { ...options, headers: { ...headers, "X-Nianbao-Token": token } });
  const answer = await once();
  if (answer.status !== FORBIDDEN) return answer;
  const page = await fetch(location.href, { cache: "no-store" });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById(ID);
  if (!fresh || fresh.dataset.token === token) return answer;
  ({ token, ticket } = fresh.dataset);
  return once();
};

export const ask = async (method, path, body) => {
  const headers = method === "GET" ? {} : { "Content-Type": "application/json" };
  const content = method === "GET" ? undefined : JSON.stringify(body || {});
  const keepalive = content !== undefined && new Blob([content]).size < MOST_KEPT_ALIVE;
  let answer;
  try {
    answer = await answered(path, { method, keepalive, body: content }, headers);
  } catch {
    throw new Refused("预览没有回应，可能已经停止；页面里的内容还在，请重新启动预览后再试");
  }
  const said = await answer.json().catch(() => null);
  if (!said) throw new Refused("预览的回答不完整；请再试一次");
  if (!answer.ok) throw Object.assign(new Refused(said.message), { status: answer.status });
  return said;
};

/* An element with attributes, listeners (functions) and children. */
export const made = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

export const emptied = (element, ...children) => {
  while (element.firstChild) element.firstChild.remove();
  element.append(...children.filter((child) => child !== null));
  return element;
};

/* Show a dialog with what *content* makes of a function that closes it with a value, which the promise gives. */
export const dialogue = (title, content, kind = "") =>
  new Promise((settle) => {
    const close = (value) => {
      dialog.close();
      dialog.remove();
      settle(value);
    };
    const heading = made("h2", { id: "edit-dialog-title" }, title);
    const dialog = made("dialog", { class: `edit-dialog md-typeset ${kind}`, "aria-labelledby": heading.id }, heading, ...content(close));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });

/* Ask in a dialog; the promise gives true where it is agreed to. */
export const agreed = (title, content, yes, no = "取消") =>
  dialogue(title, (close) => [
    ...content,
    made(
      "p",
      { class: "edit-buttons" },
      yes && made("button", { type: "button", class: "edit-button edit-button--main", click: () => close(true) }, yes),
      made("button", { type: "button", class: "edit-button", click: () => close(false) }, no),
    ),
  ]);

/* What a window remembers until it is closed. */
export const remembered = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(`nianbao.edit.${key}`));
  } catch {
    return null;
  }
};
export const remember = (key, value) => {
  try {
    sessionStorage.setItem(`nianbao.edit.${key}`, JSON.stringify(value));
  } catch {
    /* It holds for the page then. */
  }
};

/* Hand a file over, to be read by a command that is started afterwards. */
export const handOver = async (file) => {
  const headers = { "Content-Type": "application/octet-stream" };
  let answer;
  try {
    answer = await answered(`files/${encodeURIComponent(file.name)}`, { method: "PUT", body: file }, headers);
  } catch {
    throw new Refused(`${file.name} 没有交到；请看文件还在不在、预览是否还开着，再试一次`);
  }
  const said = await answer.json().catch(() => ({ message: "预览的回答不完整；请再试一次" }));
  if (!answer.ok) throw new Refused(said.message);
};

/* The address of a file that a command has made, for a link. */
export const madeAt = (path) => `${base}made/${ticket}/${path.split("/").map(encodeURIComponent).join("/")}`;

/* Where the page is left for: whether for one of the preview in the same window, by a link in it. */
let within = false;
addEventListener("click", (event) => {
  const link = event.target.closest ? event.target.closest("a[href]") : null;
  within = Boolean(link) && link.origin === location.origin && !link.target && !(event.ctrlKey || event.metaKey || event.shiftKey);
});

/* Ask before the page is left as long as *unsaved* says that something would be lost; what is *remembered* by the window
   is lost only with it. */
export const guarded = (unsaved, kept = false) =>
  addEventListener("beforeunload", (event) => {
    if (!unsaved() || (kept && within)) return;
    event.preventDefault();
    event.returnValue = ""; // What browsers before 2023 ask for.
  });
