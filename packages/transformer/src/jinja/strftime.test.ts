import { expect, it } from "vitest"
import { formattedTime } from "./strftime.ts"

const format =
  "%a %A %b %B|%c|%d %D %e %F %f %g %G %h %H %I %j %k %l %m %M %p %P|%r|%R %S %T %u %U %V %w %W %x %X %y %Y %C %% %-d %-m %-H %-I %-j %_d %_H %^a %^B %0e %z%Z|"

// What Python's datetime(…).strftime(format) gives.
it.each([
  [
    [2027, 1, 3, 7, 5, 9],
    "Sun Sunday Jan January|Sun Jan  3 07:05:09 2027|03 01/03/27  3 2027-01-03 000000 26 2026 Jan 07 07 003  7  7 01 05 AM am|07:05:09 AM|07:05 09 07:05:09 7 01 53 0 00 01/03/27 07:05:09 27 2027 20 % 3 1 7 7 3  3  7 SUN JANUARY 03 |",
  ],
  [
    [2024, 12, 30, 0, 30, 0],
    "Mon Monday Dec December|Mon Dec 30 00:30:00 2024|30 12/30/24 30 2024-12-30 000000 25 2025 Dec 00 12 365  0 12 12 30 AM am|12:30:00 AM|00:30 00 00:30:00 1 52 01 1 53 12/30/24 00:30:00 24 2024 20 % 30 12 0 12 365 30  0 MON DECEMBER 30 |",
  ],
  [
    [2026, 11, 29, 13, 0, 59],
    "Sun Sunday Nov November|Sun Nov 29 13:00:59 2026|29 11/29/26 29 2026-11-29 000000 26 2026 Nov 13 01 333 13  1 11 00 PM pm|01:00:59 PM|13:00 59 13:00:59 7 48 48 0 47 11/29/26 13:00:59 26 2026 20 % 29 11 13 1 333 29 13 SUN NOVEMBER 29 |",
  ],
  [
    [2021, 1, 1, 12, 0, 0],
    "Fri Friday Jan January|Fri Jan  1 12:00:00 2021|01 01/01/21  1 2021-01-01 000000 20 2020 Jan 12 12 001 12 12 01 00 PM pm|12:00:00 PM|12:00 00 12:00:00 5 00 53 5 00 01/01/21 12:00:00 21 2021 20 % 1 1 12 12 1  1 12 FRI JANUARY 01 |",
  ],
] as const)("writes a time as Python does: %s", ([year, month, day, hour, minute, second], written) => {
  expect(formattedTime(new Date(year, month - 1, day, hour, minute, second), format)).toBe(written)
})

it("refuses a directive that it does not know", () => {
  expect(() => formattedTime(new Date(), "%d %Q")).toThrow("strftime_now() does not know %Q")
})
