/**
 * AssemblyScript (SIMD) kernels that work on the memory of TensorFlow.js' wasm backend. Compiled by build.mjs into src/kernel-bytes.ts.
 * All numbers are f32, all sizes are element counts, all pointers bytes. headSize is a multiple of 8, widths are multiples of 4.
 * Attention walks blocks of four query rows, so that a row of keys or values is loaded once for four queries.
 */

// @ts-nocheck
const NONE: f32 = -1e30

/** The host's Math.log: the library's own would bring a table, and there is no memory of ours to put it in. */
@external("env", "log")
declare function log(x: f64): f64

@inline
function exp4(value: v128): v128 {
  const x = f32x4.max(value, f32x4.splat(-87))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)))
  let f = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  f = f32x4.sub(f, f32x4.mul(n, f32x4.splat(-2.1219444e-4)))
  let p = f32x4.splat(1.98756915e-4)
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, f), f), f), f32x4.splat(1))
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return f32x4.mul(p, scale)
}

@inline
function sum4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
}

/** c[4 rows][n] = a[4 rows][k] · b[k][n]; rows of b are bRow bytes apart, those of c cRow. */
function product4(a0: usize, a1: usize, a2: usize, a3: usize, b: usize, bRow: usize, c: usize, cRow: usize, n: i32, k: i32): void {
  let j = 0
  for (; j + 8 <= n; j += 8) {
    let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00
    let p = b + (<usize>j << 2)
    for (let i = 0; i < k; i++) {
      const o = <usize>i << 2
      const b0 = v128.load(p), b1 = v128.load(p, 16)
      let x = v128.load32_splat(a0 + o)
      s00 = f32x4.add(s00, f32x4.mul(x, b0)); s01 = f32x4.add(s01, f32x4.mul(x, b1))
      x = v128.load32_splat(a1 + o)
      s10 = f32x4.add(s10, f32x4.mul(x, b0)); s11 = f32x4.add(s11, f32x4.mul(x, b1))
      x = v128.load32_splat(a2 + o)
      s20 = f32x4.add(s20, f32x4.mul(x, b0)); s21 = f32x4.add(s21, f32x4.mul(x, b1))
      x = v128.load32_splat(a3 + o)
      s30 = f32x4.add(s30, f32x4.mul(x, b0)); s31 = f32x4.add(s31, f32x4.mul(x, b1))
      p += bRow
    }
    let q = c + (<usize>j << 2)
    v128.store(q, s00); v128.store(q, s01, 16); q += cRow
    v128.store(q, s10); v128.store(q, s11, 16); q += cRow
    v128.store(q, s20); v128.store(q, s21, 16); q += cRow
    v128.store(q, s30); v128.store(q, s31, 16)
  }
  for (; j < n; j += 4) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0
    let p = b + (<usize>j << 2)
    for (let i = 0; i < k; i++) {
      const o = <usize>i << 2
      const b0 = v128.load(p)
      s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a0 + o), b0))
      s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a1 + o), b0))
      s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(a2 + o), b0))
      s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(a3 + o), b0))
      p += bRow
    }
    let q = c + (<usize>j << 2)
    v128.store(q, s0); q += cRow
    v128.store(q, s1); q += cRow
    v128.store(q, s2); q += cRow
    v128.store(q, s3)
  }
}

