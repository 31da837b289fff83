/** A time as Python's `strftime` writes it, in English and in the computer's own time zone. */
import { fail } from "./errors.ts"

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
const months = "January February March April May June July August September October November December".split(" ")
const day = 86_400_000

type Field = (time: Date) => string | number

/** Numbers, with how wide they are. */
const numbers: Readonly<Record<string, [width: number, field: (time: Date) => number, fill?: string]>> = {
  d: [2, (time) => time.getDate()],
  e: [2, (time) => time.getDate(), " "],
  H: [2, (time) => time.getHours()],
  k: [2, (time) => time.getHours(), " "],
  I: [2, (time) => time.getHours() % 12 || 12],
  l: [2, (time) => time.getHours() % 12 || 12, " "],
  j: [3, dayOfYear],
  m: [2, (time) => time.getMonth() + 1],
  M: [2, (time) => time.getMinutes()],
  S: [2, (time) => time.getSeconds()],
  f: [6, (time) => time.getMilliseconds() * 1000],
  y: [2, (time) => time.getFullYear() % 100],
  C: [2, (time) => Math.floor(time.getFullYear() / 100)],
  Y: [1, (time) => time.getFullYear()],
  G: [1, (time) => thursdayOf(time).getFullYear()],
  g: [2, (time) => thursdayOf(time).getFullYear() % 100],
  U: [2, (time) => Math.floor((dayOfYear(time) + 6 - time.getDay()) / 7)],
  V: [2, (time) => Math.ceil(dayOfYear(thursdayOf(time)) / 7)],
  W: [2, (time) => Math.floor((dayOfYear(time) + 6 - ((time.getDay() + 6) % 7)) / 7)],
  u: [1, (time) => time.getDay() || 7],
  w: [1, (time) => time.getDay()],
  s: [1, (time) => Math.floor(time.getTime() / 1000)],
}

const texts: Readonly<Record<string, Field>> = {
  a: (time) => days[time.getDay()]!.slice(0, 3),
  A: (time) => days[time.getDay()]!,
  b: (time) => months[time.getMonth()]!.slice(0, 3),
  h: (time) => months[time.getMonth()]!.slice(0, 3),
  B: (time) => months[time.getMonth()]!,
  p: (time) => (time.getHours() < 12 ? "AM" : "PM"),
  P: (time) => (time.getHours() < 12 ? "am" : "pm"),
  z: () => "",
  Z: () => "",
  n: () => "\n",
  t: () => "\t",
  "%": () => "%",
}

const composed: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  x: "%m/%d/%y",
  F: "%Y-%m-%d",
  R: "%H:%M",
  r: "%I:%M:%S %p",
  T: "%H:%M:%S",
  X: "%H:%M:%S",
}

/** Of a flag `-` no zeros are written, of `_` blanks in their place, of `^` capitals. */
export function formattedTime(time: Date, format: string): string {
  return format.replace(/%([-_0^#]?)(.?)/gsu, (directive, flag: string, code: string) => {
    const number = numbers[code]
    if (number) {
      const [width, field, fill = "0"] = number
      const letter = flag === "_" ? " " : flag === "0" ? "0" : fill
      return `${field(time)}`.padStart(flag === "-" ? 0 : width, letter)
    }
    const text = composed[code] ? formattedTime(time, composed[code]) : texts[code]?.(time)
    if (text === undefined) return fail(`strftime_now() does not know ${directive}`)
    return flag === "^" || flag === "#" ? `${text}`.toUpperCase() : `${text}`
  })
}

/** From 1; by days of the calendar, whatever the clocks did in between. */
function dayOfYear(time: Date): number {
  const [year, month, date] = [time.getFullYear(), time.getMonth(), time.getDate()]
  return Math.round((Date.UTC(year, month, date) - Date.UTC(year, 0, 0)) / day)
}

/** The Thursday of its week, which says what year and week that is. */
function thursdayOf(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + 4 - (time.getDay() || 7))
}
