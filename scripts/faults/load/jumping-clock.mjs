// Preloaded into the command: its clock goes forth and back by hours, several times a second, as a machine's does that sleeps,
// is moved, or is set right. What measures spans by it would hang, hurry or count backwards.
const { now } = Date
const Real = Date
const hours = [0, 5, -7, 0.5, -26, 48]
const shift = () => hours[Math.floor(performance.now() / 150) % hours.length] * 3_600_000
globalThis.Date = class JumpingDate extends Real {
  constructor(...given) {
    if (given.length === 0) super(now() + shift())
    else super(...given)
  }
  static now = () => now() + shift()
}
