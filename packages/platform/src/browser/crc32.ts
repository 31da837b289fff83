/** CRC-32 as gzip and PNG have it (polynomial 0xEDB88320), over one or more pieces. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

export const crc32 = (content: string | Uint8Array, before = 0): number => {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
  let value = ~before
  for (const byte of bytes) value = table[(value ^ byte) & 0xff]! ^ (value >>> 8)
  return ~value >>> 0
}
