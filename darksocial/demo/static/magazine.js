"use strict";

const address = document.querySelector("link[rel=canonical]").href;
const said = document.getElementById("said");

document.getElementById("copy-link")?.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(address);
    said.textContent = "The link is in your clipboard.";
  } catch {
    said.textContent = "Your browser did not allow that. Select the address and copy it.";
  }
});

const share = document.getElementById("share");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    try {
      await navigator.share({ title: document.title, url: address });
      said.textContent = "Passed on.";
    } catch {
      said.textContent = "";
    }
  });
}
