import { SwirlError } from "@swirl-ts/core"
import { peersDirectory } from "@swirl-ts/kit"
import { installNativeBackend } from "@swirl-ts/transformer"
import { type Command, Option } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"

export function registerBackend(program: Command): void {
  withCommonOptions(
    program
      .command("backend")
      .description(
        "install native TensorFlow for local models and training (needs python3 with pip, make and a C++ compiler)",
      )
      .argument("<action>", "install")
      .addOption(new Option("--cuda", "the GPU build")),
  ).action(async (action: string, options: CommonOptions & { cuda?: boolean }) => {
    if (action !== "install")
      throw new SwirlError(`There is no action "${action}". Use: swirl backend install`, { kind: "usage" })
    const { host, output } = await openApp(options)
    const directory = peersDirectory(host)
    await installNativeBackend({ directory, cuda: options.cuda ?? false, log: output.say })
    output.result(
      { directory, cuda: options.cuda ?? false },
      `Native TensorFlow is ready in ${directory}; local models use it from now on.`,
    )
  })
}