/** The same for two rows. */
function product2(a0: usize, a1: usize, b: usize, bRow: usize, c: usize, cRow: usize, n: i32, k: i32): void {
  let j = 0
  for (; j + 8 <= n; j += 8) {
    let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00
    let p = b + (<usize>j << 2)
    for (let i = 0; i < k; i++) {
      const o = <usize>i << 2
      const b0 = v128.load(p), b1 = v128.load(p, 16)
      let x = v128.load32_splat(a0 + o)
      s00 = f32x4.add(s00, f32x4.mul(x, b0)); s01 = f32x4.add(s01, f32x4.mul(x, b1))
      x = v128.load32_splat(a1 + o)
      s10 = f32x4.add(s10, f32x4.mul(x, b0)); s11 = f32x4.add(s11, f32x4.mul(x, b1))
      p += bRow
    }
    let q = c + (<usize>j << 2)
    v128.store(q, s00); v128.store(q, s01, 16); q += cRow
    v128.store(q, s10); v128.store(q, s11, 16)
  }
  for (; j < n; j += 4) {
    let s0 = f32x4.splat(0), s1 = s0
    let p = b + (<usize>j << 2)
    for (let i = 0; i < k; i++) {
      const o = <usize>i << 2
      const b0 = v128.load(p)
      s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a0 + o), b0))
      s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a1 + o), b0))
      p += bRow
    }
    const q = c + (<usize>j << 2)
    v128.store(q, s0)
    v128.store(q + cRow, s1)
  }
}

/** c[k][n] += a[4 rows][k]ᵀ · b[4 rows][n]: row j of c gets Σ over the four rows of a[row][j] · b[row]. */
function addOuter4(a: usize, aRow: usize, b0: usize, b1: usize, b2: usize, b3: usize, c: usize, cRow: usize, n: i32, k: i32): void {
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2
    const x0 = v128.load(b0 + o), x1 = v128.load(b1 + o), x2 = v128.load(b2 + o), x3 = v128.load(b3 + o)
    let p = a
    let q = c + o
    for (let j = 0; j < k; j++) {
      let s = f32x4.add(v128.load(q), f32x4.mul(v128.load32_splat(p), x0))
      s = f32x4.add(s, f32x4.mul(v128.load32_splat(p + aRow), x1))
      s = f32x4.add(s, f32x4.mul(v128.load32_splat(p + 2 * aRow), x2))
      s = f32x4.add(s, f32x4.mul(v128.load32_splat(p + 3 * aRow), x3))
      v128.store(q, s)
      p += 4
      q += cRow
    }
  }
}

/** out[size][columns] from rows that are `row` bytes apart; columns past `count` are zero. */
function flip(x: usize, row: usize, out: usize, count: i32, columns: i32, size: i32): void {
  for (let i = 0; i < size; i++) {
    let q = out + (<usize>(i * columns) << 2)
    let p = x + (<usize>i << 2)
    for (let j = 0; j < count; j++) {
      f32.store(q, f32.load(p))
      p += row
      q += 4
    }
    for (let j = count; j < columns; j++) {
      f32.store(q, 0)
      q += 4
    }
  }
}

/** Row `i` of scores, `padded` long: what it may not see becomes 0, the rest its softmax. Returns log of the sum of exp. */
function softmaxRow(s: usize, i: i32, ends: usize, padded: i32, scale: f32): f32 {
  let top = NONE
  for (let j = 0; j < padded; j++) {
    const p = s + (<usize>j << 2)
    const seen = j <= i && (ends == 0 || i32.load(ends + (<usize>j << 2)) > i)
    const x: f32 = seen ? f32.load(p) * scale : NONE
    f32.store(p, x)
    top = max(top, x)
  }
  const highest = f32x4.splat(top)
  let total = f32x4.splat(0)
  for (let j = 0; j < padded; j += 4) {
    const p = s + (<usize>j << 2)
    const x = v128.load(p)
    const e = v128.and(exp4(f32x4.sub(x, highest)), f32x4.gt(x, f32x4.splat(NONE)))
    v128.store(p, e)
    total = f32x4.add(total, e)
  }
  const sum = sum4(total)
  const inverse = f32x4.splat(1 / sum)
  for (let j = 0; j < padded; j += 4) {
    const p = s + (<usize>j << 2)
    v128.store(p, f32x4.mul(v128.load(p), inverse))
  }
  return top + <f32>log(sum)
}

@inline
function copyRow(from: usize, to: usize, size: i32): void {
  for (let i = 0; i < size; i += 4) v128.store(to + (<usize>i << 2), v128.load(from + (<usize>i << 2)))
}

@inline
function up4(n: i32): i32 {
  return (n + 3) & ~3
}

