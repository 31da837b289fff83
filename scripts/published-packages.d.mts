/** Folder names of the packages that are published. */
export const publishedPackages: readonly string[]
