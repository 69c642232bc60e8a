// Keeps the figures fresh: asks for the same page again and takes the parts that changed.
"use strict";

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

renewing(3000, take);