/** Causal attention of q [batch·length, heads·size] over k, v [batch·length, groups·size]; ends: see packing.ts, or 0. */
export function attend(q: usize, k: usize, v: usize, out: usize, sums: usize, ends: usize, scratch: usize, batch: i32, length: i32, heads: i32, groups: i32, size: i32): void {
  const qRow = <usize>(heads * size) << 2
  const kRow = <usize>(groups * size) << 2
  const columns = up4(length)
  const flipped = scratch
  const scores = flipped + (<usize>(size * columns) << 2)
  const sRow = <usize>columns << 2
  const mixed = scores + 4 * sRow
  const mRow = <usize>size << 2
  const scale = <f32>(1 / Math.sqrt(<f64>size))
  const share = heads / groups
  for (let b = 0; b < batch; b++) {
    const seen = ends == 0 ? <usize>0 : ends + (<usize>(b * length) << 2)
    for (let g = 0; g < groups; g++) {
      const at = <usize>(b * length) * kRow + (<usize>(g * size) << 2)
      flip(k + at, kRow, flipped, length, columns, size)
      for (let h = g * share; h < (g + 1) * share; h++) {
        const qh = q + <usize>(b * length) * qRow + (<usize>(h * size) << 2)
        const oh = out + <usize>(b * length) * qRow + (<usize>(h * size) << 2)
        const sumsAt = sums + (<usize>((b * heads + h) * length) << 2)
        for (let i = 0; i < length; i += 4) {
          const last = length - 1
          const n = min(i + 4, columns)
          product4(qh + <usize>i * qRow, qh + <usize>min(i + 1, last) * qRow, qh + <usize>min(i + 2, last) * qRow, qh + <usize>min(i + 3, last) * qRow, flipped, sRow, scores, sRow, n, size)
          const rows = min(4, length - i)
          for (let r = 0; r < rows; r++) f32.store(sumsAt + (<usize>(i + r) << 2), softmaxRow(scores + <usize>r * sRow, i + r, seen, n, scale))
          product4(scores, scores + sRow, scores + 2 * sRow, scores + 3 * sRow, v + at, kRow, mixed, mRow, size, min(n, length))
          for (let r = 0; r < rows; r++) copyRow(mixed + <usize>r * mRow, oh + <usize>(i + r) * qRow, size)
        }
      }
    }
  }
}

