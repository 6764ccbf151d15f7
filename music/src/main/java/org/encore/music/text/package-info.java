/**
 * The attributes that captions mention, and their wordings.
 *
 * <p>Read first: {@link org.encore.music.text.Attributes}, then {@link org.encore.music.text.CaptionWriter}.
 *
 * <p>Invariants: an absent attribute is one the caption does not mention; wordings marked held out never occur in a
 * training caption, yet every word of theirs does, for the same value.
 *
 * <p>To change how a value is worded, edit {@code phrases.txt} beside this package's classes; to add a value, add the
 * enum constant and its lines there, a groove for it in {@code org.encore.music.etudes} and a rule in
 * {@code org.encore.music.analysis}.
 */
package org.encore.music.text;
