/** What readers come for, each by clicks on what they see, from the overview on: three at most. */
import { expect } from "../parts.mjs"

/** Clicks that are counted, on what is found by its role and name as a reader finds it. */
async function clicking(view, report, task, run) {
  const viewer = await view(report)
  let clicks = 0
  const click = async (locator) => {
    clicks++
    await locator.click()
  }
  const found = await run(viewer.page, click)
  expect(
    `${task}: ${clicks} ${clicks === 1 ? "click" : "clicks"}: ${found}`,
    clicks <= 3 && viewer.noted.length === 0,
    viewer.noted.join("; "),
  )
  await viewer.close()
}

const text = async (locator) => (await locator.textContent()).replace(/\s+/g, " ").trim()
const rows = (page) => page.locator("section.rows tbody tr:not(.gap)")
const need = (value, what) => {
  if (!value) throw new Error(`e2e: ${what}`)
  return value
}

export async function checkTasks(view, report) {
  await clicking(view, report, "find the questions that got worse", async (page, click) => {
    await click(page.getByRole("link", { name: "Which questions got worse?" }))
    const count = Number((await page.locator("a.set.worse b").textContent()).replaceAll(",", ""))
    await rows(page).first().waitFor()
    // Every one of them was right at A and is wrong at B.
    need((await rows(page).first().locator("td.a .mark.right").count()) === 1, "A is not right")
    need((await rows(page).first().locator("td.b .mark.wrong").count()) === 1, "B is not wrong")
    await click(rows(page).first().getByRole("link"))
    await page.locator(".pair > section").nth(1).locator("li.step, .nothing").first().waitFor()
    return `${count} questions, the first of them side by side`
  })
  await clicking(view, report, "why was this step judged bad", async (page, click) => {
    await click(page.getByRole("link", { name: "Which steps were judged bad, and why?" }))
    await click(rows(page).first().getByRole("link"))
    const verdict = page.locator("li.step.bad .verdicts li.bad").first()
    await verdict.waitFor()
    return `“${need(await text(verdict.locator("pre")), "there is no reason")}”`
  })
  await clicking(view, report, "where do two judges disagree", async (page, click) => {
    await click(page.getByRole("link", { name: "Where do two judges differ?" }))
    await click(rows(page).first().getByRole("link"))
    const step = page.locator("li.step.asked", { hasText: "The judges differ on this step." })
    await step.waitFor()
    return await text(step.locator("h3"))
  })
  await clicking(view, report, "what did the model see at step 3", async (page, click) => {
    await click(page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Samples" }))
    await rows(page).first().waitFor()
    const long = await longSample(page)
    await click(long)
    const step = page.locator("#step-3")
    await click(step.locator("summary", { hasText: "What the model saw" }))
    const messages = step.locator(".messages > li")
    await messages.first().waitFor()
    // The question, and two turns with what answered them.
    need((await messages.count()) >= 5, `only ${await messages.count()} messages`)
    return `${await messages.count()} messages, the last of them ${await messages.last().getAttribute("class")}`
  })
  await clicking(view, report, "which cells are significant after Holm", async (page, click) => {
    await click(page.getByRole("link", { name: "Which changes hold after Holm?" }))
    const lines = page.locator("table.forest").locator("tbody tr")
    const chip = page.getByRole("navigation", { name: "Which changes" }).locator("[aria-current=true]")
    const said = Number((await chip.locator("b").textContent()).replaceAll(",", ""))
    const shown = await page
      .locator("section", { has: page.locator("#changes") })
      .locator("tbody tr")
      .count()
    need(said === shown, `${said} are said and ${shown} are shown`)
    for (const p of await page
      .locator("section", { has: page.locator("#changes") })
      .locator("td.number:last-child")
      .allInnerTexts())
      need(Number(p.replace(/[<\s]/g, "")) <= 0.05, `Holm's p is ${p}`)
    return `${await lines.count()} lines`
  })
  await clicking(view, report, "what did it cost", async (page, click) => {
    await click(page.getByRole("link", { name: "What did it cost?" }))
    await page.locator("table.costs tfoot").waitFor()
    return text(page.locator("table.costs tfoot"))
  })
}

/** The first row in sight with three steps or more. */
async function longSample(page) {
  for (const row of await rows(page).all())
    if (Number(await row.locator("td.steps").textContent()) >= 3) return row.getByRole("link")
  throw new Error("e2e: no sample in sight has three steps")
}

export async function checkMoves(view, report) {
  const { page, noted, go, close } = await view(report, { hash: "#/samples" })
  const current = () => page.locator("section.rows tr.current")
  await current().waitFor()
  const at = (index) => page.locator(`section.rows tr.current[aria-rowindex="${index}"]`)
  await at(2).waitFor()
  await page.keyboard.press("j")
  await at(3).waitFor()
  await page.keyboard.press("j")
  await at(4).waitFor()
  await page.keyboard.press("k")
  await at(3).waitFor()
  await page.keyboard.press("Enter")
  await page.locator("li.step, .nothing").first().waitFor()
  const opened = page.url()
  expect("Enter opens it", opened.includes("#/sample/"))
  await page.keyboard.press("j")
  await page.waitForURL((url) => url.href !== opened)
  expect("j goes to the next one of the list", page.url().includes("#/sample/"))
  await page.keyboard.press("Escape")
  await at(3).waitFor()
  await page.keyboard.press("/")
  const all = await page.locator(".found").textContent()
  await page.keyboard.type("how many")
  await page.waitForURL(/q=how/)
  expect("/ finds, and what is found is in the link", (await page.locator(".found").textContent()) !== "" && all !== "")
  const link = page.url()
  const found = await page.locator(".found").textContent()
  await go("#/")
  await page.goBack()
  await page.locator(".found").waitFor()
  expect(
    "the back button goes back to it",
    page.url() === link && (await page.locator(".found").textContent()) === found,
  )
  await page.locator("input[type=search]").focus()
  await page.keyboard.press("Escape")
  await page.waitForURL((url) => !url.href.includes("q="))
  await page.getByRole("button", { name: "Tokens" }).click()
  await page.waitForURL(/sort=-tokens/)
  const tokens = (await page.locator("section.rows td.tokens").allInnerTexts()).map((each) =>
    Number(each.replaceAll(",", "")),
  )
  expect("a column sorts", tokens.length > 3 && tokens.every((each, index) => index === 0 || each <= tokens[index - 1]))
  await page.keyboard.press("End")
  await page.waitForTimeout(200)
  const total = Number(await page.locator("section.rows table").getAttribute("aria-rowcount"))
  expect("the last sample is reached", Number(await current().getAttribute("aria-rowindex")) === total)
  await go("#/sample/no-such-key")
  expect("a link to what is not there says so", await page.getByRole("alert").isVisible())
  await page.evaluate(() => {
    location.hash = "#/samples?sort=%00&outcome=<b>&at=-5&q=%22%3E"
  })
  await page.locator(".nothing, section.rows").first().waitFor()
  expect("a link of nonsense breaks nothing", noted.length === 0, noted.join("; "))
  await close()
}
