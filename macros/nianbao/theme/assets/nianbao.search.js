/* The search, which nianbao.js fetches when its box is first opened. */

"use strict";

/* Wire the box *dialog* and return what answers the words in it; *folded* gives a text as texts are compared. */
window.nianbaoSearch = (dialog, folded) => {
  /* The words as they stand, in titles first. */

  const plain = (text) =>
    new DOMParser()
      .parseFromString(text.replace(/<\/?[a-z][^>]*>/gi, " "), "text/html")
      .documentElement.textContent.replace(/\u200b/g, "")
      .replace(/\s+/g, " ")
      .trim();

  /* A text as it is compared, and for each of its characters the place in the text as it stands: a full-width
     bracket is half-width, and one character may become several. */
  const compared = (text) => {
    const places = [];
    let low = "";
    let at = 0;
    for (const character of text) {
      const plainer = folded(character);
      for (let unit = 0; unit < plainer.length; unit += 1) places.push(at);
      low += plainer;
      at += character.length;
    }
    places.push(text.length);
    return { low, places };
  };

  const entry = (location, name, title, text, year) => ({
    location, name, title, text, year, head: folded(title), body: folded(text),
  });

  const entries = (index) => {
    const names = new Map();
    const found = [];
    for (const item of index.docs || index.items) {
      const [page, anchor] = item.location.split("#");
      const title = plain(item.title);
      if (anchor === undefined || !names.has(page)) names.set(page, title);
      const year = (/^((?:19|20)\d\d)\//.exec(page) || [])[1] || "";
      found.push(entry(item.location, names.get(page), title, plain(item.text), year));
    }
    return found;
  };

  /* Who runs the site stands at the foot of every page, this one too. */
  const foot = () => {
    const facts = document.getElementById("site-foot");
    if (!facts) return [];
    const lines = [...facts.children].map((line) => line.textContent.trim());
    const found = entry("", "", "联系方式：联系电话、地址、电子邮箱和主办单位", lines.join("；"), "");
    return lines.length ? [{ ...found, href: "#site-foot" }] : [];
  };

  const count = (text, word) => text.split(word).length - 1;

  /* What a word is worth in an entry, less than 0 where it stands neither there nor in the name of its page. */
  const worth = (one, word) => {
    const [head, body] = [count(one.head, word), count(one.body, word)];
    if (!head && !body && !folded(one.name).includes(word)) return -1;
    return (one.head === word ? 60 : 0) + Math.min(head, 1) * 40 + Math.min(body, 5);
  };

  const OF_A_REPORT = 5; // As much as pages about the reports get for words in their text.

  /* Every word must occur, or one that reports use for it, which counts half. */
  const exact = (all, words) =>
    all.flatMap((one) => {
      let score = 0;
      for (const { typed, meant } of words) {
        const best = Math.max(worth(one, typed), ...meant.map((word) => worth(one, word) / 2));
        if (best < 0) return [];
        score += best;
      }
      return score ? [{ entry: one, score: score + (one.year ? OF_A_REPORT : 0) }] : [];
    });

  /* Where few entries hold the words, those that hold most of their pairs of characters; words of asking count for nothing. */
  const ASKING = /[的了吗呢是有多少几怎么样什哪些请问]/;

  const near = (all, words) => {
    const cut = words.flatMap((word) => word.split(ASKING));
    const pairs = new Set(cut.flatMap((word) => Array.from({ length: Math.max(word.length - 1, 0) }, (_, at) => word.slice(at, at + 2))));
    if (!pairs.size) return [];
    const scored = all.map((one) => {
      const held = [...pairs].filter((pair) => one.head.includes(pair) || one.body.includes(pair));
      const inTitle = held.filter((pair) => one.head.includes(pair)).length;
      return { entry: one, share: held.length / pairs.size, score: held.length + inTitle / 2 };
    });
    return scored.filter(({ share }) => share >= 0.6);
  };

  const YEAR = /^((?:19|20)\d\d)(?:年度?)?$/;
  const NUMBER = /^\d+(?:\.\d+)?$/;

  /* Words between blanks and marks; a year before words is a word of its own: 2024年行政处罚. */
  const typedWords = (query) =>
    folded(query)
      .replace(/(\d),(?=\d{3})/g, "$1")
      .split(/[\s,，。、；;：:？?!！]+/)
      .flatMap((word) => {
        const joined = /^((?:19|20)\d\d年度?)的?(.+)$/.exec(word);
        return joined ? [joined[1], joined[2]] : [word];
      })
      .filter(Boolean);

  const numbers = (query) => typedWords(query).filter((word) => NUMBER.test(word) && !YEAR.test(word));

  const MOST_NAMED = 3;

  const withYear = (query) => typedWords(query).some((word) => YEAR.test(word));

  /* A typed word and what reports call it, by *terms*, also where words of asking stand around it. */
  const understood = (typed, terms) => {
    const asked = typed.split(ASKING).filter(Boolean);
    return { typed, meant: terms.get(typed) || (asked.length === 1 && terms.get(asked[0])) || [] };
  };
  const holds = (text, { typed, meant }) => [typed, ...meant].some((word) => text.includes(word));

  /* *cells* are figures of the tables, each with its value: sought by a number, or by the names of a row and a year. */
  const search = (all, cells, terms, query) => {
    const typed = typedWords(query);
    const years = typed.map((word) => (YEAR.exec(word) || [])[1]).filter((year) => year);
    const kept = all.filter((one) => !years.length || years.includes(one.year));
    /* A year that is part of a name, 2022年部门决算, is sought as it stands too. */
    const named = all.filter((one) => years.length && !years.includes(one.year) && one.body.includes(folded(query).trim()));
    const words = kept.length && years.length < typed.length ? typed.filter((word) => !YEAR.test(word)) : typed;
    const read = words.map((word) => understood(word, terms));
    const sought = kept.length ? kept : all;
    const order = (one, other) => other.score - one.score || other.entry.year.localeCompare(one.entry.year);
    const sums = new Set(numbers(query));
    const rest = read.filter(({ typed: word }) => !sums.has(word) && !YEAR.test(word));
    const figures = cells
      .filter((one) => (sums.size ? sums.has(one.value) : rest.length) && (!years.length || years.includes(one.year)))
      .filter((one) => rest.every((word) => holds(one.head, word)))
      .slice(0, sums.size ? cells.length : MOST_NAMED)
      .map((one) => ({ entry: one, score: 0 }))
      .sort(order);
    const whole = [...exact(sought, read), ...named.map((one) => ({ entry: one, score: 30 }))].sort(order);
    const known = new Set(whole.map(({ entry: one }) => one));
    const few = whole.length + figures.length < 3 && !sums.size;
    const like = few ? near(sought, words).filter(({ entry: one }) => !known.has(one)).sort(order) : [];
    const meant = read.flatMap((word) => word.meant);
    return { words: [...words, ...meant], meant, whole: [...figures, ...whole], like };
  };

  const marked = (text, words) => {
    const parts = document.createDocumentFragment();
    const { low, places } = compared(text);
    let [at, written] = [0, 0];
    while (at < low.length) {
      const next = words
        .map((word) => ({ word, start: low.indexOf(word, at) }))
        .filter(({ start }) => start >= 0)
        .sort((one, other) => one.start - other.start || other.word.length - one.word.length)[0];
      if (!next) break;
      at = next.start + next.word.length;
      parts.append(text.slice(written, places[next.start]));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(places[next.start], places[at]);
      parts.append(mark);
      written = places[at];
    }
    parts.append(text.slice(written));
    return parts;
  };

  /* From the beginning of the sentence where that is near, to the end of one where that is. */
  const excerpt = (text, words) => {
    const { low, places } = compared(text);
    const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), low.length);
    const found = first === low.length ? 0 : places[first];
    const before = text.slice(Math.max(0, found - 40), found);
    const stop = Math.max(...[..."。；！？"].map((mark) => before.lastIndexOf(mark)));
    const start = stop >= 0 ? found - before.length + stop + 1 : Math.max(0, found - 24);
    const most = Math.min(text.length, start + 110);
    const last = text.slice(start, most).lastIndexOf("。");
    const end = most < text.length && start + last > found ? start + last + 1 : most;
    return (start && stop < 0 ? "…" : "") + text.slice(start, end).trim() + (end < text.length && end === most ? "…" : "");
  };

  const MOST = 40;

  const input = dialog.querySelector("input");
  const status = dialog.querySelector(".search__status");
  const list = dialog.querySelector(".search__results");
  const loading = {};

  /* Fetched when they are needed, and once; what failed is tried again. */
  const load = (name, address, read) => {
    if (!loading[name]) {
      loading[name] = fetch(address)
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then(read);
      loading[name].catch(() => delete loading[name]);
    }
    return loading[name];
  };

  const result = (one, words) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = one.href || `${dialog.dataset.root}/${one.location}`;
    link.append(marked(one.title || one.name, words));
    link.dataset.words = JSON.stringify(words);
    const context = [one.year && `${one.year}年`, one.name !== one.title && one.name].filter(Boolean);
    const above = document.createElement("span");
    above.className = "search__context";
    above.textContent = context.join("　");
    const text = document.createElement("p");
    text.append(marked(excerpt(one.text, words), words));
    item.append(link, above, text);
    return item;
  };

  const cells = (figures) =>
    figures.map(([location, name, value, section]) => ({
      ...entry(location, section, `${name}：${value}`, "", location.slice(0, 4)), value,
    }));

  const show = ({ words, meant, whole, like }) => {
    const hits = [...whole, ...like];
    list.textContent = "";
    list.append(...hits.slice(0, MOST).map(({ entry: one }) => result(one, words)));
    const parts = [];
    if (whole.length) parts.push(`找到 ${whole.length} 处${meant.length ? `（也找了“${meant.join("”“")}”）` : ""}`);
    else if (like.length) parts.push("没有完全相同的文字");
    if (like.length) parts.push(`相近的有 ${like.length} 处`);
    if (hits.length > MOST) parts.push(`列出前 ${MOST} 处`);
    status.textContent = parts.length ? `${parts.join("，")}。` : "没有找到；可以换一个词，或者少写几个字。";
  };

  let typing;

  const answer = async () => {
    clearTimeout(typing); // Results that are there already are not made again, perhaps below a finger.
    const query = input.value;
    if (location.protocol === "file:") {
      status.textContent = "直接打开文件时不能搜索：搜索需要把网站放在服务器上。可以打开各年度的“全文”，用浏览器的“在页面中查找”。";
      return;
    }
    if (!query.trim()) {
      list.textContent = "";
      status.textContent = "";
      return;
    }
    if (!loading.index) status.textContent = "正在取搜索用的文件，请稍候。";
    try {
      const all = await load("index", dialog.dataset.index, entries);
      const terms = await load("words", dialog.dataset.words, (read) => new Map(Object.entries(read)));
      const figures = numbers(query).length || withYear(query) ? await load("figures", dialog.dataset.figures, cells) : [];
      if (query === input.value) show(search([...foot(), ...all], figures, terms, query));
    } catch (fault) {
      list.textContent = "";
      status.textContent = "搜索用的文件没有取到，请稍后再试。";
    }
  };

  input.addEventListener("input", (event) => {
    clearTimeout(typing);
    if (event.isComposing) return; // What stands in the box is no word yet.
    typing = setTimeout(answer, 150);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(typing);
    typing = setTimeout(answer, 150);
  });
  return answer;
};
