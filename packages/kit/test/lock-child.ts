/** Tries to lock a folder, says how it went, and holds on until it is killed or its input ends. Argument: folder. */
import { errorMessage } from "@swirl-ts/core"
import { acquireLock } from "@swirl-ts/kit"

try {
  await acquireLock(process.argv[2]!)
  console.log("got it")
} catch (error) {
  console.log(errorMessage(error))
}
process.stdin.resume()
process.stdin.on("end", () => process.exit(0))
