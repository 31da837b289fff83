/** 16-bit floats as f32, exactly. */

/** The f32 bit pattern of an IEEE half. */
export function halfBits(half: number): number {
  const sign = (half & 0x8000) << 16
  let exponent = (half >>> 10) & 0x1f
  let fraction = half & 0x3ff
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13)
  if (exponent === 0) {
    if (fraction === 0) return sign
    exponent = 1
    while ((fraction & 0x400) === 0) {
      fraction <<= 1
      exponent--
    }
    fraction &= 0x3ff
  }
  return sign | ((exponent + 112) << 23) | (fraction << 13)
}

/** The values of F32, F16 or BF16 bytes, little-endian. F32 is a view on them. */
export function toFloat32(dtype: "F32" | "F16" | "BF16", bytes: Buffer<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if (dtype === "F32") return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const source = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  const bits = new Uint32Array(source.length)
  if (dtype === "BF16") for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16
  else for (let i = 0; i < source.length; i++) bits[i] = halfBits(source[i]!)
  return new Float32Array(bits.buffer)
}
