/** One tensor of a checkpoint, under its Hugging Face name. */
export interface Weight {
  name: string
  /** The file it is from, for errors. */
  file: string
  shape: readonly number[]
  /** Owned by whoever is given it. */
  data: Float32Array<ArrayBuffer>
}
