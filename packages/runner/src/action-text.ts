/** Texts that both formats share. */

/**
 * What a turn that cannot be read is answered with: lower-case words between spaces, so that a word-level tokenizer
 * knows all of it. Why it could not be read is in the record (`step.malformed`), not in the conversation.
 */
export const MALFORMED_REPLY = "error : bad call ."

export const answerTag = "answer"

/** A cut-off turn is bad whatever stands in it: nobody knows how it would have gone on. */
export const cutOff = "the turn was cut off at its token limit"
