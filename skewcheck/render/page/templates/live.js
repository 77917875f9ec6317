
"use strict";
(() => {
  const root = document.documentElement;
  const main = () => document.getElementById("main");
  const write = (id, text) => {
    const line = document.getElementById(id);
    if (line.textContent !== text) line.textContent = text;
  };
  const lost = () => {
    root.classList.add("lost");
    for (const id of ["shown", "told"]) write(id, `Connection lost: not updated since ${main().dataset.at}`);
  };

  const swap = (page) => {
    const held = document.activeElement;
    const folded = held?.matches("summary") ? held.parentElement.id : "";
    const opened = [...document.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
    const scrolled = [...document.querySelectorAll("[id][tabindex]")].map((each) => [each.id, each.scrollLeft]);
    const [x, y] = [scrollX, scrollY];
    main().replaceWith(page.getElementById("main"));
    const at = (id) => document.getElementById(id ?? "");
    for (const [id, open] of opened) if (at(id)) at(id).open = open;
    for (const [id, left] of scrolled) if (at(id)) at(id).scrollLeft = left;
    (folded ? at(folded)?.querySelector("summary") : at(held?.id))?.focus({ preventScroll: true });
    scrollTo({ left: x, top: y, behavior: "instant" });
    document.title = page.title;
    document.querySelector("link[rel=icon]").href = page.querySelector("link[rel=icon]").href;
    root.dataset.version = page.documentElement.dataset.version;
  };

  let busy = false, again = false;
  const refresh = async () => {
    again = busy;
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(15000) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.getElementById("main")?.dataset.at) throw new Error("not our page");
      const changed = page.documentElement.dataset.version !== root.dataset.version;
      const found = root.classList.contains("lost");
      if (changed || found || getSelection().isCollapsed) swap(page);
      root.classList.remove("lost");
      write("shown", `as of ${main().dataset.at}`);
      if (changed || found) write("told", `${found ? "Connected again. " : ""}${main().dataset.told}`);
    } catch { lost(); }
    busy = false;
    if (again) refresh();
  };

  let events;
  const listen = () => {
    events = new EventSource("events");
    events.addEventListener("changed", (event) => { if (event.data !== root.dataset.version) refresh(); });
    events.addEventListener("open", () => { if (root.classList.contains("lost")) refresh(); });
    events.addEventListener("error", lost);
  };
  listen();
  setInterval(() => { if (events.readyState === 2) listen(); refresh(); }, 30000);
})();
