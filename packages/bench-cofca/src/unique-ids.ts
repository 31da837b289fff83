/** Ids for records whose own are not unique. */

/** What of a record makes its id. */
export interface Identified {
  _id: string
  type?: unknown
  sub_answers: readonly string[]
}

const tagText = (tag: unknown): string => (typeof tag === "string" ? tag : JSON.stringify(tag))

/**
 * `<_id>__<type>__<n>`: the n-th record of this `_id` and type, from 1, tags joined by `-`, the number of hops where
 * there are none; after the scheme of kilian-group/phantom-reasoning. An `_id` of this form stays as it is.
 */
export function uniqueIds(): (record: Identified) => string {
  const counts = new Map<string, number>()
  const given = new Set<string>()
  return ({ _id, type, sub_answers }) => {
    const tags = [type ?? []].flat().map(tagText).join("-") || `${sub_answers.length}hop`
    const suffix = `__${tags}__`
    const end = _id.lastIndexOf(suffix)
    const written = end > 0 && /^\d+$/.test(_id.slice(end + suffix.length))
    const key = written ? _id : `${_id}__${tags}`
    let count = counts.get(key) ?? 0
    let id = written && count === 0 ? _id : undefined
    while (id === undefined || given.has(id)) id = `${key}__${++count}`
    counts.set(key, Math.max(count, 1))
    given.add(id)
    return id
  }
}
