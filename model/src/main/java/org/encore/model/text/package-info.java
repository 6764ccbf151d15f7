/**
 * Converts prompts to token ids with the {@code tokenizer.json} or the {@code spiece.model} of a model.
 *
 * <p>Read first: {@link org.encore.model.text.TextTokenizer}. Axes: B prompts, S tokens.
 *
 * <p>Invariants: 0 pads, 1 ends a text, 2 is an unknown word, as in T5; padding carries validity 0.
 *
 * <p>To change the vocabulary of a model trained from scratch, change {@link org.encore.model.text.WordTokenizer}.
 */
package org.encore.model.text;