/** The gradient of `attend`: fills dq, adds into dk and dv (zeroed by the caller). Probabilities are computed again from `sums`. */
export function attendGradient(q: usize, k: usize, v: usize, out: usize, sums: usize, dOut: usize, dq: usize, dk: usize, dv: usize, ends: usize, scratch: usize, batch: i32, length: i32, heads: i32, groups: i32, size: i32): void {
  const qRow = <usize>(heads * size) << 2
  const kRow = <usize>(groups * size) << 2
  const columns = up4(length)
  const sRow = <usize>columns << 2
  const mRow = <usize>size << 2
  const flippedK = scratch
  const flippedV = flippedK + (<usize>(size * columns) << 2)
  const p4 = flippedV + (<usize>(size * columns) << 2)
  const d4 = p4 + 4 * sRow
  const mixed = d4 + 4 * sRow
  const scale = <f32>(1 / Math.sqrt(<f64>size))
  const share = heads / groups
  const last = length - 1
  for (let b = 0; b < batch; b++) {
    const seen = ends == 0 ? <usize>0 : ends + (<usize>(b * length) << 2)
    for (let g = 0; g < groups; g++) {
      const at = <usize>(b * length) * kRow + (<usize>(g * size) << 2)
      flip(k + at, kRow, flippedK, length, columns, size)
      flip(v + at, kRow, flippedV, length, columns, size)
      for (let h = g * share; h < (g + 1) * share; h++) {
        const head = <usize>(b * length) * qRow + (<usize>(h * size) << 2)
        const sumsAt = sums + (<usize>((b * heads + h) * length) << 2)
        for (let i = 0; i < length; i += 4) {
          const n = min(i + 4, columns)
          const o0 = head + <usize>i * qRow
          const o1 = head + <usize>min(i + 1, last) * qRow
          const o2 = head + <usize>min(i + 2, last) * qRow
          const o3 = head + <usize>min(i + 3, last) * qRow
          product4(q + o0, q + o1, q + o2, q + o3, flippedK, sRow, p4, sRow, n, size)
          product4(dOut + o0, dOut + o1, dOut + o2, dOut + o3, flippedV, sRow, d4, sRow, n, size)
          for (let r = 0; r < 4; r++) {
            const row = i + r
            const p = p4 + <usize>r * sRow
            const d = d4 + <usize>r * sRow
            if (row > last) {
              for (let j = 0; j < n; j++) {
                f32.store(p + (<usize>j << 2), 0)
                f32.store(d + (<usize>j << 2), 0)
              }
              continue
            }
            const from = head + <usize>row * qRow
            let dot = f32x4.splat(0)
            for (let c = 0; c < size; c += 4) dot = f32x4.add(dot, f32x4.mul(v128.load(dOut + from + (<usize>c << 2)), v128.load(out + from + (<usize>c << 2))))
            const along = f32x4.splat(sum4(dot))
            for (let j = 0; j < n; j++) {
              const visible = j <= row && (seen == 0 || i32.load(seen + (<usize>j << 2)) > row)
              if (!visible) f32.store(p + (<usize>j << 2), NONE)
            }
            const norm = f32x4.splat(f32.load(sumsAt + (<usize>row << 2)))
            for (let j = 0; j < n; j += 4) {
              const o = <usize>j << 2
              const s = v128.load(p + o)
              const e = v128.and(exp4(f32x4.sub(f32x4.mul(s, f32x4.splat(scale)), norm)), f32x4.gt(s, f32x4.splat(NONE)))
              v128.store(p + o, e)
              v128.store(d + o, f32x4.mul(f32x4.mul(e, f32x4.sub(v128.load(d + o), along)), f32x4.splat(scale)))
            }
          }
          const rows = min(4, length - i)
          const m = min(n, length)
          product4(d4, d4 + sRow, d4 + 2 * sRow, d4 + 3 * sRow, k + at, kRow, mixed, mRow, size, m)
          for (let r = 0; r < rows; r++) copyRow(mixed + <usize>r * mRow, dq + head + <usize>(i + r) * qRow, size)
          addOuter4(d4, sRow, q + o0, q + o1, q + o2, q + o3, dk + at, kRow, size, m)
          addOuter4(p4, sRow, dOut + o0, dOut + o1, dOut + o2, dOut + o3, dv + at, kRow, size, m)
        }
      }
    }
  }
}

/**
 * Writes counts[row] new keys and values behind the lengths[row] cached ones, in place, and attends to all of them.
 * keys [rows, groups, size, capacity], values [rows, groups, capacity, size]; q, k, v [rows·width, heads or groups · size].
 */
