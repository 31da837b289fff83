/** How the instruction turn tells of a call in a tag: one line a tool, with its fields where a name alone does not say them. */
import { fieldText, inputForm, type NamedTool, sampleToolObject, typeText } from "@swirl-ts/core"

export function callDescription(tool: NamedTool): string {
  return `To call ${tool.name}, write ${ways(tool)}. ${tool.description}`
}

function ways(tool: NamedTool): string {
  const { fields, argument, isText, takesJson, takesNothing, isOpen } = inputForm(tool)
  const { tag, inputSchema } = tool
  const tagged = (text: string): string => `<${tag.name}>${text}</${tag.name}>`
  if (argument !== undefined && isText && !takesJson) return tagged(argument)
  if (fields.length === 0)
    return isOpen ? `JSON of the type ${typeText(inputSchema, inputSchema)} in ${tagged("")}` : tagged("")
  const told = fields.map((field) => fieldText(field, inputSchema)).join(", ")
  if (argument !== undefined && fields.length === 1) return `${tagged(argument)} with ${told}`
  const json = `JSON such as ${tagged(JSON.stringify(sampleToolObject(tool)))}, with ${told}`
  if (argument !== undefined) return `${tagged(argument)}, or ${json}`
  return takesNothing ? `${tagged("")}, or ${json}` : json
}
