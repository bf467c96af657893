/** The cosine similarity of two embeddings: 1 if they point the same way, 0 if they have nothing in common. */
export function cosine(one: readonly number[], other: readonly number[]): number {
  let [product, ofOne, ofOther] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    product += value * other[at]!;
    ofOne += value * value;
    ofOther += other[at]! * other[at]!;
  }
  const lengths = Math.sqrt(ofOne * ofOther);
  return lengths === 0 ? 0 : product / lengths;
}
