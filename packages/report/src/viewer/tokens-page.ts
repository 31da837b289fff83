/** A page of tokens: texts of one policy's token ids, by columns of one length. An id that is not there is shown as a number. */
export interface TokensPage {
  policy: string
  ids: number[]
  texts: string[]
}
