/** Every view by axe-core (WCAG 2.2 A and AA, and its best practices), in dark and light, wide and at phone width. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { expect } from "../parts.mjs"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const looks = [
  ["wide", "light"],
  ["wide", "dark"],
  ["phone", "light"],
  ["phone", "dark"],
]

export async function checkAccessibility(view, report, shots) {
  for (const [size, colorScheme] of looks) {
    const viewer = await view(report, { size, colorScheme })
    const { page } = viewer
    const tabs = page.getByRole("navigation", { name: "Views" })
    const views = await tabs.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")))
    const problems = []
    for (const [name, hash] of [
      ...views.map((hash) => [hash.slice(2) || "overview", hash]),
      ...(await samples(viewer)),
    ]) {
      await viewer.go(hash)
      await settled(page)
      problems.push(...(await violations(page)).map((each) => `${name}: ${each}`))
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      const { width: most } = page.viewportSize()
      if (width > most) problems.push(`${name} is ${width} wide, ${most} there are`)
      const tab = await tabs.locator("[aria-current]").boundingBox()
      if (tab.x < 0 || tab.x + tab.width > most) problems.push(`${name}: its tab is out of sight`)
      if (shots)
        await page.screenshot({
          path: join(shots, `${name}-${size}-${colorScheme}.png`),
          fullPage: !["samples", "compare"].includes(name),
        })
    }
    expect(
      `${views.length + 2} views, ${size} and ${colorScheme}: no violation, nothing is cut off`,
      problems.length === 0,
      problems.join("\n"),
    )
    expect("nothing else happened", viewer.noted.length === 0, viewer.noted.join("; "))
    await viewer.close()
  }
}

/** One sample with everything of it open, and two side by side. */
async function samples({ page, go }) {
  await go("#/samples?steps=bad")
  const href = await page.locator("section.rows td a").first().getAttribute("href")
  await go("#/compare")
  await page.locator(".sets").waitFor()
  const pair = page.locator("section.rows td a").first()
  return [
    ["sample", `${href}?step=2&show=prompt`],
    ...((await pair.count()) > 0 ? [["pair", await pair.getAttribute("href")]] : []),
  ]
}

export const openAll = (page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true
  })

export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector(".waiting"))
  await openAll(page)
  const shading = page.getByRole("button", { name: "Token probabilities" })
  if ((await shading.count()) > 0) await shading.first().click()
  await page.waitForTimeout(100)
}

export async function violations(page) {
  await page.evaluate(axe)
  const results = await page.evaluate(() =>
    globalThis.axe.run(document, {
      preload: false,
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  )
  return results.violations.map(
    ({ id, help, nodes }) =>
      `${id} (${help}): ${nodes
        .slice(0, 2)
        .map(({ html }) => html.slice(0, 160))
        .join(" | ")}`,
  )
}
