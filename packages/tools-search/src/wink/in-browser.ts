/** The same where packages are put together beforehand. */
import model from "wink-eng-lite-web-model"
import winkNLP, { type WinkMethods } from "wink-nlp"

export const createWink = (): WinkMethods => winkNLP(model, [])
