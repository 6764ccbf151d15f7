/**
 * Sources of the clips of a listening test, and the recordings that the page receives.
 *
 * <p>Read first: {@link org.encore.preferences.listening.clips.ClipSource}, then {@link
 * org.encore.preferences.listening.clips.TakeFolder.Take} and {@link
 * org.encore.preferences.listening.clips.Recordings.Recording}.
 *
 * <p>Legend: a system is one of the compared sources, e.g. a checkpoint; a take is one file of a system; takes with the
 * same key in two systems have the same prompt and are compared.
 *
 * <p>Invariants: a listener receives samples and their outline, never the original file, so that no name, tag or
 * encoding can reveal the system.
 *
 * <p>To add a source, permit another {@link org.encore.preferences.listening.clips.ClipSource}; to change what a
 * listener receives, see {@link org.encore.preferences.listening.clips.Recordings.Recording}.
 */
package org.encore.preferences.listening.clips;
