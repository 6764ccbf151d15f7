package org.encore.app.config;

/**
 * Where a value was written.
 *
 * @param source a file, or the {@code --set} argument
 * @param line counted from 1; 0 where the source has no lines
 */
record Location(String source, int line) {
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