export function attendCached(q: usize, k: usize, v: usize, keys: usize, values: usize, lengths: usize, counts: usize, out: usize, scratch: usize, rows: i32, width: i32, heads: i32, groups: i32, size: i32, capacity: i32): void {
  const qRow = <usize>(heads * size) << 2
  const kRow = <usize>(groups * size) << 2
  const sRow = <usize>capacity << 2
  const mRow = <usize>size << 2
  const scores = scratch
  const mixed = scores + 4 * sRow
  const scale = <f32>(1 / Math.sqrt(<f64>size))
  const share = heads / groups
  for (let row = 0; row < rows; row++) {
    const old = i32.load(lengths + (<usize>row << 2))
    const count = i32.load(counts + (<usize>row << 2))
    for (let g = 0; g < groups; g++) {
      const kc = keys + (<usize>((row * groups + g) * size) * sRow)
      const vc = values + (<usize>((row * groups + g) * capacity) * mRow)
      for (let c = 0; c < count; c++) {
        const from = <usize>(row * width + c) * kRow + (<usize>(g * size) << 2)
        for (let i = 0; i < size; i++) f32.store(kc + <usize>i * sRow + (<usize>(old + c) << 2), f32.load(k + from + (<usize>i << 2)))
        copyRow(v + from, vc + <usize>(old + c) * mRow, size)
      }
      const queries = count * share
      for (let u = 0; u < queries; u += 4) {
        const block = min(4, queries - u)
        const u1 = min(u + 1, queries - 1), u2 = min(u + 2, queries - 1), u3 = min(u + 3, queries - 1)
        const o0 = <usize>(row * width + u / share) * qRow + (<usize>((g * share + u % share) * size) << 2)
        const o1 = <usize>(row * width + u1 / share) * qRow + (<usize>((g * share + u1 % share) * size) << 2)
        const o2 = <usize>(row * width + u2 / share) * qRow + (<usize>((g * share + u2 % share) * size) << 2)
        const o3 = <usize>(row * width + u3 / share) * qRow + (<usize>((g * share + u3 % share) * size) << 2)
        const seen = old + u3 / share + 1
        const n = up4(seen)
        if (block > 2) product4(q + o0, q + o1, q + o2, q + o3, kc, sRow, scores, sRow, n, size)
        else product2(q + o0, q + o1, kc, sRow, scores, sRow, n, size)
        for (let r = 0; r < block; r++) softmaxRow(scores + <usize>r * sRow, old + (u + r) / share, 0, n, scale)
        if (block > 2) product4(scores, scores + sRow, scores + 2 * sRow, scores + 3 * sRow, vc, mRow, mixed, mRow, size, seen)
        else product2(scores, scores + sRow, vc, mRow, mixed, mRow, size, seen)
        copyRow(mixed, out + o0, size)
        if (block > 1) copyRow(mixed + mRow, out + o1, size)
        if (block > 2) copyRow(mixed + 2 * mRow, out + o2, size)
        if (block > 3) copyRow(mixed + 3 * mRow, out + o3, size)
      }
    }
  }
}

/** y = x · w / rms(x), a row at a time. */
export function rmsNorm(x: usize, w: usize, y: usize, rows: i32, width: i32, epsilon: f32): void {
  const step = <usize>width << 2
  for (let row = 0; row < rows; row++) {
    let squares = f32x4.splat(0)
    for (let o: usize = 0; o < step; o += 16) {
      const a = v128.load(x + o)
      squares = f32x4.add(squares, f32x4.mul(a, a))
    }
    const r = f32x4.splat(<f32>(1 / Math.sqrt(<f64>(sum4(squares) / <f32>width + epsilon))))
    for (let o: usize = 0; o < step; o += 16) v128.store(y + o, f32x4.mul(f32x4.mul(v128.load(x + o), r), v128.load(w + o)))
    x += step
    y += step
  }
}

/** Gradients of `rmsNorm`: fills dx, adds into dw. */
export function rmsNormGradient(x: usize, w: usize, dy: usize, dx: usize, dw: usize, rows: i32, width: i32, epsilon: f32): void {
  const step = <usize>width << 2
  for (let row = 0; row < rows; row++) {
    let squares = f32x4.splat(0), dots = squares
    for (let o: usize = 0; o < step; o += 16) {
      const a = v128.load(x + o)
      squares = f32x4.add(squares, f32x4.mul(a, a))
      dots = f32x4.add(dots, f32x4.mul(f32x4.mul(a, v128.load(dy + o)), v128.load(w + o)))
    }
    const scale = <f32>(1 / Math.sqrt(<f64>(sum4(squares) / <f32>width + epsilon)))
    const r = f32x4.splat(scale)
    const along = f32x4.splat((sum4(dots) * scale) / <f32>width)
    for (let o: usize = 0; o < step; o += 16) {
      const unit = f32x4.mul(v128.load(x + o), r)
      const d = v128.load(dy + o)
      v128.store(dx + o, f32x4.mul(f32x4.sub(f32x4.mul(d, v128.load(w + o)), f32x4.mul(unit, along)), r))
      v128.store(dw + o, f32x4.add(v128.load(dw + o), f32x4.mul(d, unit)))
    }
    x += step
    dy += step
    dx += step
  }
}

