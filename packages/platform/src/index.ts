/**
 * What the packages of swirl-ts ask of the machine, under the names that Node has for it. In Node these are Node's own functions;
 * under the condition `browser` they are the browser's, with files in memory. Invariant: the two export the same names.
 */
export * from "#platform"
