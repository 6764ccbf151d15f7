/**
 * Writes files atomically and reports files that cannot be read.
 *
 * <p>Read first: {@link org.encore.base.files.AtomicFiles}, then {@link org.encore.base.files.InvalidFileException}.
 *
 * <p>Invariants: a reader sees the old content or the new, even if the writer fails; a file with bad content is
 * reported by one line that starts with its name.
 *
 * <p>To change what a user sees for a bad file, change the message where the reader throws; the command line prints it
 * as it is.
 */
package org.encore.base.files;