/** y = x · cos + sign · rotateHalf(x) · sin for [rows, heads · size]; cos and sin are [rows, size]. */
export function rotate(x: usize, cos: usize, sin: usize, y: usize, rows: i32, heads: i32, size: i32, sign: f32): void {
  const half = <usize>(size / 2) << 2
  const turn = f32x4.splat(sign)
  for (let row = 0; row < rows; row++) {
    for (let h = 0; h < heads; h++) {
      for (let o: usize = 0; o < half; o += 16) {
        const a = v128.load(x + o), b = v128.load(x + o + half)
        const c = v128.load(cos + o), s = f32x4.mul(v128.load(sin + o), turn)
        v128.store(y + o, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)))
        v128.store(y + o + half, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)))
      }
      x += 2 * half
      y += 2 * half
    }
    cos += 2 * half
    sin += 2 * half
  }
}

/** out = silu(gate) · up. */
export function gated(gate: usize, up: usize, out: usize, count: i32): void {
  const one = f32x4.splat(1)
  for (let i = 0; i < count; i += 4) {
    const o = <usize>i << 2
    const g = v128.load(gate + o)
    const silu = f32x4.div(g, f32x4.add(one, exp4(f32x4.neg(f32x4.max(g, f32x4.splat(-80))))))
    v128.store(out + o, f32x4.mul(silu, v128.load(up + o)))
  }
}

/** Gradients of `gated` for both inputs. */
export function gatedGradient(gate: usize, up: usize, d: usize, dGate: usize, dUp: usize, count: i32): void {
  const one = f32x4.splat(1)
  for (let i = 0; i < count; i += 4) {
    const o = <usize>i << 2
    const g = v128.load(gate + o), u = v128.load(up + o), dy = v128.load(d + o)
    const s = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(f32x4.max(g, f32x4.splat(-80))))))
    const silu = f32x4.mul(g, s)
    v128.store(dUp + o, f32x4.mul(dy, silu))
    v128.store(dGate + o, f32x4.mul(f32x4.mul(dy, u), f32x4.add(s, f32x4.mul(silu, f32x4.sub(one, s)))))
  }
}

/** out[columns][rows] = x[rows][columns]ᵀ. */
export function transpose(x: usize, out: usize, rows: i32, columns: i32): void {
  const xRow = <usize>columns << 2
  const oRow = <usize>rows << 2
  let i = 0
  for (; i + 4 <= rows; i += 4) {
    let j = 0
    for (; j + 4 <= columns; j += 4) {
      const p = x + <usize>i * xRow + (<usize>j << 2)
      const a = v128.load(p), b = v128.load(p + xRow), c = v128.load(p + 2 * xRow), d = v128.load(p + 3 * xRow)
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
      const q = out + <usize>j * oRow + (<usize>i << 2)
      v128.store(q, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5))
      v128.store(q + oRow, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7))
      v128.store(q + 2 * oRow, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5))
      v128.store(q + 3 * oRow, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7))
    }
    for (; j < columns; j++)
      for (let r = i; r < i + 4; r++) f32.store(out + <usize>j * oRow + (<usize>r << 2), f32.load(x + <usize>r * xRow + (<usize>j << 2)))
  }
  for (; i < rows; i++)
    for (let j = 0; j < columns; j++) f32.store(out + <usize>j * oRow + (<usize>i << 2), f32.load(x + <usize>i * xRow + (<usize>j << 2)))
}

/** Copies `count` numbers of each of `rows` rows, whose beginnings are xRow and outRow numbers apart. */
export function copyRows(x: usize, xRow: i32, out: usize, outRow: i32, rows: i32, count: i32): void {
  for (let r = 0; r < rows; r++) {
    memory.copy(out, x, <usize>count << 2)
    x += <usize>xRow << 2
    out += <usize>outRow << 2
  }
}
