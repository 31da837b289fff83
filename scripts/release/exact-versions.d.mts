export declare function exactVersionsEverywhere(
  root: string,
  satisfies: (version: string, range: string) => boolean,
): string[]
