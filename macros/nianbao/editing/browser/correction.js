/* A correction of a published report: why, on which day, and what changes. It is begun before the pages can be edited,
   and registered when they say what they should. */

import { Refused, ask, dialogue, emptied, made, remember, remembered } from "./ask.js";

const field = (id, title, value, more) => [
  made("label", { for: id }, title),
  made("input", { id, type: "text", class: "edit-input", autocomplete: "off", value, ...more }),
];

/* What was changed and is not registered yet, in words. */
const listed = (changes) =>
  changes.length
    ? [made("p", null, `改动了 ${changes.length} 处：`), made("ol", { class: "edit-list" }, ...changes.map((change) => made("li", null, change)))]
    : [made("p", null, "还没有改动。")];

export const correction = async (sheet) => {
  const { year } = sheet;
  const key = `correction.${year}`;
  let told;
  try {
    told = await ask("GET", `correction/${year}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    sheet.trouble = error.message;
    sheet.tell();
    return;
  }
  const kept = remembered(key) || { reason: "", on: told.today };
  const [reasonLabel, reason] = field("edit-correction-reason", "更正的原因（一句话，会向社会公开）", kept.reason);
  const [onLabel, on] = field("edit-correction-on", "更正日期", kept.on, { inputmode: "numeric" });
  const trouble = made("p", { class: "edit-line edit-line--error edit-refusal", role: "alert" });
  const keep = () => remember(key, { reason: reason.value, on: on.value });
  const register = async (close) => {
    keep();
    try {
      close(await ask("POST", `correction/${year}`, { reason: reason.value, on: on.value }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      emptied(trouble, error.message);
    }
  };
  const button = (name, click, main) => made("button", { type: "button", class: main ? "edit-button edit-button--main" : "edit-button", click }, name);
  const begun = !sheet.locked;
  const done = await dialogue(begun ? "登记更正" : "更正已公布的报告", (close) => [
    made("p", null, `${year}年的报告已经公布。只有确需更正时才改动，改动的内容、日期和原因会向社会公开。`),
    ...(begun || told.changes.length ? listed(told.changes) : [made("p", null, "开始更正以后，数字和文字可以修改；改好后点页面下方的“登记更正”。")]),
    made("div", { class: "edit-row" }, reasonLabel, reason),
    made("div", { class: "edit-row" }, onLabel, on),
    trouble,
    made(
      "p",
      { class: "edit-buttons" },
      begun
        ? button("登记", () => register(close), true)
        : button("开始更正", () => {
            keep();
            close("begun");
          }, true),
      begun ? button("先不登记，退出更正", () => close("left")) : null,
      button("取消", () => close(null)),
    ),
  ]);
  if (!done) {
    keep();
    return;
  }
  sheet.correct(done === "begun");
  sheet.trouble = "";
  sheet.registered = done.changes ? `已登记更正，共 ${done.changes.length} 处；新的校验号 ${done.number}` : "";
  if (done.changes) remember(key, null);
  await sheet.load();
  sheet.judge();
};
