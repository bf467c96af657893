"""What OpenAI's own client makes of a server's embeddings, as JSON: see packaged-texts.spec.ts.

    python openai_embeddings.py URL MODEL TEXT...
"""

import json
import sys

import openai

url, model, *texts = sys.argv[1:]
client = openai.OpenAI(base_url=f"{url}/v1", api_key="none is asked for", max_retries=0)
answer = client.embeddings.create(model=model, input=texts)
try:
    client.embeddings.create(model="nobody", input="a")
    refused = None
except openai.NotFoundError as error:
    refused = error.code
print(json.dumps({"embeddings": [one.embedding for one in answer.data], "tokens": answer.usage.total_tokens, "refused": refused}))
