/** A viewer's page in a context of its own, which notes whatever should not happen: errors, dialogs, requests elsewhere. */
import { pathToFileURL } from "node:url"

const sizes = { wide: { width: 1360, height: 900 }, phone: { width: 390, height: 844 } }

export async function openedViewer(browser, folder, { hash = "", size = "wide", colorScheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme, reducedMotion: "reduce" })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const noted = []
  const root = `${pathToFileURL(folder)}/`
  page.on("pageerror", (error) => noted.push(`error: ${error.message}`))
  page.on("console", (message) => message.type() === "error" && noted.push(`console: ${message.text()}`))
  page.on("dialog", (dialog) => {
    noted.push(`dialog: ${dialog.message()}`)
    dialog.dismiss()
  })
  page.on("request", (request) => {
    if (!request.url().startsWith(root)) noted.push(`request: ${request.url()}`)
  })
  page.on("popup", (popup) => noted.push(`popup: ${popup.url()}`))
  await page.goto(`${root}index.html${hash}`)
  await page.locator("main h1").waitFor()
  return {
    page,
    /** What should not have happened, in words. */
    noted,
    go: async (to) => {
      await page.goto(`${root}index.html${to}`)
      await page.locator("main h1").waitFor()
    },
    close: () => context.close(),
  }
}
