// Keeps something fresh: calls a task again and again while the page is looked at.
"use strict";

/** Calls an asynchronous task, the first time after `least` milliseconds. */
function renewing(least, task) {
  setTimeout(async () => {
    const began = performance.now();
    try {
      if (!document.hidden) await task();
    } catch {
      // The console is away for now; what is shown stays as it is.
    }
    // A slow store is asked less often.
    renewing(Math.max(least, 20 * (performance.now() - began)), task);
  }, least);
}
