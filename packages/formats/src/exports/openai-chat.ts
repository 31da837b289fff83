/** OpenAI's chat format, one conversation a line, as fine-tuning takes it: messages, tools where the model was sent some, and texts that say where it is from. */
import { joinTurns } from "@swirl-ts/core"
import { chatMessages } from "./chat-messages.ts"
import { samplingNotHeld } from "./fields.ts"
import { rowsFormat } from "./rows-format.ts"
import { openaiTools } from "./step-rows.ts"

export const openaiChat = rowsFormat({
  name: "openai-chat",
  description: "OpenAI's chat format: a conversation a line, { messages, tools?, metadata }",
  strategy: "none",
  notHeld: [
    ...samplingNotHeld,
    "steps.malformed",
    "steps.finishReason",
    "steps.observation.isError",
    "steps.observation.nothingFound",
    "verdict",
    "usage",
    "error",
  ],
  rows({ trajectory, messages, requestTools, license }, leftOut) {
    if (trajectory.steps.length === 0) {
      leftOut.leaveOut("trajectories without a step")
      return []
    }
    const { id, benchmark, split, taskId, epoch, policy, actionFormat, status } = trajectory
    return [
      {
        messages: chatMessages(joinTurns(messages)),
        ...(requestTools.length > 0 ? { tools: openaiTools(requestTools) } : {}),
        metadata: {
          trajectory_id: id,
          benchmark,
          split,
          task_id: taskId,
          epoch: String(epoch),
          policy,
          action_format: actionFormat,
          status,
          // What stands before the first step: worked examples have turns of the model, too.
          prompt_messages: String(chatMessages(joinTurns(trajectory.prompt)).length),
          ...(license === undefined ? {} : { license }),
        },
      },
    ]
  },
})
