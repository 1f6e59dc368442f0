/* Footfall: makes the notice answer in place. Without this file everything works through plain forms.
 *
 * After a choice `document` gets a `footfall:consent` event, whose `detail` is
 * `{choice: "accept_all" | "reject_all" | "save", granted: ["analytics", …]}`.
 * `window.footfall.open()` opens the choices over the page.
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
    const detail = { choice: button.value, granted: granted(form, button.value) };
    if (dialog) dialog.close();
    confirm();
    document.dispatchEvent(new CustomEvent("footfall:consent", { detail }));
    if (tabs) tabs.postMessage("decided");
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
  window.footfall = { open: () => open(null) };
})();
