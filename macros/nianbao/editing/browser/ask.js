/* Requests to the desk, and the small parts of pages that all of the editor makes. */

const script = document.getElementById("nianbao-editor");
export const { base, root, token, ticket } = script.dataset;
export const build = Number(script.dataset.build);

/* How grave a finding is. */
export const LEVELS = { error: "错误", uncertain: "待核", warning: "提醒" };
export const SHUT = "本年度的报告已经定稿公布，只能查看；确需更正的，先点页面下方的“更正”。";

/* What kept a request from being carried out; the text is for people. */
export class Refused extends Error {}

export const ask = async (method, path, body) => {
  const headers = { "X-Nianbao-Token": token };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  const content = method === "GET" ? undefined : JSON.stringify(body || {});
  // What is on its way is carried out, also where the page is left meanwhile; browsers do so for 64 KB.
  const keepalive = content !== undefined && content.length < 16000;
  let answer;
  try {
    answer = await fetch(base + path, { method, headers, keepalive, body: content });
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
  const headers = { "X-Nianbao-Token": token, "Content-Type": "application/octet-stream" };
  let answer;
  try {
    answer = await fetch(`${base}files/${encodeURIComponent(file.name)}`, { method: "PUT", headers, body: file });
  } catch {
    throw new Refused(`${file.name} 没有交到；请看文件还在不在、预览是否还开着，再试一次`);
  }
  const said = await answer.json().catch(() => ({ message: "预览的回答不完整；请再试一次" }));
  if (!answer.ok) throw new Refused(said.message);
};

/* The address of a file that a command has made, for a link. */
export const madeAt = (path) => `${base}made/${ticket}/${path.split("/").map(encodeURIComponent).join("/")}`;

/* Ask before the page is left as long as *unsaved* says that something would be lost. */
export const guarded = (unsaved) =>
  addEventListener("beforeunload", (event) => {
    if (!unsaved()) return;
    event.preventDefault();
    event.returnValue = ""; // What browsers before 2023 ask for.
  });
