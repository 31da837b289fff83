/** A run without a matrix: what there is is shown, and nothing says that something is missing that is there. */
import { join } from "node:path"
import { expect } from "../parts.mjs"
import { settled, violations } from "./accessibility.mjs"

export async function checkByHand(view, report, shots) {
  const { page, noted, go, close } = await view(report)
  const main = () => page.locator("main").textContent()
  const overview = await main()
  expect(
    "nothing says that nothing was trained or evaluated",
    !/nothing was trained|not evaluated yet/i.test(overview),
    overview.slice(0, 600),
  )
  const links = await page.getByRole("navigation", { name: "Views" }).getByRole("link").allInnerTexts()
  for (const name of ["Results", "Samples", "Side by side", "Training", "Judges", "Cost"])
    expect(`it has ${name}`, links.includes(name), links.join(", "))
  await go("#/training")
  expect("its training has a curve", (await page.locator(".curves svg[role=img]").count()) === 1)
  for (const hash of ["#/", "#/results", "#/training", "#/judges"]) {
    await go(hash)
    await settled(page)
    const found = await violations(page)
    expect(`no violation at ${hash}`, found.length === 0, found.join("\n"))
    if (shots)
      await page.screenshot({ path: join(shots, `by-hand-${hash.slice(2) || "overview"}.png`), fullPage: true })
  }
  expect("nothing else happened", noted.length === 0, noted.join("; "))
  await close()
}
