/**
 * What is used of a Tokenizer of @huggingface/tokenizers, which reads a tokenizer.json as the hub's own tokenizers do. The package's
 * declarations do not resolve by Node's rules (0.2.0).
 */
export interface HubTokenizer {
  readonly normalizer: { normalize(text: string): string } | null;
  encode(
    text: string,
    options: { text_pair?: string; add_special_tokens?: boolean; return_token_type_ids?: boolean },
  ): { readonly ids: number[]; readonly token_type_ids?: number[] };
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_added_tokens_decoder(): ReadonlyMap<number, { readonly content: string }>;
}

/**
 * @param tokenizer the content of a tokenizer.json
 * @param config that of a tokenizer_config.json
 * @throws Error for what it does not know
 */
export async function openHubTokenizer(tokenizer: object, config: object): Promise<HubTokenizer> {
  // Loaded with the first text model: a server of other models starts without it.
  const { Tokenizer } = (await import('@huggingface/tokenizers')) as unknown as {
    readonly Tokenizer: new (tokenizer: object, config: object) => HubTokenizer;
  };
  return new Tokenizer(tokenizer, config);
}
