// Keeps the page current: hears which order changed, fetches this page again and swaps its <main>. Without this script
// every page and act still works.
(() => {
  "use strict";
  const live = document.getElementById("live");
  if (!live) return;

  const DEBOUNCE_MS = 1000;
  const LIST_EVERY_MS = 3000;
  const CLOCK_EVERY_MS = 15000;
  const RECONNECT_MS = 5000;
  // The server pings every 15 s; a line silent for longer is dead, whatever the browser thinks.
  const SILENCE_MAX_MS = 40000;

  let source, timer, silence, fetching = false, stale = false, lastFetch = 0, everLost = false;
  const main = () => document.getElementById("main");
  const watched = () => main().dataset.refresh;

  function show(state, text) {
    if (live.dataset.state === state) return;
    live.dataset.state = state;
    live.textContent = text;
  }

  function concerns(key) {
    const page = watched();
    return page !== "none" && (page === "any" || key === "*" || key === page);
  }

  // A person in the middle of something is not to be disturbed.
  function busy() {
    if (document.hidden || document.querySelector("dialog:popover-open")) return true;
    const at = document.activeElement;
    if (at && at.matches("input, select, textarea")) return true;
    const fields = [...main().querySelectorAll("input:not([type=hidden]), textarea")];
    if (fields.some(field => field.value !== field.defaultValue)) return true;
    const marked = getSelection();
    return !!marked && !marked.isCollapsed && main().contains(marked.anchorNode);
  }

  function plan() {
    stale = true;
    if (timer || fetching) return;
    const gap = watched() === "any" ? LIST_EVERY_MS : DEBOUNCE_MS;
    timer = setTimeout(() => { timer = undefined; refresh(); }, Math.max(DEBOUNCE_MS, lastFetch + gap - Date.now()));
  }

  async function refresh() {
    if (!stale || fetching) return;
    // Looked at again when the person is done: see the listeners below.
    if (busy()) return;
    fetching = true;
    stale = false;
    lastFetch = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected && new URL(answer.url).pathname === "/login") return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (busy()) stale = true; else swap(text);
    } catch {
      stale = true;
      setTimeout(plan, RECONNECT_MS);
    } finally {
      fetching = false;
    }
  }

  function swap(text) {
    const next = new DOMParser().parseFromString(text, "text/html");
    const fresh = next.getElementById("main");
    if (!fresh) return;
    const keep = path(document.activeElement);
    const x = scrollX, y = scrollY;
    const bars = [...main().querySelectorAll(".chips, pre")].map(bar => [bar.scrollLeft, bar.scrollTop]);
    main().replaceChildren(...fresh.childNodes);
    main().dataset.refresh = fresh.dataset.refresh;
    document.title = next.title;
    [...main().querySelectorAll(".chips, pre")].forEach((bar, at) => { if (bars[at]) [bar.scrollLeft, bar.scrollTop] = bars[at]; });
    if (keep) document.querySelector(keep)?.focus({ preventScroll: true });
    scrollTo(x, y);
  }

  // How to find the focused thing again: by id, by where it leads, or by what it opens.
  function path(element) {
    if (!element || !main().contains(element) || element === main()) return null;
    for (const name of ["id", "href", "popovertarget", "value"]) {
      const value = element.getAttribute(name);
      if (value) return `#main ${element.localName}[${name}="${CSS.escape(value)}"]`;
    }
    return null;
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => { source.close(); lost(); }, SILENCE_MAX_MS);
  }

  function lost() {
    everLost = true;
    show("lost", "reconnecting…");
    clearTimeout(silence);
    if (source.readyState === EventSource.CLOSED) setTimeout(probe, RECONNECT_MS);
  }

  // The line was refused for good: the session may be over.
  async function probe() {
    try {
      const over = new AbortController();
      const { status } = await fetch(live.dataset.source, { signal: over.signal });
      over.abort();
      if (status === 401) return location.reload();
    } catch { /* the process is away; go on trying */ }
    listen();
  }

  // A browser has six lines to one host over HTTP/1.1 for all its tabs: a tab that nobody sees gives its own back.
  function rest() {
    clearTimeout(silence);
    source?.close();
    everLost = true;
  }

  function listen() {
    if (document.hidden) return rest();
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(live.dataset.source);
    source.addEventListener("open", () => {
      show("live", "live");
      heard();
      // What happened meanwhile was not heard.
      if (everLost && watched() !== "none") plan();
    });
    source.addEventListener("ping", heard);
    source.addEventListener("changed", event => {
      heard();
      if (concerns(JSON.parse(event.data).orderKey)) plan();
    });
    source.addEventListener("error", lost);
  }

  // Times grow older by themselves, in the server's words.
  function ago(element) {
    const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
    const span = Math.abs(seconds);
    if (span < 5) return "just now";
    const text = span < 60 ? `${Math.floor(span)} s` : span < 3600 ? `${Math.floor(span / 60)} min`
      : span < 86400 ? `${Math.floor(span / 3600)} h` : `${Math.floor(span / 86400)} d`;
    return seconds < 0 ? `in ${text}` : `${text} ago`;
  }

  function tick() {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = ago(element);
      if (element.textContent !== text) element.textContent = text;
    }
  }

  for (const event of ["focusout", "visibilitychange", "selectionchange"])
    document.addEventListener(event, () => { if (stale) plan(); });
  document.addEventListener("toggle", () => { if (stale) plan(); }, true);
  document.addEventListener("visibilitychange", () => document.hidden ? rest() : listen());
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", event => { if (event.persisted) listen(); });
  document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  setInterval(tick, CLOCK_EVERY_MS);
  listen();
})();
