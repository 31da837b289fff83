/**
 * A real Chromium, driven by playwright-core, which brings none of its own: CHROMIUM_PATH, else the first one on the path.
 * Nothing leaves this machine: what a page asks of any other host is refused, and told.
 */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { chromium } from "playwright-core"

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge"]
const usual = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
]

function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function chromiumPath() {
  const { CHROMIUM_PATH, PATH = "" } = process.env
  const folders = PATH.split(delimiter).filter(Boolean)
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  const found = CHROMIUM_PATH ? [CHROMIUM_PATH].find(isRunnable) : [...onPath, ...usual].find(isRunnable)
  if (found) return found
  throw new Error(
    `There is no Chromium${CHROMIUM_PATH ? ` at CHROMIUM_PATH (${CHROMIUM_PATH})` : ""}. Install one (apt install chromium, or Chrome), or by npm alone: ` +
      "npm install --prefix .swirl/chromium @puppeteer/browsers, npx --prefix .swirl/chromium @puppeteer/browsers install chrome-headless-shell@stable; then set CHROMIUM_PATH to it.",
  )
}

/** Close it. As root, as in containers, Chromium has no sandbox of its own. */
export const launchChromium = (options = {}) =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    ...options,
  })
