package org.encore.app.config;

import org.encore.app.config.YamlTree.Node.Location;

/** Tells in one line what is wrong with a configuration, where, and what is allowed. */
public final class ConfigException extends IllegalArgumentException {
    ConfigException(Location at, String problem) {
        super(at + ": " + problem);
    }

    ConfigException(Location at, String problem, Throwable cause) {
        super(at + ": " + problem, cause);
    }
}
