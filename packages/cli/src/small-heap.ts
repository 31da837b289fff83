/**
 * A command that streams records holds few of them, but V8 lets garbage grow to many times what is held before it collects. It is
 * told to grow its young generation no further, and to collect the old one when half as much again has been added.
 */
import { setFlagsFromString } from "node:v8"

export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1")
  setFlagsFromString("--heap-growing-percent=50")
}
