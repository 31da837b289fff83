/** The one way the calculator says no: a reason in words, caught in `evaluate` and never seen outside. */
export class Refusal extends Error {}
