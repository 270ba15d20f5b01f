// Loaded before jupyter-book: a build reads local files and nothing else.
// Without this it asks a package registry for its newest version, and waits for the answer.
const dns = require("node:dns");

const refusal = () => Object.assign(new Error("the site is built offline"), { code: "EOFFLINE" });

dns.lookup = (name, options, done) =>
  process.nextTick(typeof options === "function" ? options : done, refusal());
dns.promises.lookup = () => Promise.reject(refusal());

// A timer that only says "still waiting" must not keep a finished build alive.
const { setTimeout: start } = globalThis;
globalThis.setTimeout = (call, delay, ...given) => {
  const timer = start(call, delay, ...given);
  if (delay >= 5000) timer.unref();
  return timer;
};
