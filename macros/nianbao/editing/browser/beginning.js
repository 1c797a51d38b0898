/* The desk before there is a portal: a form for what a new one must know, and the way to its own desk. */

import { ask, base, emptied, made } from "./ask.js";
import { CommandForm, Job } from "./commands.js";
import { takeDrops } from "./dropping.js";

const main = document.getElementById("desk");
const pause = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));

/* The server of the portal takes the place of the one that made it, under the same address. */
const follow = async () => {
  emptied(main, made("h1", null, "工作台"), made("p", { role: "status" }, "已经建好，正在打开…"));
  for (;;) {
    await pause(500);
    try {
      const answer = await fetch(base, { cache: "no-store" });
      if (answer.ok && (await answer.text()).includes("browser/desk.js")) break;
    } catch {
      /* It has not started yet. */
    }
  }
  location.reload();
};

const start = async () => {
  const state = await ask("GET", "path");
  const job = new Job(async (now) => {
    form.submit.hidden = job.running || now.result === "done" || now.result === "asks";
    if (now.result && (await ask("GET", "path")).made) follow();
  });
  const form = new CommandForm(state.command, (said, files) => job.start("job", { said, files }));
  emptied(
    main,
    made("h1", null, "新建年报项目"),
    made("p", null, "这里还没有年报项目。填好下面几项就可以开始；有往年的报告的，一起放进来，数字和文字从报告里读。"),
    made("p", { class: "edit-hint" }, `放在 ${state.folder}`),
    made("section", { class: "desk-step" }, form.element, job.element),
  );
  takeDrops((files) => form.addFiles(files));
  job.take(state.job);
};

start();
