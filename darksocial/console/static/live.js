// Keeps the figures fresh: asks for the same page again and takes the parts that changed.
"use strict";

const LEAST = 3000;

async function refresh() {
  const began = performance.now();
  try {
    if (!document.hidden) await take();
  } catch {
    // The console is away for now; the figures stay as they are.
  }
  // A slow store is asked less often.
  setTimeout(refresh, Math.max(LEAST, 20 * (performance.now() - began)));
}

async function take() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = [...document.querySelectorAll("[data-live]")];
  const fresh = parts.map((part) => page.getElementById(part.id));
  // Other parts than before, as after the very first visit: the page as a whole is another one.
  if (page.querySelectorAll("[data-live]").length !== parts.length) return location.reload();
  parts.forEach((part, place) => {
    if (fresh[place] && !part.isEqualNode(fresh[place])) part.replaceWith(fresh[place]);
  });
}

setTimeout(refresh, LEAST);
