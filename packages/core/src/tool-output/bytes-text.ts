/** Bytes in words: what is printable UTF-8 is that text, anything else is named by kind and size. */

export type Bytes = Uint8Array | ArrayBuffer | DataView

export function isBytes(value: unknown): value is Bytes {
  return (
    value instanceof Uint8Array ||
    value instanceof DataView ||
    value instanceof ArrayBuffer ||
    (typeof SharedArrayBuffer === "function" && value instanceof SharedArrayBuffer)
  )
}

/** Few enough bytes to be shown as numbers. */
const fewBytes = 64

export function bytesText(bytes: Bytes, mediaType?: string): string {
  const whole = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(whole)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a text has none but blanks, line ends and a terminal's colours
    if (!/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return text
  } catch {
    // The web's default where it is not UTF-8.
    if (mediaType?.startsWith("text/")) return new TextDecoder("windows-1252").decode(whole)
  }
  const named = mediaNote(mediaType ?? "binary", whole.length)
  return whole.length > fewBytes ? named : `${named.slice(0, -1)}: ${whole.join(" ")}]`
}

/** `[image/png, 20 bytes]`. */
export function mediaNote(...facts: readonly (string | number | undefined)[]): string {
  const told = facts.filter((fact) => fact !== undefined && fact !== "")
  return `[${told.map((fact) => (typeof fact === "number" ? `${fact} bytes` : fact)).join(", ")}]`
}

/** Of base64 text. */
export const encodedBytes = (data: string): number => Math.floor((data.replace(/[\s=]+$/, "").length * 3) / 4)
