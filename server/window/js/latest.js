// One request at a time; of those asked for meanwhile only the last is made. Dragging a dial never queues up.

export function latestWins(work) {
  let isRunning = false;
  let waiting = null;
  return async function submit(request) {
    if (isRunning) {
      waiting = request;
      return;
    }
    isRunning = true;
    try {
      for (let next = request; next !== null; next = waiting) {
        waiting = null;
        await work(next);
        if (waiting === null) break;
      }
    } finally {
      isRunning = false;
    }
  };
}

// At most once in `ms`, however often it is asked for; never put off for good.
export function throttled(work, ms) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      work();
    }, ms);
  };
}

// Once it has not been asked for during `ms`.
export function debounced(work, ms) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(work, ms, ...values);
  };
}
