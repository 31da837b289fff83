/** Every name and word the sandbox can say. One list a kind of thing; no word is in two lists. */
const list = (words: string): readonly string[] => words.trim().split(/\s+/)

export const people = list(`
  mira kai tom ann zed lea omar nina raj sofia ivan yuki paul dana hugo elsa marco tara felix iris jonas priya leon wanda
  amir clara boris linda noor otto ruth samir gwen igor judy karl mona nils olga pia remy sara theo uma vera walt xena yara zoe abel`)
export const cities = list(`
  oslo paris lima cairo delhi quito tunis seoul perth turin leeds malmo porto osaka dakar hanoi accra minsk sofiaville bergen
  lyon graz basel cork bern riga doha natal split davos`)
export const companies = list(`
  acme globex initech umbra nordik solaris vertex lumen orbit quanta zephyr pixel nimbus cobalt delta fargo helix indigo krypton lotus`)
export const countries = list("norland estria valdia kembo tarnia ulmar fresia gondor ravia sambia ostara lorien")
export const items = list("apples coins books shells cards stones pens eggs stamps beads")

/** All names, for telling what a word is about. */
export const names: ReadonlySet<string> = new Set([...people, ...cities, ...companies, ...countries])

/** Every other word of questions, passages and demonstrations; what tools and action formats say about errors included. */
export const otherWords = list(`
  use calculator search both . , ? : -> + - * / next so error bad call malformed turn division by zero No passage matches
  has buys finds gives away loses more bags with each sells splits them into equal groups and keeps one
  the pile grows to times its size how many does they have now together as fewer than is what are years older old of in who
  city where was born lives company works at spouse boss mayor country based owner capital leader`)
