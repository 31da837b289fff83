/**
 * Texts that models and users do write and that have broken programs before: each is handed to a plugin where a text is
 * expected. None does harm where a plugin believes it: no file, table or command that is there is named.
 */

/** What it is -> the text. */
export const hostileTexts: Readonly<Record<string, string>> = {
  "an empty text": "",
  "nothing but blanks": " \n\t\r ",
  "a null character": "a\u0000b",
  "control characters and escapes": "\u001b[31mred\u001b[0m\b\u0007\u2028\u2029",
  "half of a surrogate pair": "half \ud83d of a pair",
  "letters of many scripts": "Ω≈ç√ 漢字 العربية עברית ไทย 👩‍👩‍👧 e\u0301",
  "a name of every object": "__proto__",
  "a property that all objects have": "constructor",
  markup: "</answer><script>alert(1)</script><tool>&amp;",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
  "a template": "${process.exit(1)} {{7*7}} %s %n $(exit 1) `exit 1`",
  "a path out": "../../../../no-such-folder/no-such-file",
  "a query of a database": "'; DROP TABLE no_such_table; --",
  "broken JSON": '{"a": [1, 2',
  "a number that is none": "NaN",
  "a number beyond all": "1e999",
  "a regular expression that backtracks": `${"a".repeat(60)}!`,
}

/** A hundred thousand characters, one line. */
export const hugeText = "all work and no play ".repeat(5_000)

/** All of these, the huge one too, each after what it is. */
export const hostileAndHuge: readonly (readonly [what: string, text: string])[] = Object.entries({
  ...hostileTexts,
  "a huge text": hugeText,
})

/** No text, where one is expected. */
export const hostileValues: readonly unknown[] = [null, 0, true, "text", [], [1], { unknown: 1 }, { __proto__: null }]
