/* What pages do beyond showing text: ways of reading that are remembered, the menu, the box of the search, citation.
   Everything that the reports say is there without this file. */

"use strict";

(() => {
  const KEY = "nianbao.reading";
  const root = document.documentElement;

  /* Ways of reading. What a browser does not let us remember holds for the page. */

  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch (fault) {
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
    } catch (fault) {
      /* As said above. */
    }
    apply();
  };

  /* As texts are compared: a full-width bracket is half-width. */
  const folded = (text) => text.normalize("NFKC").toLowerCase();

  /* What the address names in the page; an address may be damaged. */
  const fragment = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch (fault) {
      return "";
    }
  };

  /* What is sought may lie in a closed group: that around the place that the address names opens, and where the
     words of a search stand in one only, that too. */
  const SOUGHT = "nianbao.sought";

  const opened = (place) => {
    let closed = false;
    for (let around = place; around; around = around.parentElement)
      if (around.localName === "details" && !around.open) closed = around.open = true;
    return closed;
  };

  const reveal = (words) => {
    const target = document.getElementById(fragment());
    if (opened(target)) target.scrollIntoView();
    const blocks = [...document.querySelectorAll("article p, article li, article td, article th, article summary")].filter(
      (block) =>
        !block.closest(".table-lines, .citation") &&
        (!target || target.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING),
    );
    const held = (block) => words.filter((word) => folded(block.textContent).includes(word)).length;
    const most = Math.max(0, ...blocks.map(held));
    const best = most && blocks.find((block) => held(block) === most);
    if (best && opened(best.localName === "summary" ? best.parentElement.parentElement : best)) best.scrollIntoView({ block: "center" });
  };

  /* Remembered for the page that is opened next, where that is the one of the result. */
  const remember = (address, words) => {
    try {
      sessionStorage.setItem(SOUGHT, JSON.stringify({ address, words }));
    } catch (fault) {
      /* The page opens as it stands. */
    }
  };

  const remembered = () => {
    try {
      const { address, words } = JSON.parse(sessionStorage.getItem(SOUGHT)) || {};
      sessionStorage.removeItem(SOUGHT);
      return address === location.href ? words : [];
    } catch (fault) {
      return [];
    }
  };

  /* The box of the search. What searches is fetched when the box is first opened; what failed is tried again. */

  const wireSearch = (dialog) => {
    const input = dialog.querySelector("input");
    let loading;
    const program = () => {
      if (!loading) {
        loading = new Promise((done, failed) => {
          const script = document.createElement("script");
          script.src = dialog.dataset.program;
          script.addEventListener("load", () => done(window.nianbaoSearch(dialog, folded)));
          script.addEventListener("error", failed);
          document.head.append(script);
        });
        loading.catch(() => { loading = undefined; });
      }
      return loading;
    };
    /* What an input method composes is no word yet, also where the program comes in the midst of it. */
    let composing = false;
    for (const kind of ["compositionstart", "compositionend"])
      input.addEventListener(kind, () => { composing = kind === "compositionstart"; });

    const answer = async () => {
      try {
        const find = await program();
        if (!composing) find();
      } catch (fault) {
        dialog.querySelector(".search__status").textContent = "搜索用的程序没有取到，请稍后再试。";
      }
    };

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
      /* The key may belong to an input method that composes. */
      if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
      event.preventDefault(); // A search box would only empty itself.
      close();
    });
    dialog.addEventListener("click", (event) => {
      const link = event.target.closest(".search__results a");
      if (link) remember(link.href, JSON.parse(link.dataset.words));
      if (event.target === dialog || link) close();
      if (link && link.href === location.href) reveal(remembered()); // The page stays as it is.
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
    } catch (fault) {
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
        if (column.selectedOptions.length && column.selectedOptions[0].disabled) column.value = "";
      };
      narrow();
      return { boxes: [rowBox, columnBox], text, point, narrow, table };
    }
    const headings = [...document.querySelectorAll("article h2[id], article h3[id]")];
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
    if (table) table.addEventListener("click", (event) => {
      const target = event.target.closest("td[id], th[scope=row]");
      if (!target || event.target.closest("a") || !details.open || !point(target)) return;
      write();
      history.replaceState(null, "", `#${target.id}`);
    });
    /* Where a narrow screen shows a row as a line that opens, it leads to the reference of its total. */
    const wireLine = (line) => {
      const total = document.getElementById(line.querySelector("[data-figure]").dataset.figure.replace("cell:", ""));
      if (!table.contains(total)) return;
      const cite = document.createElement("button");
      cite.type = "button";
      cite.className = "site-button";
      cite.textContent = "引用";
      cite.addEventListener("click", () => {
        details.open = true;
        if (point(total)) write();
        details.scrollIntoView({ block: "center" });
        copy.focus({ preventScroll: true });
      });
      line.append(cite);
    };
    const aim = () => {
      const target = table && document.getElementById(fragment());
      if (target && table.contains(target) && point(target)) write();
    };
    addEventListener("hashchange", aim);
    aim();
    if (table) for (const line of document.querySelectorAll(".table-lines details")) wireLine(line);
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
    addEventListener("hashchange", () => reveal(remembered()));
    reveal(remembered());
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
