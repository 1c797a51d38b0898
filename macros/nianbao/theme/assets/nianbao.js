/* What pages do beyond showing text: ways of reading that are remembered, the menu, search, citation.
   Everything that the reports say is there without this file. */

"use strict";

(() => {
  const KEY = "nianbao.reading";
  const root = document.documentElement;

  /* Ways of reading. What a browser does not let us remember holds for the page. */

  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  };
  const ways = { dark: matchMedia("(prefers-color-scheme: dark)").matches, large: false, ...stored() };

  const apply = () => {
    root.classList.toggle("large", ways.large === true);
    document.body.dataset.mdColorScheme = ways.dark === true ? "slate" : "default";
    for (const button of document.querySelectorAll("[data-action=large], [data-action=dark]"))
      button.setAttribute("aria-pressed", String(ways[button.dataset.action] === true));
  };

  const change = (way) => {
    ways[way] = !ways[way];
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...stored(), [way]: ways[way] }));
    } catch {
      /* As said above. */
    }
    apply();
  };

  /* Search: the words as they stand, in titles first. */

  const plain = (text) =>
    new DOMParser()
      .parseFromString(text.replace(/<\/?[a-z][^>]*>/gi, " "), "text/html")
      .documentElement.textContent.replace(/\u200b/g, "")
      .replace(/\s+/g, " ")
      .trim();
  const folded = (text) => text.normalize("NFKC").toLowerCase();

  const entries = (index) => {
    const names = new Map();
    const found = [];
    for (const item of index.docs || index.items) {
      const [page, anchor] = item.location.split("#");
      const title = plain(item.title);
      if (anchor === undefined || !names.has(page)) names.set(page, title);
      const text = plain(item.text);
      const year = (/^((?:19|20)\d\d)\//.exec(page) || [])[1] || "";
      found.push({ location: item.location, name: names.get(page), title, text, year, head: folded(title), body: folded(text) });
    }
    return found;
  };

  const count = (text, word) => text.split(word).length - 1;

  /* Every word must occur in an entry or in the name of its page. */
  const exact = (all, words) =>
    all.flatMap((entry) => {
      let score = 0;
      for (const word of words) {
        const [head, body] = [count(entry.head, word), count(entry.body, word)];
        if (!head && !body && !folded(entry.name).includes(word)) return [];
        score += (entry.head === word ? 60 : 0) + Math.min(head, 1) * 40 + Math.min(body, 5);
      }
      return score ? [{ entry, score }] : [];
    });

  /* Where few entries hold the words, those that hold most of their pairs of characters; words of asking count for nothing. */
  const ASKING = /[的了吗呢是有多少几怎么样什哪些请问]/;

  const near = (all, words) => {
    const cut = words.flatMap((word) => word.split(ASKING));
    const pairs = new Set(cut.flatMap((word) => Array.from({ length: Math.max(word.length - 1, 0) }, (_, at) => word.slice(at, at + 2))));
    if (!pairs.size) return [];
    const scored = all.map((entry) => {
      const held = [...pairs].filter((pair) => entry.head.includes(pair) || entry.body.includes(pair));
      const inTitle = held.filter((pair) => entry.head.includes(pair)).length;
      return { entry, share: held.length / pairs.size, score: held.length + inTitle / 2 };
    });
    return scored.filter(({ share }) => share >= 0.6);
  };

  const search = (all, query) => {
    const typed = folded(query).split(/[\s,，。、；;]+/).filter(Boolean);
    const years = typed.map((word) => (/^((?:19|20)\d\d)(?:年度?)?$/.exec(word) || [])[1]).filter((year) => year);
    const kept = all.filter((entry) => !years.length || years.includes(entry.year));
    const words = kept.length && years.length < typed.length ? typed.filter((word) => !/^(?:19|20)\d\d(?:年度?)?$/.test(word)) : typed;
    const sought = kept.length ? kept : all;
    const order = (one, other) => other.score - one.score || other.entry.year.localeCompare(one.entry.year);
    const whole = exact(sought, words).sort(order);
    const known = new Set(whole.map(({ entry }) => entry));
    const like = whole.length < 3 ? near(sought, words).filter(({ entry }) => !known.has(entry)).sort(order) : [];
    return { words, whole, like };
  };

  const marked = (text, words) => {
    const parts = document.createDocumentFragment();
    const low = text.toLowerCase();
    let at = 0;
    while (at < text.length) {
      const next = words
        .map((word) => ({ word, start: low.indexOf(word, at) }))
        .filter(({ start }) => start >= 0)
        .sort((one, other) => one.start - other.start || other.word.length - one.word.length)[0];
      if (!next) break;
      parts.append(text.slice(at, next.start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next.start, next.start + next.word.length);
      parts.append(mark);
      at = next.start + next.word.length;
    }
    parts.append(text.slice(at));
    return parts;
  };

  const excerpt = (text, words) => {
    const low = text.toLowerCase();
    const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), text.length);
    const start = first === text.length ? 0 : Math.max(0, first - 24);
    const end = Math.min(text.length, start + 96);
    return (start ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : "");
  };

  const MOST = 40;

  const wireSearch = (dialog) => {
    const input = dialog.querySelector("input");
    const status = dialog.querySelector(".search__status");
    const list = dialog.querySelector(".search__results");
    let index;

    const load = () => {
      index ||= fetch(dialog.dataset.index)
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then(entries);
      index.catch(() => (index = undefined));
      return index;
    };

    const result = (entry, words) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${dialog.dataset.root}/${entry.location}`;
      link.append(marked(entry.title || entry.name, words));
      const context = [entry.year && `${entry.year}年`, entry.name !== entry.title && entry.name].filter(Boolean);
      const above = document.createElement("span");
      above.className = "search__context";
      above.textContent = context.join("　");
      const text = document.createElement("p");
      text.append(marked(excerpt(entry.text, words), words));
      item.append(link, above, text);
      return item;
    };

    const show = ({ words, whole, like }) => {
      const hits = [...whole, ...like];
      list.replaceChildren(...hits.slice(0, MOST).map(({ entry }) => result(entry, words)));
      const parts = [];
      if (whole.length) parts.push(`找到 ${whole.length} 处`);
      else if (like.length) parts.push("没有完全相同的文字");
      if (like.length) parts.push(`相近的有 ${like.length} 处`);
      if (hits.length > MOST) parts.push(`列出前 ${MOST} 处`);
      status.textContent = parts.length ? `${parts.join("，")}。` : "没有找到；可以换一个词，或者少写几个字。";
    };

    const answer = async () => {
      const query = input.value;
      if (location.protocol === "file:") {
        status.textContent = "直接打开文件时不能搜索：搜索需要把网站放在服务器上。可以打开各年度的“全文”，用浏览器的“在页面中查找”。";
        return;
      }
      if (!query.trim()) {
        list.replaceChildren();
        status.textContent = "";
        return;
      }
      try {
        const all = await load();
        if (query === input.value) show(search(all, query));
      } catch {
        list.replaceChildren();
        status.textContent = "搜索用的文件没有取到，请稍后再试。";
      }
    };

    let typing;
    input.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(answer, 150);
    });
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      answer();
    });
    /* Browsers before 2022 may not know dialogs: there the box stands above the page. */
    let opener;
    const close = () => {
      if (dialog.close) return dialog.close();
      dialog.removeAttribute("open");
      opener.focus();
    };
    dialog.querySelector("[data-action=close]").addEventListener("click", close);
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // A search box would only empty itself.
      close();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".search__results a")) close();
    });
    return ({ currentTarget }) => {
      opener = currentTarget;
      if (dialog.showModal) dialog.showModal();
      else dialog.setAttribute("open", "");
      input.focus();
      input.select();
      answer();
    };
  };

  /* Citation: a reference that names agency, report, table, row, column, figure and address, ready to be copied. */

  const words = (element) => {
    const copy = element.cloneNode(true);
    for (const extra of copy.querySelectorAll(".headerlink, .table-mark, .visually-hidden")) extra.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const heads = (cell) => cell.headers.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const isColumn = (head) => head.scope === "col" || head.scope === "colgroup";
  const named = (cell, column) =>
    heads(cell).filter((head) => isColumn(head) === column).map(words).join("，");
  const address = (id) => location.href.split("#")[0] + (id ? `#${id}` : "");

  const choice = (label, options) => {
    const box = document.createElement("label");
    const select = document.createElement("select");
    select.append(...options.map(([value, text]) => new Option(text, value)));
    box.append(label, select);
    return [box, select];
  };

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };

  const selectText = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };

  /* Rows and columns of a table, or headings of a page; `point` chooses what stands at an id. */
  const places = (details) => {
    const table = details.dataset.table && document.getElementById(details.dataset.table);
    if (table) {
      const cells = [...table.querySelectorAll("td[headers]")];
      const options = (column) => [...new Set(cells.map((cell) => named(cell, column)))].map((name) => [name, name || "（只有一行）"]);
      const [rowBox, row] = choice("行：", [["", "整张表"], ...options(false).filter(([name]) => name)]);
      const [columnBox, column] = choice("列：", [["", "整行"], ...options(true)]);
      const find = () => cells.find((cell) => named(cell, false) === row.value && named(cell, true) === column.value);
      const text = () => {
        const cell = column.value && find();
        const line = row.value && cells.find((other) => named(other, false) === row.value);
        if (cell) return [`${row.value && `，行“${row.value}”`}，列“${column.value}”，数值 ${words(cell)}`, cell.id];
        if (line) return [`，行“${row.value}”`, heads(line).filter((head) => !isColumn(head)).pop().id];
        return ["", table.id];
      };
      const point = (target) => {
        const cell = cells.find((other) => other === target || (target.scope === "row" && heads(other).includes(target)));
        if (!cell) return false;
        row.value = named(cell, false);
        column.value = cell === target ? named(cell, true) : "";
        return true;
      };
      /* Columns that a row does not have are not offered. */
      const narrow = () => {
        for (const option of column.options)
          option.disabled = Boolean(option.value) && !cells.some((cell) => named(cell, false) === row.value && named(cell, true) === option.value);
        if (column.selectedOptions[0]?.disabled) column.value = "";
      };
      narrow();
      return { boxes: [rowBox, columnBox], text, point, narrow, table };
    }
    const headings = [...document.querySelectorAll("article :is(h2, h3)[id]")];
    const [box, select] = choice("位置：", [["", "整页"], ...headings.map((heading) => [heading.id, words(heading)])]);
    const text = () => [select.value && `，“${select.selectedOptions[0].text}”`, select.value];
    return { boxes: headings.length ? [box] : [], text, point: () => false, narrow: () => {} };
  };

  const wireCitation = (details) => {
    const reference = details.querySelector(".citation__text");
    const { boxes, text, point, narrow, table } = places(details);
    const tools = document.createElement("div");
    const copy = document.createElement("button");
    const status = document.createElement("span");
    tools.className = "citation__tools";
    copy.type = "button";
    copy.className = "site-button";
    copy.textContent = "复制引用";
    status.setAttribute("role", "status");
    const write = () => {
      narrow();
      const [place, id] = text();
      reference.textContent = `${reference.dataset.reference}${place}，${address(id)}`;
      status.textContent = "";
    };
    tools.append(...boxes, copy, status);
    details.append(tools);
    tools.addEventListener("change", write);
    copy.addEventListener("click", async () => {
      if (await copied(reference.textContent)) status.textContent = "已复制。";
      else {
        selectText(reference);
        status.textContent = "上面的文字已选中，请复制。";
      }
    });
    details.addEventListener("toggle", write);
    table?.addEventListener("click", (event) => {
      const target = event.target.closest("td[id], th[scope=row]");
      if (!target || event.target.closest("a") || !details.open || !point(target)) return;
      write();
      history.replaceState(null, "", `#${target.id}`);
    });
    const aim = () => {
      const target = table && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && table.contains(target) && point(target)) write();
    };
    addEventListener("hashchange", aim);
    aim();
  };

  /* Wiring, once the page is there. */

  const wire = () => {
    const dialog = document.getElementById("search");
    const menu = document.querySelector("[data-action=menu]");
    const open = (shown) => {
      root.classList.toggle("menu", shown);
      menu.setAttribute("aria-expanded", String(shown));
      if (shown) document.querySelector("#site-nav a").focus();
    };
    const actions = {
      large: () => change("large"),
      dark: () => change("dark"),
      menu: () => open(!root.classList.contains("menu")),
      search: wireSearch(dialog),
    };
    for (const [name, act] of Object.entries(actions))
      for (const button of document.querySelectorAll(`[data-action=${name}]`)) {
        button.hidden = false;
        button.addEventListener("click", act);
      }
    document.querySelectorAll(".citation").forEach(wireCitation);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && root.classList.contains("menu") && !dialog.hasAttribute("open")) {
        open(false);
        menu.focus();
      }
    });
    apply();
  };

  root.classList.add("js");
  apply();
  document.addEventListener("DOMContentLoaded", wire);
})();
