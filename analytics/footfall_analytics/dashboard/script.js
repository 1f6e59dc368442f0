/* Footfall's dashboard: everything works without this file. It keeps the live page fresh, closes an open menu with Esc
 * or a click beside it, and keeps the place on the page when a filter or tab is clicked. */
(() => {
  "use strict";

  const menus = () => document.querySelectorAll("details[name=menu][open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  // The next page opens where this one was left.
  const place = "footfall-place";
  try {
    const kept = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    if (kept && !location.hash) scrollTo(0, Number(kept));
    document.addEventListener("click", (event) => {
      if (event.target.closest(".tiles a, .bars a, .pills a")) sessionStorage.setItem(place, scrollY);
    });
  } catch {
    // Where nothing may be kept, pages open at their beginning.
  }

  const live = document.querySelector("[data-live]");
  const pause = document.querySelector("[data-pause]");
  if (!live) return;
  const every = 15000; // milliseconds
  let paused = false;
  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    pause.textContent = paused ? "Go on" : "Pause";
  });
  setInterval(async () => {
    if (paused || document.hidden || live.contains(document.activeElement)) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    if (fresh) live.replaceChildren(...fresh.childNodes);
  }, every);
})();
