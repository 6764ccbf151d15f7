/**
 * Where the clips of a listening test come from, and what the page is given of them.
 *
 * <p>Read first: {@link org.encore.preferences.listening.clips.ClipSource}, then
 * {@link org.encore.preferences.listening.clips.TakeFolder.Take} and {@link org.encore.preferences.listening.clips.Recordings.Recording}.
 *
 * <p>Legend: a system is what is compared, e.g. a checkpoint; a take is one file of a system; takes of the same key in
 * two systems were made for the same prompt and are compared.
 *
 * <p>Invariants: a listener gets samples and their outline, never a file as it lies on the disk, so that no name, tag or
 * encoding in it can tell who made it.
 *
 * <p>To change where clips come from, permit another {@link org.encore.preferences.listening.clips.ClipSource}; to change
 * what a listener is sent, see {@link org.encore.preferences.listening.clips.Recordings.Recording}.
 */
package org.encore.preferences.listening.clips;
