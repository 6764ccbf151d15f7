/**
 * Reads YAML into the records that the components take as their settings, and writes them back.
 *
 * <p>Read first: {@link org.encore.app.config.ConfigReader}, then {@link org.encore.app.config.ResolvedConfig}.
 *
 * <p>How a file becomes a record: {@code YamlTree} parses text into a {@code Node} tree that remembers lines; {@code
 * Layers} merges the file into the one it extends, and {@code --set} values into both; {@code RecordBinder} turns the tree
 * into records. A record's compact constructor holds the rules for its values; its message is printed with the file,
 * the line and the full key in front.
 *
 * <p>Invariants: every key is known, every value has its type, nothing is guessed; an error names source, line and key.
 * Reading what {@link org.encore.app.config.ResolvedConfig#yaml} wrote gives an equal record.
 *
 * <p>{@code ConfigKeys} lists all keys: names and defaults from the records, ranges from {@code KeyRange}, meanings
 * from {@code meanings.properties}, which a test keeps equal to the Javadoc of the records.
 *
 * <p>To add a key, change a record: add a component, and a value for it in its {@code defaults()}.
 * To add a variant of a sealed interface, add a permitted record; its name in YAML is its simple name in kebab-case.
 */
package org.encore.app.config;
