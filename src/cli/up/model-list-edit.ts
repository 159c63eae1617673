import { isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import { CANNED_PROVIDER } from "../../http/catalog-store.ts";
import { keepNumbers } from "../../policy/keep-numbers.ts";
import { isUsable, readModelList } from "./model-list.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives every entry of `model_list` the canned provider in place of its own; the rest of the text stays. */
export function toCannedModels(gatewayText: string): string {
  return editModelList(gatewayText, (entries, document) => {
    for (const entry of entries) {
      const deployment = String(entry.getIn(["litellm_params", "model"]));
      entry.set("litellm_params", document.createNode({ model: `${CANNED_PROVIDER}/${deployment}` }));
    }
    return entries;
  });
}

/** Leaves out the entries of `model_list` that lack a key; the rest of the text stays. */
export function toUsableModels(gatewayText: string, env: Environment): string {
  const usable = readModelList(gatewayText).map((entry) => isUsable(entry, env));
  return editModelList(gatewayText, (entries) => entries.filter((_, index) => usable[index]));
}

type Edit = (entries: YAMLMap[], document: ReturnType<typeof parseDocument>) => YAMLMap[];

function editModelList(gatewayText: string, edit: Edit): string {
  const document = parseDocument(gatewayText, { customTags: keepNumbers });
  const list = document.get("model_list");
  if (isSeq(list)) list.items = edit(list.items.filter(isMap), document);
  return String(document);
}
