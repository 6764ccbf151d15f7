package org.encore.app.config;

import org.encore.app.config.YamlTree.Node.Location;

/** An error of a configuration: one line with the place, the problem and what is allowed. */
public final class ConfigException extends IllegalArgumentException {
    ConfigException(Location at, String problem) {
        super(at + ": " + problem);
    }

    ConfigException(Location at, String problem, Throwable cause) {
        super(at + ": " + problem, cause);
    }
}
