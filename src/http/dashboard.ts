import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type RequestHandler, type Router } from "express";
import { stampOf } from "./stamp.ts";

const FOLDER = join(import.meta.dirname, "../dashboard");
const UPLOT = dirname(fileURLToPath(import.meta.resolve("uplot")));

/** Its own files and the API, and nothing else: no text of a request can bring a script of its own. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * The page that shows the log and the state to people, to be served at /dashboard. Its files are open, as they hold
 * nothing: what it shows it reads from the API, by the secret that its reader gives.
 */
export function createDashboard(): Router {
  const router = express.Router();
  router.use(setHeaders);
  // The page has no slash behind its path, so that its addresses work behind a proxy that puts a path before it.
  router.get("/", ({ originalUrl }, response) => {
    if (/^[^?]*\/(?:\?|$)/.test(originalUrl)) response.redirect(301, "../dashboard");
    else response.sendFile("index.html", { root: FOLDER });
  });
  router.get("/uplot.js", (_request, response) => response.sendFile("uPlot.esm.js", { root: UPLOT }));
  router.get("/uplot.css", (_request, response) => response.sendFile("uPlot.min.css", { root: UPLOT }));
  router.get(/^\/[a-z]+\.(?:js|css|svg)$/, express.static(FOLDER, { redirect: false }));
  return router;
}

/** What Express would refuse with an error of its own, told as a mistake of ours: the files are small and go out whole. */
const IGNORED_HEADERS = ["range", "if-match", "if-unmodified-since"];

const setHeaders: RequestHandler = (request, response, next) => {
  for (const name of IGNORED_HEADERS) delete request.headers[name];
  const { id, startedMs } = stampOf(request);
  response.set({
    "X-Request-ID": id,
    "X-Response-Time": `${(performance.now() - startedMs).toFixed(3)}ms`,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
  });
  next();
};
