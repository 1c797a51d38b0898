/* The clipboard: tables of Excel, WPS and Word into cells, with a look at what that will do; and out again. */

import { agreed, made } from "./ask.js";

const WORDS = new Set(["待填", "不详", "空白"]);
const NONE = new Set(["", "/", "\\", "-", "—", "——", "–"]); // Nothing stands there; it is no figure either.
const FIGURE = /^[+-]?[0-9](?:[0-9,， ']*[0-9])?(?:\.[0-9]+)?(?:元|万元)?$/;
const LABEL = /[\u4e00-\u9fff].*[\u4e00-\u9fff]/;

const tidy = (text) => text.normalize("NFKC").replace(/[\s\u200b]+/g, " ").trim();
const isFigure = (text) => FIGURE.test(text) || WORDS.has(text);
const isLabel = (text) => LABEL.test(text) && !isFigure(text);

/* Text with tabs between cells as rows. Spreadsheets end the last row with a line feed as well, which is no row. */
export const fromText = (text) => {
  const rows = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at += 1) {
    const row = rows[rows.length - 1];
    const character = source[at];
    const whole = row[row.length - 1];
    if (quoted) {
      if (character !== '"') row[row.length - 1] += character;
      else if (source[at + 1] === '"') {
        row[row.length - 1] += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && whole === "") quoted = true;
    else if (character === "\t") row.push("");
    else if (character === "\n") rows.push([""]);
    else row[row.length - 1] += character;
  }
  if (rows.length > 1 && rows[rows.length - 1].join("") === "") rows.pop();
  return rows.map((row) => row.map(tidy));
};

/* The first table of HTML as rows; a cell that spans several stands in the first of them, the others are empty. */
export const fromHtml = (html) => {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const rows = [];
  Array.from(table.rows).forEach((tr, row) => {
    rows[row] = rows[row] || [];
    let column = 0;
    for (const cell of tr.cells) {
      while (rows[row][column] !== undefined) column += 1;
      for (let down = 0; down < Math.min(cell.rowSpan || 1, table.rows.length - row); down += 1)
        for (let right = 0; right < cell.colSpan; right += 1) {
          rows[row + down] = rows[row + down] || [];
          rows[row + down][column + right] = down || right ? "" : tidy(cell.textContent);
        }
      column += cell.colSpan;
    }
  });
  return rows.map((row) => Array.from(row, (text) => text || ""));
};

const words = (label) => label.normalize("NFKC").replace(/\(.*?\)/g, "").replace(/[^\u4e00-\u9fff]/g, "").replace(/^[一二三四五六七八九十]+(?=本|上|结)/, "");

/* Rows of figures with the labels before them; heads above them are left out. */
export const figuresOf = (rows) => {
  const lines = rows.filter((row) => row.some((text) => isFigure(text)) || !row.some((text) => isLabel(text)));
  let labels = 0;
  for (const row of lines) for (let at = row.length - 1; at >= labels; at -= 1) if (isLabel(row[at])) labels = at + 1;
  return lines.map((row) => {
    const before = row.slice(0, labels).filter((text) => isLabel(text));
    return { label: before.length ? words(before[before.length - 1]) : "", figures: row.slice(labels) };
  });
};

/* Where pasted rows go: pairs of cell and text. Rows with labels of the form go to their rows, others from *start* on. */
export const placed = (view, rows, start) => {
  const { grid } = view;
  const lines = figuresOf(rows);
  const figuresIn = (row) => Array.from(new Set(grid.rows[row])).filter((cell) => view.inputs.has(cell.id));
  const own = grid.trs.map((tr, row) => {
    const heads = Array.from(tr.cells).filter((cell) => cell.tagName === "TH" && cell.scope === "row");
    return { row, label: heads.length ? words(heads[heads.length - 1].textContent) : "" };
  });
  const at = grid.places.get(start);
  let next = at.row;
  const pairs = [];
  let outside = 0;
  const labelled = lines.filter((line) => line.label && own.some((one) => one.label === line.label)).length * 2 > lines.length;
  for (const line of lines) {
    let row = next;
    if (labelled && line.label) {
      // 其他 and the like occur several times: the one that comes next is meant.
      const known = own.filter((one) => one.label === line.label);
      const found = known.find((one) => one.row >= next) || known[0];
      if (!found) {
        outside += line.figures.filter((text) => text !== "").length;
        continue;
      }
      row = found.row;
      if (pairs.length === 0) next = row;
    }
    while (row < grid.trs.length && !figuresIn(row).length) row += 1;
    next = row + 1;
    if (row >= grid.trs.length) {
      outside += line.figures.filter((text) => text !== "").length;
      continue;
    }
    const cells = figuresIn(row);
    const whole = labelled || line.figures.length >= cells.length;
    const from = whole ? 0 : cells.findIndex((cell) => grid.places.get(cell).column >= at.column);
    line.figures.forEach((text, index) => {
      const cell = from < 0 ? undefined : cells[from + index];
      if (cell) pairs.push({ cell, text });
      else if (text !== "") outside += 1;
    });
  }
  return { pairs, outside };
};

const kinds = (view, pairs) => {
  const { sheet } = view;
  const texts = {};
  const totals = {};
  let blanks = 0;
  for (const { cell, text } of pairs) {
    const total = !sheet.is(cell.id);
    if (NONE.has(text)) blanks += 1;
    else if (total && !view.entering()) totals[cell.id] = text;
    else texts[cell.id] = text;
  }
  return { texts, totals, blanks };
};

const plainly = (text) => text.replace(/[,， ']/g, "");

export const pasted = async (view, event) => {
  const input = event.target;
  if (!input.classList.contains("edit-cell") || input.readOnly) return;
  const html = event.clipboardData.getData("text/html");
  const text = event.clipboardData.getData("text/plain");
  const rows = (html && fromHtml(html)) || fromText(text);
  if (rows.length === 1 && rows[0].length === 1) {
    if (view.editing || !rows[0][0]) return; // The browser puts it where the caret is.
    event.preventDefault();
    input.value = rows[0][0];
    view.typed(input);
    return;
  }
  event.preventDefault();
  await paste(view, rows, input.closest("td"));
};

const paste = async (view, rows, start) => {
  const { sheet } = view;
  const { pairs, outside } = placed(view, rows, start);
  const { texts, totals, blanks } = kinds(view, pairs);
  const changed = {};
  for (const [address, text] of Object.entries(texts)) if (plainly(text) !== sheet.said(address)) changed[address] = text;
  let tried;
  try {
    tried = await sheet.attempt(changed);
  } catch (error) {
    await agreed("不能粘贴", [made("p", null, error.message)], "", "关闭");
    return;
  }
  const other = Object.entries(totals).filter(([address, text]) => plainly(text) !== tried.totals[address]);
  const label = (address) => sheet.state.labels[address] || address;
  const lines = [
    ...Object.entries(changed).map(([address, text]) => {
      const fault = tried.faults[address];
      const was = sheet.said(address) || "未填";
      return made("li", { class: fault ? "edit-line--error" : null }, `${label(address)}：${was} → ${plainly(text)}${fault ? `（不能写入：${fault}）` : ""}`);
    }),
    ...other.map(([address, text]) => made("li", { class: "edit-line--error" }, `${label(address)}：粘贴的合计 ${text} ≠ 计算的 ${tried.totals[address]}`)),
  ];
  const count = Object.keys(changed).length;
  const faults = Object.keys(tried.faults).length;
  const same = Object.keys(texts).length - count;
  const said = [
    `将改写 ${count - faults} 格`,
    same ? `${same} 格与现在相同` : "",
    blanks ? `${blanks} 格是空的，保持原样` : "",
    faults ? `${faults} 格读不懂，不写入` : "",
    Object.keys(totals).length ? `合计 ${Object.keys(totals).length} 个由程序计算，只作核对，${other.length ? `${other.length} 个不同` : "都相同"}` : "",
    outside ? `${outside} 个数在表外，不粘贴` : "",
  ].filter(Boolean);
  const content = [made("p", null, `${said.join("；")}。`), lines.length ? made("ol", { class: "edit-list", tabindex: "0", "aria-label": "将改写的各格" }, ...lines) : ""];
  const active = document.activeElement;
  const yes = await agreed("粘贴前看一眼", content, count ? "粘贴" : "", count ? "取消" : "关闭");
  if (active) active.focus();
  if (yes) await sheet.write(changed);
};

export const copied = (view, event) => {
  const rows = view.block();
  if (!rows.length) return;
  event.preventDefault();
  const value = (cell) => {
    const sum = cell.querySelector(".edit-sum");
    return sum ? sum.textContent : view.sheet.said(cell.id);
  };
  const texts = rows.map((row) => row.map(value));
  const table = made("table", null, ...texts.map((row) => made("tr", null, ...row.map((text) => made("td", null, text)))));
  event.clipboardData.setData("text/plain", texts.map((row) => row.join("\t")).join("\n"));
  event.clipboardData.setData("text/html", table.outerHTML);
};
