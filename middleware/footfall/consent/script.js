/* Footfall: makes the notice answer in place. Without this file everything works through plain forms.
 *
 * After a choice `document` gets a `footfall:consent` event, whose `detail` is
 * `{choice: "accept_all" | "reject_all" | "save" | "allow_service", granted: ["analytics", …], services: ["video", …]}`,
 * and what was held back for it is put in place. `window.footfall.open()` opens the choices over the page;
 * `window.footfall.consent` is the last detail, `null` before the first.
 */
(() => {
  "use strict";
  const notice = document.querySelector(".footfall-notice");
  if (!notice || notice.dataset.ready) return;
  notice.dataset.ready = "yes";
  const first = notice.querySelector("form");
  const home = first.getAttribute("action");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("footfall") : null;
  let before = null; // where the focus was before it came into the notice
  let dialog = null;

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const granted = (form, choice) => {
    if (choice === "accept_all") return first.dataset.accepts.split(" ").filter(Boolean);
    return choice === "save" ? new FormData(form).getAll("purpose") : [];
  };

  // What a choice lets in: services that were ticked, and what belongs to a purpose that was granted.
  const chosen = (form, choice) => {
    const fields = new FormData(form);
    const save = choice === "save", one = choice === "allow_service";
    const detail = { choice, granted: granted(form, choice), services: save || one ? fields.getAll("service") : [] };
    const offered = save ? fields.getAll("offered") : [];
    const allows = ({ dataset: { purpose, service } }) =>
      detail.services.includes(service) || (!offered.includes(service) && detail.granted.includes(purpose));
    return { detail, allows };
  };

  // Clones and templates carry what the page itself wrote, so no Trusted Types policy is needed.
  const release = (allows) => {
    const held = (selector) => [...document.querySelectorAll(selector)].filter(allows);
    for (const one of held(".footfall-held")) {
      one.replaceWith(document.importNode(one.querySelector("template").content, true));
    }
    for (const one of held('script[type="text/plain"][data-purpose]')) {
      const live = one.cloneNode(true);
      live.removeAttribute("type");
      one.replaceWith(live);
    }
  };

  const signal = ({ choice, granted }) => {
    const asked = first.dataset.accepts.split(" "), states = {};
    for (const [name, purpose] of Object.entries(JSON.parse(first.dataset.mode || "{}"))) {
      if (choice === "save" || asked.includes(purpose)) states[name] = granted.includes(purpose) ? "granted" : "denied";
    }
    if (window.gtag && choice !== "allow_service") window.gtag("consent", "update", states);
  };

  const tell = ({ detail, allows }) => {
    release(allows);
    signal(detail);
    window.footfall.consent = Object.freeze(detail);
    document.dispatchEvent(new CustomEvent("footfall:consent", { detail }));
  };

  const dismiss = () => {
    const inside = notice.contains(document.activeElement);
    notice.remove();
    if (inside && before && before.isConnected) before.focus({ preventScroll: true });
  };

  // Says that the choice is kept, where the question stood; a keyboard user is not thrown to the top of the page.
  const confirm = () => {
    const keyboard = notice.contains(document.activeElement) && document.activeElement.matches(":focus-visible");
    const { saved, change, close } = first.dataset;
    const hide = element("button", { type: "button", className: "footfall-button", onclick: dismiss }, close);
    const where = element("a", { href: home }, change);
    first.remove();
    const status = notice.querySelector("[role=status]");
    status.textContent = saved;
    status.parentNode.append(where, hide);
    status.parentNode.classList.add("footfall-done");
    if (keyboard) hide.focus();
    const leave = () => notice.matches(":hover, :focus-within") ? setTimeout(leave, 4000) : dismiss();
    setTimeout(leave, 8000);
  };

  // A plain post when fetch is refused or fails: the server then answers with a page that says why.
  const send = async (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    body.set("choice", button.value);
    if (first.elements.entry) body.set("entry", first.elements.entry.value); // how the visitor came here
    const answer = await fetch(home, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(answer.status);
  };

  const plainly = (form, button) => {
    form.dataset.plain = "yes";
    setTimeout(() => form.requestSubmit(button)); // a form refuses to be sent again while its event is handled
  };

  const submit = async (event) => {
    const form = event.target, button = event.submitter;
    if (!button || form.dataset.plain) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    if (button.value === "choose") return open(button);
    form.dataset.busy = "yes";
    try {
      await send(form, button);
    } catch {
      return plainly(form, button);
    }
    const told = chosen(form, button.value);
    if (button.value !== "allow_service") {
      // Where the browser keeps no cookies the page of choices says so, and what that means.
      const kept = await page().then((choices) => choices.dataset.decided === "yes", () => true);
      if (!kept) return location.assign(`${home}?outcome=saved`);
      if (dialog) dialog.close();
      confirm();
      if (tabs) tabs.postMessage("decided");
    }
    tell(told);
  };

  // The page of choices as a document: parsed by the browser, so that no Trusted Types policy is needed.
  const page = () => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", home);
    request.responseType = "document";
    request.onload = () => {
      const form = request.response && request.response.querySelector(".footfall-choices");
      form ? resolve(form) : reject();
    };
    request.onerror = reject;
    request.send();
  });

  const show = (form) => {
    const close = element("button", { type: "button", className: "footfall-close" }, first.dataset.close);
    const title = element("h2", { id: "footfall-dialog-title" }, first.dataset.change);
    dialog = element("dialog", { className: "footfall-dialog", lang: notice.lang, dir: notice.dir }, title, close);
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.append(document.importNode(form, true));
    close.onclick = () => dialog.close(); // closing, Esc among it, decides nothing
    dialog.onclose = () => { dialog.remove(); dialog = null; };
    dialog.addEventListener("submit", submit);
    dialog.addEventListener("change", ({ target }) => {
      if (target.name !== "purpose") return;
      for (const one of dialog.querySelectorAll("[data-of]")) if (one.dataset.of === target.value) one.checked = target.checked;
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  const open = async (button) => {
    try {
      show(await page());
    } catch {
      button ? plainly(first, button) : location.assign(home);
    }
  };

  notice.addEventListener("submit", submit);
  for (const one of document.querySelectorAll(".footfall-held")) one.addEventListener("submit", submit);
  notice.addEventListener("focusin", (event) => {
    const from = event.relatedTarget; // null where the focus was on nothing, or on what was just removed
    if (from && !notice.contains(from)) before = from;
  });
  if (tabs) tabs.onmessage = dismiss;
  // Back from a cache, the question may be answered meanwhile.
  addEventListener("pageshow", (event) => {
    const [visit] = performance.getEntriesByType("navigation");
    if (!event.persisted && (!visit || visit.type !== "back_forward")) return;
    page().then((form) => form.dataset.decided === "yes" && dismiss(), () => {});
  });
  window.footfall = { open: () => open(null), consent: null };
})();
