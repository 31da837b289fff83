/** Files that people have beside a data set and that are no text: told by their first bytes, with what makes a readable one. */
import { BrokenFile } from "@swirl-ts/kit"

/** First bytes, one character a byte; what such a file is; how to make one that is read. */
const formats: readonly [head: string, name: string, advice: string][] = [
  ["\x1f\x8b", "compressed by gzip", "Unpack it: gunzip FILE"],
  ["\x28\xb5\x2f\xfd", "compressed by Zstandard", "Unpack it: zstd -d FILE"],
  ["BZh", "compressed by bzip2", "Unpack it: bunzip2 FILE"],
  ["\xfd7zXZ", "compressed by xz", "Unpack it: unxz FILE"],
  ["PK\x03\x04", "a ZIP archive", "Unpack it: unzip FILE"],
  [
    "ARROW1",
    "an Arrow (Feather) file",
    "Write it as Parquet or JSON lines, e.g. by pandas: pd.read_feather(a).to_parquet(b)",
  ],
  ["PARE", "an encrypted Parquet file", "Write it without encryption"],
  ["SQLite format 3", "an SQLite database", "Write its table as JSON lines"],
  ["version https://git-lfs", "a pointer of Git LFS, not the file itself", "Fetch the file: git lfs pull"],
]

/** Throws where a file begins as one of these. */
export function checkFormat(file: string, head: Buffer): void {
  const found = formats.find(([bytes]) => head.subarray(0, bytes.length).equals(Buffer.from(bytes, "latin1")))
  if (!found) return
  const [, name, advice] = found
  throw new BrokenFile(`${file} is ${name}, which is not read here. ${advice}, or give another file.`)
}
